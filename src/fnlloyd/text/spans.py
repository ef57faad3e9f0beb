"""What is open in a text being written: *actions*, (asides), [brackets], <tags>, `code`. One character at a time."""

from __future__ import annotations

_OPENING = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】"}
_CLOSING = {closer: opener for opener, closer in _OPENING.items()}
_TOGGLES = "*_`"
_SMILEY_EYES = ":;=8-'’"
_DEEPEST = 16


class Spans:
    """`open` is True inside a span. A blank line closes all: a paragraph ends whatever began in it."""

    def __init__(self) -> None:
        self._brackets: list[str] = []
        self._toggled: dict[str, bool] = dict.fromkeys(_TOGGLES, False)
        self._tag = False
        self._run = ""  # a run of one toggle, not yet decided: that needs the character after it
        self._before_run = ""
        self._last = ""
        self._lines = 0

    @property
    def open(self) -> bool:
        return bool(self._brackets) or self._tag or any(self._toggled.values())

    def take(self, char: str) -> None:
        if self._run and char != self._run[-1]:
            self._decide_run(char)
        if char in _TOGGLES:
            self._grow_run(char)
        elif self._last == "<" and (char.isalpha() or char in "/|!｜"):
            self._tag = True
        elif char == ">":
            self._tag = False
        else:
            self._take_bracket(char)
        self._count_lines(char)
        self._last = char

    def _grow_run(self, char: str) -> None:
        if not self._run:
            self._before_run = self._last
        if len(self._run) < 4:
            self._run += char

    def _decide_run(self, after: str) -> None:
        mark, self._run = self._run[0], ""
        opens = not after.isspace() and not self._before_run.isalnum()
        closes = bool(self._before_run) and not self._before_run.isspace()
        if mark == "`":
            self._toggled[mark] = not self._toggled[mark]
        elif self._toggled[mark]:
            self._toggled[mark] = not closes
        else:
            self._toggled[mark] = opens

    def _take_bracket(self, char: str) -> None:
        if char in _OPENING:
            smiley = bool(self._last) and self._last in _SMILEY_EYES
            if not smiley and len(self._brackets) < _DEEPEST:
                self._brackets.append(char)
        elif char in _CLOSING and _CLOSING[char] in self._brackets:
            while self._brackets.pop() != _CLOSING[char]:
                pass

    def _count_lines(self, char: str) -> None:
        if char == "\n":
            self._lines += 1
        elif not char.isspace():
            self._lines = 0
        if self._lines >= 2 and not self._toggled["`"]:
            self._brackets.clear()
            self._toggled = dict.fromkeys(_TOGGLES, False)
            self._tag = False
