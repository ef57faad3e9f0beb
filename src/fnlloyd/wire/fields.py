"""The kinds of value a message can hold, each with its limit. Everything a client sends is bounded here.

A whole number may arrive as 3.0: several game engines keep every JSON number as a float.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError, to_json

MESSAGE_BYTES = 64 * 1024  # one text frame or request body; the largest legal message is well under half of it
TEXT_CHARS = 2000
TRIGGER_CHARS = 64
ID_CHARS = 128
TOKEN_CHARS = 4096
JSON_BYTES = 16 * 1024
JSON_DEPTH = 8
DEADLINE_MS = 600_000
FADE_MS = 10_000
LINE_MS = 3_600_000
LINE_NUMBER = 2**32 - 1  # what the binary frame's header holds
SEQ = 2**53 - 1  # the last whole number every JSON reader keeps exactly
_INT64 = 2**63

# Read alike by pydantic, Python and JavaScript, since they are published in the schema.
NOT_BLANK = r"[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]"
PLAIN_NAME = r"^[A-Za-z0-9_.\-]+$"
NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
PATTERN_WORDS = {
    NOT_BLANK: "text that is not blank",
    PLAIN_NAME: "only letters, digits and _ . -",
    NO_CONTROLS: "text without control characters",
}

TOO_BIG = frozenset({"string_too_long", "json_too_big", "json_too_deep"})


def _whole(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise PydanticCustomError("whole", "a whole number")


def _milliseconds(value: object) -> object:
    """Audio clocks count in fractions; a millisecond is fine enough here."""
    if isinstance(value, float) and math.isfinite(value):
        return round(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise PydanticCustomError("milliseconds", "a number of milliseconds")


def _bounded_json(value: dict[str, Any]) -> dict[str, Any]:
    _check(value, "", 1)
    size = len(to_json(value))
    if size > JSON_BYTES:
        raise PydanticCustomError("json_too_big", "at most {limit} bytes of JSON", {"limit": JSON_BYTES, "size": size})
    return value


def _check(value: Any, path: str, depth: int) -> None:
    """Refuse what could not be kept, counted or passed on: nesting, infinities, numbers past 64 bits."""
    if isinstance(value, dict | list):
        if depth > JSON_DEPTH:
            raise PydanticCustomError("json_too_deep", "at most {limit} levels of nesting", {"limit": JSON_DEPTH})
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            _check(inner, f"{path}.{key}", depth + 1)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise PydanticCustomError("number", "finite numbers only", {"path": path, "got": "infinity"})
    elif isinstance(value, int) and not -_INT64 <= value < _INT64:
        raise PydanticCustomError("number", "whole numbers of at most 64 bits", {"path": path, "got": "a bigger one"})


Text = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_CHARS, pattern=NOT_BLANK)]
Trigger = Annotated[str, StringConstraints(min_length=1, max_length=TRIGGER_CHARS, pattern=PLAIN_NAME)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=ID_CHARS, pattern=NO_CONTROLS)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=TOKEN_CHARS, pattern=NO_CONTROLS)]
JsonObject = Annotated[dict[str, Any], AfterValidator(_bounded_json)]


def _whole_from(low: int, high: int) -> BeforeValidator:
    return BeforeValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=low, le=high)])


LineNumber = Annotated[int, Field(ge=1, le=LINE_NUMBER), _whole_from(1, LINE_NUMBER)]
Seq = Annotated[int, Field(ge=0, le=SEQ), _whole_from(0, SEQ)]
SampleRate = Annotated[int, Field(ge=8000, le=48000), _whole_from(8000, 48000)]


def _up_to(limit: int) -> BeforeValidator:
    return BeforeValidator(_milliseconds, json_schema_input_type=Annotated[float, Field(ge=0, le=limit)])


DeadlineMs = Annotated[int, Field(ge=0, le=DEADLINE_MS), _up_to(DEADLINE_MS)]
FadeMs = Annotated[int, Field(ge=0, le=FADE_MS), _up_to(FADE_MS)]
LineMs = Annotated[int, Field(ge=0, le=LINE_MS), _up_to(LINE_MS)]
