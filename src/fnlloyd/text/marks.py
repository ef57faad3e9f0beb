"""Take the marks of writing out of streamed text, for the eye: markdown, HTML, wrapping quotes. Pure.

Shown as it comes, so only what a few characters ahead can decide is removed: headings, bullets, bold, back-ticks,
links (their label stays), tags, entities, and the quotes of a text that begins with one. *Actions* keep their marks.
"""

from __future__ import annotations

import re

from fnlloyd.text.directions import begins_with_stage_verb, ends_phrase
from fnlloyd.text.notation import (
    EMPHASIS,
    EMPHASIS_START,
    EVERYWHERE,
    FENCE,
    FENCE_END,
    LINE_MARK,
    LONGEST_RUN,
    RULE,
    RUN,
    Notation,
)

_SPECIAL = re.compile(r"[*_`\[!<&\\\"“”„«»\n]")
_RUN_MARKS = "*_`"
_QUOTES = '"“”„«»'
_ACTION = re.compile(r"\*[^*\n]*\*?")
_LONGEST_HEAD = 200  # how far into a text its first word may be

_Step = tuple[int, str] | None  # characters read and what is shown of them; 0 read: wait for more; None: not this


class Marks:
    """What `feed` returns can be shown at once; joined, the results do not depend on the chopping."""

    def __init__(self) -> None:
        self._held = ""
        self._before = ""  # the last few characters passed, to judge what a mark follows
        self._head: str | None = ""  # what was shown before the first word; None once that is past
        self._quoted = False
        self._line_start = True
        self._in_code = False

    def feed(self, text: str) -> str:
        self._held += text
        return self._scan(final=False)

    def flush(self) -> str:
        return self._scan(final=True)

    def _scan(self, *, final: bool) -> str:
        text, at, out = self._held, 0, []
        while at < len(text):
            read, shown = self._step(text, at, final)
            if not read:
                break
            self._remember(text[at : at + read], shown)
            out.append(shown)
            at += read
        self._held = text[at:]
        return "".join(out)

    def _step(self, text: str, at: int, final: bool) -> tuple[int, str]:
        if self._line_start and (step := self._read_line_start(text, at, final)):
            return step
        if not self._in_code:
            if text[at] in _RUN_MARKS and (step := self._read_run(text, at, final)):
                return step
            for notation in EVERYWHERE:
                if step := _read(notation, text, at, final):
                    return step
            if text[at] in _QUOTES and self._begins_quoted():
                return 1, ""
        nearest = _SPECIAL.search(text, at + 1)
        end = nearest.start() if nearest and text[at] != "\n" else at + 1 if text[at] == "\n" else len(text)
        return end - at, text[at:end]

    def _read_line_start(self, text: str, at: int, final: bool) -> _Step:
        if step := _read(FENCE_END if self._in_code else FENCE, text, at, final):
            if step[0]:
                self._in_code = not self._in_code
            return step
        if self._in_code:
            return None
        return _read(RULE, text, at, final) or _read(LINE_MARK, text, at, final)

    def _read_run(self, text: str, at: int, final: bool) -> _Step:
        """Bold and code marks go; a single star stays, unless it marks one word for emphasis."""
        run = RUN.match(text, at)
        if run is None or (run.end() == len(text) and len(run[0]) < LONGEST_RUN and not final):
            return 0, ""
        mark, length = run[1], len(run[0])
        after = text[run.end() : run.end() + 1]
        if mark == "`":
            return length, ""
        if length == LONGEST_RUN:
            return length, ""
        if length == 1:
            return self._read_emphasis(text, at, final)
        loose = not after.strip() and not self._before[-1:].strip()
        inside_word = mark == "_" and after.isalnum() and self._before[-1:].isalnum()
        if loose or inside_word:
            return length, run[0]
        return length, mark if length == 3 else ""

    def _read_emphasis(self, text: str, at: int, final: bool) -> _Step:
        if ends_phrase(self._before) or self._before[-1:].isalnum():
            return None
        word = EMPHASIS.match(text, at)
        if word and (final or word.end() < len(text)):
            return None if begins_with_stage_verb(word[2]) else (len(word[0]), word[2])
        return (0, "") if not final and EMPHASIS_START.fullmatch(text, at) else None

    def _begins_quoted(self) -> bool:
        if self._head is not None and not _ACTION.sub("", self._head).strip():
            self._quoted = True
        return self._quoted

    def _remember(self, read: str, shown: str) -> None:
        self._line_start = read.endswith("\n") or (self._line_start and not shown and not self._quoted)
        self._before = (self._before + read)[-8:]
        if self._head is not None:
            self._head += shown
            begun = bool(_ACTION.sub("", self._head).strip())
            if begun or len(self._head) > _LONGEST_HEAD or self._quoted:
                self._head = None


def _read(notation: Notation, text: str, at: int, final: bool) -> _Step:
    whole = notation.whole.match(text, at)
    if whole and whole.end() > at and (final or notation.closed or whole.end() < len(text) or whole[0][-1] == "\n"):
        return whole.end() - at, notation.shown(whole)
    if not final and notation.start.fullmatch(text, at):
        return 0, ""
    return None
