"""Words folded to what they mean to a listener: no case, accents, look-alikes or letters written as digits. Pure."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile(r"['\u2019\u2018\u02bc`\u00b4]")
_WORD = re.compile(r"[^\W_]+(?:[@$!|+_]+[^\W_]+)*|[$@][^\W_]+", re.UNICODE)
_LOOK_ALIKES = str.maketrans("\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0455\u0458\u03bf\u03b1", "aeopcxyisjoa")
_DIGITS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def folded_words(text: str) -> list[str]:
    """The words of a text, folded.

    `sh1t` reads `shit` and `f u c k` one word; a number stays a number. Takes time in proportion to the text.
    """
    return spelled_out(single_words(text))


def single_words(text: str) -> list[str]:
    """The words folded one by one, before letters that stand alone are joined."""
    seen = text if text.isascii() else _plain(text)
    seen = _STRETCHED.sub(r"\1", _APOSTROPHES.sub("", seen.casefold()))
    return [_letters(word) for word in _WORD.findall(seen)]


def _plain(text: str) -> str:
    """Without accents and invisible signs, foreign letters that look Latin made so."""
    bare = unicodedata.normalize("NFKD", text)
    seen = "".join(sign for sign in bare if unicodedata.category(sign) not in ("Mn", "Cf"))
    return seen.casefold().translate(_LOOK_ALIKES)


def _letters(word: str) -> str:
    if word.isalpha() or not any(sign.isalpha() for sign in word):
        return word
    spelled = "".join(sign for sign in word.translate(_DIGITS) if sign.isalnum())
    return _STRETCHED.sub(r"\1", spelled)


def spelled_out(words: list[str]) -> list[str]:
    """Join runs of three or more single letters: words spelled out to get past a guard."""
    joined: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        joined += ["".join(run)] if len(run) > 2 else run
        run = []
        if word:
            joined.append(word)
    return joined
