"""The last look before the voice: stop a sentence that no player should hear from this character. Pure.

What is looked for is data: `guard.toml`, and the card's `[guard]`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from fnlloyd.character.card import Card
from fnlloyd.character.folded import folded_words, single_words, spelled_out
from fnlloyd.character.phrases import Phrases, fold_phrase

LEAKED_WORDS = 8
"""This many words of the persona in a row are a leak, not a chance."""

WATCHED_WORDS = 24
"""More than the longest phrase and the shortest leak."""
LONGEST_WORD = 64

_Grams = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is fourth_wall, insult, unsafe, forbidden or leak; None when the sentence may be spoken."""

    ok: bool
    reason: str | None = None


_FINE = Verdict(ok=True)


class Guard:
    """Judges the sentences of one character. Made once for a card, used by all its sessions."""

    def __init__(self, card: Card) -> None:
        allowed = card.guard.allow
        self._phrases = {reason: found for reason, found in _builtin_phrases().items() if reason not in allowed}
        if card.guard.forbidden:
            self._phrases["forbidden"] = Phrases(map(fold_phrase, card.guard.forbidden), {})
        self._secret = _secret(card)

    def check(self, sentence: str) -> Verdict:
        """Judge one sentence as it would be shown; a text of several, or the end of one, is judged as well."""
        return self.judge(folded_words(sentence))

    def judge(self, words: Sequence[str]) -> Verdict:
        """Judge folded words."""
        for reason, phrases in self._phrases.items():
            if phrases.found_in(words):
                return Verdict(ok=False, reason=reason)
        if not self._secret.isdisjoint(_grams(words)):
            return Verdict(ok=False, reason="leak")
        return _FINE


class Watch:
    """Judges a line while it is written. Each piece costs what is new of it, not the whole line again."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._words: list[str] = []
        self._unfinished = ""

    def feed(self, piece: str) -> Verdict:
        """Judge the newest words with this piece added."""
        text = self._unfinished + piece
        finished = max(text.rfind(" "), text.rfind("\n")) + 1
        self._words += single_words(text[:finished])
        del self._words[:-WATCHED_WORDS]
        self._unfinished = text[max(finished, len(text) - LONGEST_WORD) :]
        return self._guard.judge(spelled_out([*self._words, *single_words(self._unfinished)]))


@cache
def _builtin_phrases() -> dict[str, Phrases]:
    written = resources.files("fnlloyd.character").joinpath("guard.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(written)
    words = tables.pop("words")
    return {reason: Phrases(table["phrases"], words) for reason, table in tables.items()}


def _secret(card: Card) -> _Grams:
    """Runs of words that stand in the persona and in nothing the character may well say."""
    persona = card.persona
    secret = _grams(folded_words(persona.text)) | _grams(folded_words(persona.short or ""))
    public = [*(example.line for example in persona.examples), *card.book.all_lines(), card.refrain or ""]
    return secret.difference(*(_grams(folded_words(line)) for line in public))


def _grams(words: Sequence[str]) -> _Grams:
    return frozenset(tuple(words[at : at + LEAKED_WORDS]) for at in range(len(words) - LEAKED_WORDS + 1))
