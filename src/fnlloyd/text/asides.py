"""Take out what is written beside the speech: (asides), [brackets], {macros}, *stage directions*; unwrap emphasis."""

from __future__ import annotations

import re

from fnlloyd.text.directions import begins_with_stage_verb, is_direction

_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "［": "］", "〔": "〕", "〈": "〉"}
_CLOSERS = {closer: opener for opener, closer in _BRACKETS.items()}
_SMILEY_EYES = re.compile(r"[:;=][-'’^o]?$")
_RUN = re.compile(r"(\*|_|~)\1*")
_NEARBY = 40  # as much of the surroundings as a decision needs


def without_brackets(text: str) -> str:
    """Drop bracketed text, nested too; one that never closes takes the rest of its line with it.

    A frowning smiley opens nothing.
    """
    out: list[str] = []
    open_brackets: list[str] = []
    count = dict.fromkeys(_BRACKETS, 0)
    for at, char in enumerate(text):
        closes = _CLOSERS.get(char, "")
        if char == "\n":
            open_brackets.clear()
            count = dict.fromkeys(_BRACKETS, 0)
        if char in _BRACKETS and not _is_smiley(text, at):
            open_brackets.append(char)
            count[char] += 1
        elif closes and count[closes]:
            while (last := open_brackets.pop()) != closes:
                count[last] -= 1
            count[closes] -= 1
            out.append("" if open_brackets else " ")
        elif not open_brackets:
            out.append(char)
    return "".join(out)


def _is_smiley(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    return not after.isalnum() and bool(_SMILEY_EYES.search(text[max(0, at - 2) : at]))


def without_directions(text: str) -> str:
    """Drop *stage directions* with their marks, and of emphasis, bold and the like the marks alone.

    What is ~~struck out~~ was meant to be seen only. Marks that belong to no span are dropped too.
    """
    dropped: list[tuple[int, int, str]] = []
    opened: dict[str, re.Match[str]] = {}
    for run in _RUN.finditer(text):
        mark = run[1]
        before, after = text[: run.start()][-1:], text[run.end() : run.end() + 1]
        if mark in opened and before.strip():
            dropped += _resolve(text, opened.pop(mark), run)
        elif after.strip() and not before.isalnum() and mark not in opened:
            opened[mark] = run
        elif mark in opened and after.strip() and not before.strip():
            dropped.append(_resolve_unclosed(text, opened[mark]))
            opened[mark] = run
        else:
            dropped.append((*run.span(), " " if mark == "_" else ""))
    for run in opened.values():
        dropped.append(_resolve_unclosed(text, run))
    return _without(text, dropped)


def _resolve(text: str, opening: re.Match[str], closing: re.Match[str]) -> list[tuple[int, int, str]]:
    span = text[opening.end() : closing.start()]
    if opening[1] == "~":
        gone = len(opening[0]) >= 2
    elif len(opening[0]) == 2:
        gone = begins_with_stage_verb(span)
    else:
        before = text[max(0, opening.start() - _NEARBY) : opening.start()]
        gone = is_direction(span, before, text[closing.end() : closing.end() + _NEARBY])
    if gone:
        return [(opening.start(), closing.end(), " ")]
    return [(*opening.span(), ""), (*closing.span(), "")]


def _resolve_unclosed(text: str, run: re.Match[str]) -> tuple[int, int, str]:
    """A direction broken off takes the rest of its line; any other mark goes alone."""
    line_end = text.find("\n", run.end())
    line_end = len(text) if line_end < 0 else line_end
    if run[1] != "~" and begins_with_stage_verb(text[run.end() : line_end]):
        return run.start(), line_end, " "
    return run.start(), run.end(), ""


def _without(text: str, dropped: list[tuple[int, int, str]]) -> str:
    out, at = [], 0
    for start, end, instead in sorted(dropped):
        if start >= at:
            out += [text[at:start], instead]
        at = max(at, end)
    return "".join(out) + text[at:]
