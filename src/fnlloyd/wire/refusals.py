"""Say what is wrong with a message: which field, what was expected, what was found. Secrets are never repeated."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from fnlloyd.errors import BadMessage, ClientError, TooBig, UnknownType
from fnlloyd.wire.fields import PATTERN_WORDS, TOO_BIG

_SHOWN_CHARS = 60
_SECRET = frozenset({"token"})

_EXPECTED = {
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "{pattern_words}",
    "string_unicode": "Unicode text",
    "enum": "one of {choices}",
    "literal_error": "{choices}",
    "dict_type": "an object",
    "int_type": "a whole number",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
}


def refusal(error: ValidationError, kind: str, values: Mapping[str, Any], known: Iterable[str]) -> ClientError:
    """The first thing wrong, as the error to answer with. `kind` is the message's type, `known` its fields."""
    first = error.errors(include_url=False)[0]
    field = str(first.get("ctx", {}).get("field") or ".".join(str(part) for part in first["loc"][:1]) or "message")
    if first["type"] == "field":
        what = first["msg"]
    elif first["type"] == "missing":
        what = f"missing{_perhaps(field, set(values) - set(known), 'did you mean it by')}"
    else:
        what = _expected_and_got(first, field)
    wrong = TooBig if first["type"] in TOO_BIG else BadMessage
    where = field + str(first.get("ctx", {}).get("path", ""))[:_SHOWN_CHARS]  # the key within `data` or `state`
    return wrong(f"{kind}.{where}: {what}", field=field)


def unknown_type(kind: str, known: list[str], not_yet: Iterable[str]) -> UnknownType:
    """The error for a `type` that has no model; `not_yet` are types of the contract this server does not take."""
    if kind in not_yet:
        what = f"{kind} is not supported by this server"
    else:
        what = f"nothing is called {shown(kind)}{_perhaps(kind, known, 'did you mean')}"
    return UnknownType(f"type: {what}", hint=f"types understood: {', '.join(known)}", field="type")


def shown(value: object) -> str:
    """The value as the client wrote it, shortened to one line."""
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        quoted = "'" + json.dumps(value[:_SHOWN_CHARS], ensure_ascii=False)[1:-1] + "'"
        return quoted if len(value) <= _SHOWN_CHARS else f"{quoted}... ({len(value)} characters)"
    if isinstance(value, int) and value.bit_length() > 200:  # Python refuses to print the longest ones
        return "a number of very many digits"
    if isinstance(value, float) and not math.isfinite(value):  # how 1e999 is read
        return "a number too big to hold"
    return json.dumps(value)


def _expected_and_got(first: ErrorDetails, field: str) -> str:
    context = dict(first.get("ctx", {}))
    choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    context["choices"] = ", ".join(choices)
    context["pattern_words"] = PATTERN_WORDS.get(str(context.get("pattern")), "other characters")
    template = _EXPECTED.get(first["type"])
    expected = template.format(**context) if template else first["msg"]
    if field in _SECRET:
        return f"expected {expected}"
    found = first["input"]
    got = str(context.get("got") or (f"{context['size']} bytes" if "size" in context else shown(found)))
    near = _perhaps(found, choices, "did you mean") if isinstance(found, str) else ""
    return f"expected {expected}; got {got}{near}"


def _perhaps(word: str, choices: Iterable[str], words: str) -> str:
    near = difflib.get_close_matches(
        word[:_SHOWN_CHARS], [c for c in choices if len(c) <= _SHOWN_CHARS], n=1, cutoff=0.6
    )
    return f"; {words} {near[0]}?" if near else ""
