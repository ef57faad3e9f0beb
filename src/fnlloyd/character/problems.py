"""What is wrong with a card, in words its writer understands: where, what was found, what was expected.

All problems are gathered and told at once, because a writer with ten typing errors should not start the server ten
times.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fnlloyd.errors import CardError

MAX_TOLD = 10


class Problems:
    """The problems of one card. `add` gathers, `raise_any` raises one CardError that tells up to ten of them."""

    def __init__(self) -> None:
        self._told: list[str] = []

    def add(self, file: str, where: str, what: str) -> None:
        place = f"{file}: {where}" if where else file
        self._told.append(f"{place}: {what}")

    def add_invalid(self, file: str, table: type[BaseModel], invalid: ValidationError) -> None:
        for error in invalid.errors(include_url=False, include_context=True):
            self.add(file, key_path(error["loc"]), _what(error, table))

    def raise_any(self, folder: str) -> None:
        if not self._told:
            return
        count = len(self._told)
        told = "\n".join(f"  {problem}" for problem in self._told[:MAX_TOLD])
        more = f"\n  and {count - MAX_TOLD} more" if count > MAX_TOLD else ""
        noun = "problem" if count == 1 else "problems"
        raise CardError(f"the card in {folder} has {count} {noun}:\n{told}{more}")


def key_path(location: Sequence[int | str]) -> str:
    """Write a place in a TOML file as its writer would: `moods[2].when.combo`."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part != "[key]":  # pydantic's mark for a problem with a key itself
            path += f".{part}" if path else part
    return path


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """` (did you mean "x"?)` for the known name nearest to what was found, or nothing."""
    near = nearest(found, known)
    return f' (did you mean "{near}"?)' if near else ""


def nearest(found: str, known: Iterable[str]) -> str | None:
    """The known name most like what was found; None if none is near. Only the first 80 characters count."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(found[:80].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def shown(found: object) -> str:
    """What was found, short enough for one line."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, dict):
        return "a table"
    if isinstance(found, list):
        return f"an array of {len(found)}"
    written = f'"{found}"' if isinstance(found, str) else str(found)
    return written if len(written) <= 60 else f'{written[:56]}..."'


def _what(error: ErrorDetails, table: type[BaseModel]) -> str:
    kind, location, context = error["type"], error["loc"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key{did_you_mean(str(location[-1]), _keys_at(table, location[:-1]))}"
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return f"{context['error']}, found {shown(error['input'])}"
    if kind == "string_pattern_mismatch":
        return f"expected a plain name (letters, digits and _), found {shown(error['input'])}"
    return f"{_expected(kind, context, error['msg'])}, found {shown(error['input'])}"


def _expected(kind: str, context: dict[str, Any], message: str) -> str:
    plain = {
        "string_type": "expected a text in quotes",
        "int_type": "expected a whole number",
        "float_type": "expected a number",
        "bool_type": "expected true or false",
        "list_type": "expected an array",
        "dict_type": "expected a table",
        "model_type": "expected a table",
        "model_attributes_type": "expected a table",
    }
    bounds = {
        "greater_than_equal": ("ge", "expected {} or more"),
        "less_than_equal": ("le", "expected {} or less"),
        "string_too_short": ("min_length", "expected at least {} character(s)"),
        "string_too_long": ("max_length", "expected at most {} characters"),
        "too_long": ("max_length", "expected at most {} entries"),
        "enum": ("expected", "expected {}"),
    }
    if kind in plain:
        return plain[kind]
    if kind in bounds:
        name, sentence = bounds[kind]
        return sentence.format(context[name])
    return message


def _keys_at(table: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """The keys a card may have at a place, found by walking the declared tables."""
    at: Any = table
    for part in location:
        if isinstance(at, type) and issubclass(at, BaseModel):
            field = at.model_fields.get(str(part))
            at = field.annotation if field else None
        else:
            arguments = get_args(at)
            at = arguments[-1] if arguments else None
        while get_origin(at) in (Union, UnionType):
            at = next((one for one in get_args(at) if one is not type(None)), None)
    return list(at.model_fields) if isinstance(at, type) and issubclass(at, BaseModel) else []
