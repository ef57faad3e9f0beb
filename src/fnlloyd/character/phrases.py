"""The small language in which phrases a character must not say are written, compiled to one expression. Pure.

`word`, `stem*`, `either|or`, `optional?` and `{list}`, separated by spaces. It has no repeats within repeats, so
searching takes time in proportion to the text, whoever wrote the phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from fnlloyd.character.folded import folded_words

_ELEMENT = re.compile(r"(?:\{(?P<list>[a-z_]+)\}|(?P<words>\w+\*?(?:\|\w+\*?)*))(?P<optional>\?)?")
_EXPECTED = "expected words, with stem*, either|or and optional? at most"


def compile_phrases(phrases: Iterable[str], words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Compile phrases into one expression; search it in folded words with one space around each.

    Raises ValueError for a phrase that is not of the language.
    """
    return re.compile(" (?:" + "|".join(_phrase(phrase, words) for phrase in phrases) + ")")


def fold_phrase(phrase: str) -> str:
    """A phrase with its words folded as a sentence's are, its marks kept. Raises ValueError if nothing is left."""
    parts = [_fold_part(part) for part in phrase.split()]
    if not any(parts):
        raise ValueError(_EXPECTED)
    return " ".join(part for part in parts if part)


def check_phrase(phrase: str) -> str:
    """Give back a phrase as it is. Raises ValueError saying what was expected if it is not of the language."""
    compile_phrases([fold_phrase(phrase)], {})
    return phrase


def _fold_part(part: str) -> str:
    optional = "?" if part.endswith("?") and not part[:-1].endswith("?") else ""
    choices = []
    for choice in part.removesuffix("?").split("|"):
        stem = "*" if choice.endswith("*") else ""
        choices.append(" ".join(folded_words(choice.removesuffix("*"))) + stem)
    folded = "|".join(choices)
    return folded + optional if folded.strip("*|") else ""


def _phrase(phrase: str, words: Mapping[str, Sequence[str]]) -> str:
    elements = [_ELEMENT.fullmatch(element) for element in phrase.split()]
    found = [element for element in elements if element is not None]
    if not found or len(found) < len(elements) or all(element["optional"] for element in found):
        raise ValueError(_EXPECTED)
    return "".join(_element(element, words) for element in found)


def _element(element: re.Match[str], words: Mapping[str, Sequence[str]]) -> str:
    if element["list"] is None:
        choices: Sequence[str] = element["words"].split("|")
    elif element["list"] in words:
        choices = words[element["list"]]
    else:
        raise ValueError(f"there is no list of words named {element['list']}")
    either = "|".join(choice.replace("*", "[^ ]*") for choice in choices)
    return f"(?:(?:{either}) ){element['optional'] or ''}"
