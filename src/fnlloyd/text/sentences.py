"""Cut streamed text into what is spoken at once. Pure: no clock, no I/O.

Every decision is made on seeing the first visible character after a possible end, from what came before it:
so the cuts do not depend on how the text was chopped. Joined, the results are the text, to the last space.
"""

from __future__ import annotations

import unicodedata

from fnlloyd.text.abbreviations import is_abbreviation
from fnlloyd.text.spans import Spans

LEAST_LETTERS = 10  # a request to a voice for one word costs more than it saves
CLAUSES_FROM = 140  # characters after which any clause will do
WORDS_FROM = 200  # ... any word
ANYWHERE_FROM = 300  # ... even inside an unclosed span, even inside a word

_STOPS = ".!?…"
_WIDE_STOPS = "。！？｡"
_CLAUSES = ",;:–-—"
_WIDE_CLAUSES = "、，；："
_CLOSERS = "\"'”’»«)]}*_`」』）】〉》"
_LONGEST_WORD = 24  # of which the abbreviations need to know
_WIDE_LETTER = 3  # a Chinese or Japanese sign is about as long to say as three letters


class Sentences:
    """The first cut may come at a clause, the others at the ends of sentences and lines.

    None holds fewer than about ten letters (shorter ones join what follows), none is longer than about 300 characters.
    """

    def __init__(self) -> None:
        self._text: list[str] = []
        self._first = True
        self._begin()

    def feed(self, text: str) -> list[str]:
        out = []
        for char in text:
            if not char.isspace() and self._may_cut_before(char):
                out.append(self._cut())
            self._take(char)
        return out

    def flush(self) -> list[str]:
        return [self._cut()] if self._text else []

    def _begin(self) -> None:
        self._letters = 0
        self._spans = Spans()
        self._word = ""  # the one being written
        self._stop = ""  # the run of stops or the clause mark last seen, with nothing but closers and space since
        self._stopped_word = ""  # the one before it
        self._gap = False  # white space is the last thing seen
        self._line_end = False  # ... with a new line in it

    def _cut(self) -> str:
        sentence = "".join(self._text)
        self._text = []
        self._first = False
        self._begin()
        return sentence

    def _may_cut_before(self, char: str) -> bool:
        length = len(self._text)
        if length >= ANYWHERE_FROM:
            joined = _joins(self._text[-1], char) and length < 2 * ANYWHERE_FROM
            return not joined
        if self._spans.open or self._letters < LEAST_LETTERS:
            return False
        if self._line_end or self._sentence_ends(char):
            return True
        early = self._first or length >= CLAUSES_FROM
        return (early and self._clause_ends()) or (length >= WORDS_FROM and self._gap)

    def _sentence_ends(self, char: str) -> bool:
        if not self._stop or self._stop[-1] in _CLAUSES + _WIDE_CLAUSES:
            return False
        if self._stop[-1] in _WIDE_STOPS:
            return char not in _CLOSERS + _STOPS + _WIDE_STOPS
        if not self._gap or self._is_list_number():
            return False
        if self._stop == ".":
            return not is_abbreviation(self._stopped_word, char)
        if set(self._stop) <= set(".…"):
            return not char.islower()
        return True

    def _clause_ends(self) -> bool:
        if not self._stop:
            return False
        mark = self._stop[-1]
        if mark in _WIDE_CLAUSES + "—":
            return True
        trailing_off = self._stop in ("...", "…")
        hyphen_in_word = self._stop in ("-", "–") and self._stopped_word != ""
        return self._gap and (trailing_off or (mark in _CLAUSES and not hyphen_in_word))

    def _is_list_number(self) -> bool:
        return self._stopped_word.isdigit() and len(self._stopped_word) <= 2 and self._letters == 0

    def _take(self, char: str) -> None:
        self._text.append(char)
        self._spans.take(char)
        if char.isspace():
            self._take_space(char)
        elif char in _STOPS + _WIDE_STOPS + _CLAUSES + _WIDE_CLAUSES:
            self._take_stop(char)
        elif not (self._stop and not self._gap and char in _CLOSERS):
            self._take_word(char)

    def _take_space(self, char: str) -> None:
        self._line_end = self._line_end or char == "\n"
        self._gap = True
        self._word = ""

    def _take_stop(self, char: str) -> None:
        if self._gap or not self._stop:
            self._stop, self._stopped_word = char, self._word
        elif len(self._stop) < _LONGEST_WORD:
            self._stop += char
        self._word = (self._word + char)[:_LONGEST_WORD]
        self._gap = self._line_end = False

    def _take_word(self, char: str) -> None:
        self._word = (self._word + char)[:_LONGEST_WORD]
        self._stop = ""
        self._gap = self._line_end = False
        if not self._spans.open and char.isalnum():
            self._letters += _WIDE_LETTER if unicodedata.east_asian_width(char) in "WF" else 1


def _joins(before: str, char: str) -> bool:
    """Signs that lose their meaning apart: marks in a run, what is combined with the character before."""
    if before == char and not char.isalnum():
        return True
    return (
        before == "\u200d"
        or char in "\u200d\ufe0f"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or bool(unicodedata.combining(char))
    )
