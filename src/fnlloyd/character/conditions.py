"""A condition on one field of the game's state, as a card writes it: `combo = ">= 10"`. Pure.

A condition about a field that is missing, or of another kind than the condition asks for, does not hold; it never
raises, because games send whatever they like.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_WRITTEN = re.compile(r"\s*(>=|<=|==|!=|>|<|=)\s*(.*?)\s*", re.DOTALL)
_EXPECTED = 'a comparison such as ">= 10" or "< 0.3", a number, true, false or a word'


@dataclass(frozen=True, slots=True)
class Condition:
    """`field` may reach into tables with dots (`boss.health`)."""

    comparison: str
    against: float | bool | str

    def holds(self, found: object) -> bool:
        if isinstance(self.against, bool) or isinstance(found, bool):
            return found is self.against
        if isinstance(self.against, str):
            return isinstance(found, str) and found == self.against
        if not isinstance(found, int | float) or not _is_finite(found):
            return False
        return _COMPARISONS[self.comparison](found, self.against)


def parse_condition(written: object) -> Condition:
    """Read a condition as a card writes it. Raises ValueError saying what was expected."""
    if isinstance(written, bool):
        return Condition("==", written)
    if isinstance(written, int | float):
        if not _is_finite(written):
            raise ValueError(f"expected {_EXPECTED}")
        return Condition("==", float(written))
    if not isinstance(written, str) or not written.strip():
        raise ValueError(f"expected {_EXPECTED}")
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return Condition("==", written)
    try:
        number = float(match[2])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"expected {_EXPECTED}")
    return Condition(match[1], number)


def look_up(state: Mapping[str, Any], field: str) -> object:
    """Find a field by its name, or else by its dotted way into tables; None where there is none."""
    if field in state:
        return state[field]
    found: object = state
    for part in field.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an int too large for a float: JSON allows it
        return False
