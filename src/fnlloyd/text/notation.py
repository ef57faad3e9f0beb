"""The notations that text is written in: markdown, HTML. Data for Marks: how each begins, what of it is shown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notation:
    """`whole` matches it complete, `start` any beginning of it that more text could complete.

    `closed`: its last character ends it, so that the next one need not be awaited.
    """

    whole: re.Pattern[str]
    start: re.Pattern[str]
    shown: Callable[[re.Match[str]], str]
    closed: bool = False


def _nothing(found: re.Match[str]) -> str:
    return ""


def _label(found: re.Match[str]) -> str:
    return "" if found[0].startswith("!") else found[1]


def _tag(found: re.Match[str]) -> str:
    return "\n" if _BREAKING_TAG.match(found[0]) else ""


def _entity(found: re.Match[str]) -> str:
    return html.unescape(found[0])


def _escaped(found: re.Match[str]) -> str:
    return found[0][1]


_BREAKING_TAG = re.compile(r"<(?:br|/?p|/?div|li|tr|/?h[1-6])\b", re.IGNORECASE)

_TARGET = r"[^()\n]{0,200}(?:\([^()\n]{0,60}\)[^()\n]{0,60}){0,2}"  # an address may hold brackets itself

FENCE = Notation(
    re.compile(r"[ \t]{0,8}(?:`{3,12}|~{3,12})[^`\n]{0,40}(?:\n|$)"),
    re.compile(r"[ \t]{0,8}(?:`{1,2}|~{1,2}|(?:`{3,12}|~{3,12})[^`\n]{0,40})?"),
    _nothing,
)
FENCE_END = Notation(
    re.compile(r"[ \t]{0,8}(?:`{3,12}|~{3,12})(?:[ \t]{0,8}\n|[ \t]{0,8}$|(?![`~]))"),
    re.compile(r"[ \t]{0,8}(?:`{1,12}|~{1,12})?[ \t]{0,8}"),
    _nothing,
)
RULE = Notation(
    re.compile(r"[ \t]{0,8}(?:(?:-[ \t]?){3,80}|(?:\*[ \t]?){3,80}|(?:_[ \t]?){3,80}|={3,80})[ \t]{0,8}(?:\n|$)"),
    re.compile(r"[ \t]{0,8}(?:(?:-[ \t]?){0,80}|(?:\*[ \t]?){0,80}|(?:_[ \t]?){0,80}|={0,80})[ \t]{0,8}"),
    _nothing,
)
LINE_MARK = Notation(
    re.compile(r"[ \t]{0,8}(?:#{1,6}[ \t]{1,8}|>[ \t]?|[-*+][ \t]{1,8})(?=\S)"),
    re.compile(r"[ \t]{0,8}(?:#{1,6}[ \t]{0,8}|>[ \t]?|[-*+][ \t]{0,8})?"),
    _nothing,
)
LINK = Notation(
    re.compile(rf"!?\[([^\[\]\n]{{0,120}})\]\({_TARGET}\)"),
    re.compile(rf"!|!?\[[^\[\]\n]{{0,120}}(?:\](?:\({_TARGET}(?:\([^()\n]{{0,60}})?)?)?"),
    _label,
    closed=True,
)
TAG = Notation(
    re.compile(r"</?[a-zA-Z][^<>\n]{0,120}>|<!--[^<>]{0,120}-->"),
    re.compile(r"</?(?:[a-zA-Z][^<>\n]{0,120})?|<!(?:-(?:-[^<>]{0,122})?)?"),
    _tag,
    closed=True,
)
ENTITY = Notation(
    re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});"),
    re.compile(r"&(?:#(?:\d{0,7}|[xX][0-9a-fA-F]{0,6})|[a-zA-Z]{0,8}\d{0,2})?"),
    _entity,
    closed=True,
)
ESCAPED = Notation(
    re.compile(r"\\[\\`*_{}\[\]()#+\-.!~>|]"),
    re.compile(r"\\"),
    _escaped,
    closed=True,
)
EVERYWHERE = (LINK, TAG, ENTITY, ESCAPED)

EMPHASIS = re.compile(r"([*_])([^\W_]{1,20})\1(?![*_\w])")
EMPHASIS_START = re.compile(r"([*_])[^\W_]{0,20}\1?")
RUN = re.compile(r"([*_`])\1{0,11}")
LONGEST_RUN = 12
