"""Turn a written sentence into what is said aloud. Pure; '' means that there is nothing to say.

Words, numbers, times, money, apostrophes and hyphens stay. Layout, addresses, code, formulas, asides,
stage directions (see directions.py for what is one) and signs without a sound go.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from fnlloyd.text.addresses import ADDRESS, ANGLED, IMAGE, LINK
from fnlloyd.text.asides import without_brackets, without_directions
from fnlloyd.text.lines import spoken_lines
from fnlloyd.text.signs import as_words, tame, without_quotes, without_signs, without_smileys
from fnlloyd.text.thoughts import Thoughts
from fnlloyd.text.tokens import ROLE_FOLLOWS, TOKEN
from fnlloyd.text.unseen import without_unseen

_ROLES = ("assistant", "ai", "user", "human", "player", "system", "model", "bot", "narrator", "npc")
_CODE_BLOCK = re.compile(r"(`{3,}|~{3,})[^\n`]*(?:\n|$).*?(?:\1|$)|```[^`]*```", re.DOTALL)
_TOKEN_WITH_ROLE = re.compile(rf"(?:{ROLE_FOLLOWS.pattern})(?:\s*(?:{'|'.join(_ROLES)})\b)?", re.IGNORECASE)
_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|tr|ul|ol|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--[^<>]{0,300}-->|</?[a-zA-Z|/][\w|]*$")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")
_FORMULA = re.compile(
    r"\$\$[^$]{1,500}\$\$|\\\([^\n]{0,300}?\\\)|\\\[.{0,500}?\\\]"
    r"|\$(?![\s\d])(?=[^$\n]*[\\^_={}])[^$\n]{1,200}(?<!\s)\$(?!\d)|\\[a-zA-Z]{2,20}(?:\{[^{}\n]{0,100}\})*",
    re.DOTALL,
)
_SPEECH_KEYS = "line|text|speech|say|says|message|response|reply|content|dialogue|dialog|answer|output"
_SPEECH_VALUE = re.compile(rf'"(?:{_SPEECH_KEYS})"\s*:\s*"((?:[^"\\]|\\.)*)"?', re.IGNORECASE)
_JSON = re.compile(r"\s*[\[{]\s*(?:\{\s*)?\"\w+\"\s*:")


def speakable(text: str, names: Sequence[str] = ("!Fnlloyd",)) -> str:
    """What of one whole sentence is said aloud. `names` are the speaker's own: "Fnlloyd: Hello" says "Hello"."""
    text = _without_thoughts(without_unseen(text))
    if _JSON.match(text):
        text = " ".join(value.replace('\\"', '"').replace("\\n", "\n") for value in _SPEECH_VALUE.findall(text))
    for step in _STEPS:
        text = step(text)
    text = _label(tuple(names)).sub("", text)
    for step in _LAST_STEPS:
        text = step(text)
    return text if any(char.isalnum() for char in text) else ""


def _without_thoughts(text: str) -> str:
    thoughts = Thoughts()
    return thoughts.feed(text) + thoughts.flush()


def _without_code(text: str) -> str:
    return _CODE_BLOCK.sub("\n", text)


def _without_tags(text: str) -> str:
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    text = TOKEN.sub(" ", _TOKEN_WITH_ROLE.sub(" ", text))
    return _TAG.sub("", _BREAKING_TAG.sub("\n", ANGLED.sub(" ", text)))


def _without_addresses(text: str) -> str:
    return ADDRESS.sub(" ", LINK.sub(r"\1", IMAGE.sub(" ", text)))


def _without_formulas(text: str) -> str:
    return _FORMULA.sub(" ", text)


@lru_cache(maxsize=256)
def _label(names: tuple[str, ...]) -> re.Pattern[str]:
    one = "|".join(re.escape(name.lstrip("!@")) for name in (*names, *_ROLES))
    before, after = r"[\s>#*_\[\"“]{0,6}!?", r"[\]*_]{0,3}\s?(?:\([^()\n]{0,40}\))?\s?[:：](?!\d)[*_]{0,3}"
    return re.compile(rf"^{before}(?:{one}){after}", re.IGNORECASE)


# Each needs the ones before it: what hides other marks goes first.
_STEPS: tuple[Callable[[str], str], ...] = (
    _without_code,
    _without_tags,
    _without_addresses,
    _without_formulas,
)
_LAST_STEPS: tuple[Callable[[str], str], ...] = (
    as_words,
    without_brackets,
    without_smileys,
    spoken_lines,
    without_directions,
    without_quotes,
    without_signs,
    _without_addresses,  # those that only now came together
    tame,
)
