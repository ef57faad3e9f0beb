"""Signs that have no sound: emoji, smileys, decoration; and punctuation made tame. Language stays untouched."""

from __future__ import annotations

import re
import unicodedata

_KEYCAP = re.compile(r"[0-9#*]\ufe0f?\u20e3")
_TAG_FLAG = re.compile(r"[\U000e0000-\U000e007f]+")
_SMILEY = re.compile(
    r"(?:[:;=][-'’^o]?[)(\]\[|\\/]+|(?<!\w)[:;=][-'’^]?[DPpOo3SsXx*$@]|(?<!\w)[xX]D+|(?<!\w)8-?\)|<[/\\]?3+"
    r"|\^[_.\-o]?\^;*|(?<!\w)[oO><TuU\-][_.][oO><TuU\-]|(?<!\w)\\o/|¯\\?_*[^\n]{0,6}_*/¯)(?!\w)"
)
# Of the signs that Unicode calls symbols, these are read aloud as words.
_SPOKEN_SYMBOLS = frozenset("+=×÷±°№§%&/'’@")
_FANCY_LETTERS = re.compile(r"[\U0001d400-\U0001d7ff\ufb00-\ufb06]")
_DROPPED = frozenset('*_`#~|\\^<>{}[]()"“”„«»「」『』‹›（）【】《》〈〉［］〔〕@•·‣◦§¶†‡\u00a6')
_LETTERS_AS_WORDS = (
    (re.compile(r"\b([A-G])#(?!\w)"), r"\1 sharp"),
    (re.compile(r"(?<!\w)#(?=\d)"), "number "),
    (re.compile(r"(?<=\d) ?\* ?(?=\d)"), " × "),
    (re.compile(r"[-=]{1,9}>|<[-=]{1,9}"), " "),
)
_ELISIONS = r"tis|twas|twere|twill|em|cause|til|round|bout|ere|n|nother|ello|ow|ave|as|e|im|er|is|appen|kay|sup|fraid"
_QUOTE_BEFORE_WORD = rf"(?<![\w'])'(?!(?:{_ELISIONS}|\d0s)\b)"
_OPENING_QUOTE = re.compile(rf"{_QUOTE_BEFORE_WORD}(?=[\w!])", re.IGNORECASE)
_QUOTED = re.compile(rf"{_QUOTE_BEFORE_WORD}((?:[^'\n]|(?<=\w)'(?=\w)){{1,200}})'(?!\w)", re.IGNORECASE)
_CLOSING_QUOTE = re.compile(r"(?<=[.,!?…;:])'(?!\w)|(?<!\w)'(?!\w)")


def without_smileys(text: str) -> str:
    return _SMILEY.sub(" ", text)


def as_words(text: str) -> str:
    """Say the few marks that mean a word where they stand: C#, #1, 5 * 3."""
    for pattern, words in _LETTERS_AS_WORDS:
        text = pattern.sub(words, text)
    return text


def without_signs(text: str) -> str:
    """Drop emoji and everything else a voice would stumble over or spell out."""
    text = _TAG_FLAG.sub("", _KEYCAP.sub(" ", text))
    text = _FANCY_LETTERS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return "".join(map(_sounded, text))


def without_quotes(text: str) -> str:
    """Drop single quotes around words; apostrophes stay. (Double quotes are among the signs.)"""
    text = text.replace("’", "'").replace("‘", "'")
    return _CLOSING_QUOTE.sub("", _OPENING_QUOTE.sub("", _QUOTED.sub(r"\1", text)))


def _sounded(char: str) -> str:
    if char in _DROPPED:
        return " " if char in "|_\\·•/" else ""
    if char in _SPOKEN_SYMBOLS or char.isascii():
        return char
    kind = unicodedata.category(char)
    if kind[0] in "LNZ" or kind in ("Sc", "Mc") or (kind == "Mn" and not "\ufe00" <= char <= "\ufe0f"):
        return char
    if kind in ("Po", "Pd"):
        return char
    return " " if kind in ("So", "Sm") else ""


_TAMED = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"(?<!\S)-(?!\S)|-{2,}|[―—]+"), "—"),
    (re.compile(r"—(?: ?—)+"), "—"),
    (re.compile(r"…+"), "..."),
    (re.compile(r"([？！。，、；：])\1+"), r"\1"),
    (re.compile(r" +(?=[，。！？、；：])"), ""),
)
_RUN = re.compile(r"(?: (?=[,;:.!?]+(?![\w,;:.!?])))?[,;:.!?]+(?: [,;:.!?]+(?![\w,;:.!?]))*")
_LEADING = re.compile(r"^(?:[\s,;:…—–，。；：、?]|[.\-](?!\d)|!(?!\w))+")
_TRAILING = re.compile(r"[\s\-–=+/&]+$")


def tame(text: str) -> str:
    """One mark where several stood, none before the first word, single spaces."""
    for pattern, instead in _TAMED:
        text = pattern.sub(instead, text)
    text = _RUN.sub(_strongest, text)
    return _TRAILING.sub("", _LEADING.sub("", text))


def _strongest(run: re.Match[str]) -> str:
    """Of several marks in a row the one that a voice should heed; a comma after an abbreviation's dot stays."""
    marks = run[0].replace(" ", "")
    if "?" in marks or "!" in marks:
        return "?" * ("?" in marks) + "!" * ("!" in marks)
    if "..." in marks:
        return "..."
    if run[0] in (".,", ".;", ".:"):
        return run[0]
    return "." if "." in marks else marks[0]
