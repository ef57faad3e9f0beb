"""Make foreign words safe to stand in a prompt: they are what was said, never instructions or markers. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from itertools import islice
from typing import Any

MAX_SAID_CHARACTERS = 1000
MAX_VALUE_CHARACTERS = 80
MAX_NAME_CHARACTERS = 64
MAX_FIELDS = 12

_CONTROL = ("Cc", "Cf", "Co", "Cs", "Cn")
_OPENING = re.compile(r"<(?=[^\s\d=])")
_ROLE = re.compile(r"^\W*(system|assistant|user|developer|tool)\s*:\s*", re.IGNORECASE)
_BRACKETS = str.maketrans({"[": "(", "]": ")", "`": "'"})
_FENCE = re.compile(r"([#=\-*_'])\1{2,}")


def tame(words: str, limit: int = MAX_SAID_CHARACTERS) -> str:
    """One plain line, at most `limit` characters, with nothing a chat template or our own brackets would read.

    Every `<` that could open a control token (`<|im_start|>`, `</s>`) and every square bracket becomes a round one,
    invisible characters go, line ends become spaces, a leading role mark (`system:`) goes.
    """
    # NFKC first: it is what turns full-width look-alikes into the very characters looked for below.
    plain = unicodedata.normalize("NFKC", words[: 4 * limit])
    seen = plain if plain.isprintable() else _without_invisible(plain)
    seen = _OPENING.sub("(", seen.translate(_BRACKETS))
    seen = _FENCE.sub(r"\1", " ".join(seen.split()))
    while (role := _ROLE.match(seen)) is not None:
        seen = seen[role.end() :]
    return seen if len(seen) <= limit else seen[: limit - 3].rstrip() + "..."


def tame_fields(fields: Mapping[str, Any]) -> str:
    """Fields as `name: value, name: value`, the first few, each short; empty where there are none."""
    told = (f"{tame(str(name), MAX_NAME_CHARACTERS)}: {_value(value)}" for name, value in fields.items())
    return ", ".join(islice(told, MAX_FIELDS))


def _value(value: object) -> str:
    if isinstance(value, str):
        return tame(value, MAX_VALUE_CHARACTERS)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1e6 else f"{value:.6g}"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 256 else "very many"
    return tame(_json(value), MAX_VALUE_CHARACTERS)


def _json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    except (TypeError, ValueError, RecursionError):
        return str(type(value).__name__)


def _without_invisible(text: str) -> str:
    return "".join(
        " " if sign.isspace() else sign for sign in text if sign.isspace() or unicodedata.category(sign) not in _CONTROL
    )
