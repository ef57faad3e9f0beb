"""The small language in which phrases a character must not say are written, and how they are found. Pure.

`word`, `stem*`, `either|or`, `optional?` and `{list}`, separated by spaces; the first is never optional. It has no
repeats within repeats, so searching takes time in proportion to the text, whoever wrote the phrases.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from fnlloyd.character.folded import folded_words

_ELEMENT = re.compile(r"(?:\{(?P<list>[a-z_]+)\}|(?P<words>\w+\*?(?:\|\w+\*?)*))(?P<optional>\?)?")
REMEMBERED_WORDS = 4096
_EXPECTED = "expected words, with stem*, either|or and optional? at most, the first not optional"


class Phrases:
    """Phrases compiled, by the word they begin with: a sentence pays only for the words it has in common with them."""

    def __init__(self, phrases: Iterable[str], words: Mapping[str, Sequence[str]]) -> None:
        """Raises ValueError for a phrase that is not of the language."""
        beginning: dict[str, list[str]] = defaultdict(list)
        for phrase in phrases:
            first, compiled = _phrase(phrase, words)
            for word in first:
                beginning[word].append(compiled)
        by_word = {word: re.compile("|".join(compiled)) for word, compiled in beginning.items()}
        self._whole = {word: found for word, found in by_word.items() if not word.endswith("*")}
        self._stems = {word.removesuffix("*"): found for word, found in by_word.items() if word.endswith("*")}
        self._beginnings: dict[str, tuple[re.Pattern[str], ...]] = {}

    def found_in(self, words: Sequence[str]) -> bool:
        """Say whether any of the phrases stands in these folded words."""
        text: str | None = None
        for position, word in enumerate(words):
            beginning = self._beginning(word)
            if not beginning:
                continue
            text = text or " ".join([*words, ""])
            at = sum(map(len, words[:position])) + position
            if any(pattern.match(text, at) for pattern in beginning):
                return True
        return False

    def _beginning(self, word: str) -> tuple[re.Pattern[str], ...]:
        """What may begin with a word. Remembered, because most words come again and begin nothing."""
        known = self._beginnings.get(word)
        if known is None:
            whole = (self._whole[word],) if word in self._whole else ()
            known = (*whole, *(pattern for stem, pattern in self._stems.items() if word.startswith(stem)))
            if len(self._beginnings) >= REMEMBERED_WORDS:
                self._beginnings.clear()
            self._beginnings[word] = known
        return known


def fold_phrase(phrase: str) -> str:
    """A phrase with its words folded as a sentence's are, its marks kept. Raises ValueError if nothing is left."""
    parts = [_fold_part(part) for part in phrase.split()]
    if not any(parts):
        raise ValueError(_EXPECTED)
    return " ".join(part for part in parts if part)


def check_phrase(phrase: str) -> str:
    """Give back a phrase as it is. Raises ValueError saying what was expected if it is not of the language."""
    Phrases([fold_phrase(phrase)], {})
    return phrase


def _fold_part(part: str) -> str:
    optional = "?" if part.endswith("?") and not part[:-1].endswith("?") else ""
    choices = []
    for choice in part.removesuffix("?").split("|"):
        stem = "*" if choice.endswith("*") else ""
        choices.append(" ".join(folded_words(choice.removesuffix("*"))) + stem)
    folded = "|".join(choices)
    return folded + optional if folded.strip("*|") else ""


def _phrase(phrase: str, words: Mapping[str, Sequence[str]]) -> tuple[Sequence[str], str]:
    """The words a phrase may begin with, and the expression that finds it there."""
    elements = [_ELEMENT.fullmatch(element) for element in phrase.split()]
    found = [element for element in elements if element is not None]
    if not found or len(found) < len(elements) or found[0]["optional"]:
        raise ValueError(_EXPECTED)
    return _choices(found[0], words), "".join(_element(element, words) for element in found)


def _choices(element: re.Match[str], words: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if element["list"] is None:
        return element["words"].split("|")
    if element["list"] not in words:
        raise ValueError(f"there is no list of words named {element['list']}")
    return words[element["list"]]


def _element(element: re.Match[str], words: Mapping[str, Sequence[str]]) -> str:
    either = "|".join(choice.replace("*", "[^ ]*") for choice in _choices(element, words))
    return f"(?:(?:{either}) ){element['optional'] or ''}"
