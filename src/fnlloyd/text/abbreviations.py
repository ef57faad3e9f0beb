"""Dots that do not end a sentence. Data, and one question."""

from __future__ import annotations


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


# Something always follows these.
_TITLES = _words(
    """
    mr mrs ms mx dr prof st sr sra srta capt cpt lt col gen sgt adm cmdr cdr maj rev hon gov pres sen rep mt ft
    mme mlle hr fr dipl ing vs e.g i.e eg ie cf al approx resp bzw z.b d.h u.a
    """
)
# These may end a sentence too: only before a digit do they not ("No. 5", "Fig. 2").
_BEFORE_NUMBERS = _words(
    """
    no nos nr fig vol ch p pp art sec jan feb mar apr jun jul aug sep sept oct nov dec
    """
)


def is_abbreviation(word: str, following: str) -> bool:
    """Whether the dot after `word` (written without it) belongs to the word, given the next visible character.

    A small letter after a dot always means that the sentence goes on.
    """
    if following.islower():
        return True
    bare = word.lower().lstrip("(['\"“‘*_")
    if bare in _TITLES or (bare in _BEFORE_NUMBERS and following.isdigit()):
        return True
    return _is_initial(word)


def _is_initial(word: str) -> bool:
    """J. R. R., U.S. and the like; "I" alone is a word."""
    letters = word.lstrip("(['\"“‘*_").split(".")
    return all(len(letter) == 1 and letter.isupper() for letter in letters) and letters != ["I"]
