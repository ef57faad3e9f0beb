"""A row of the table: what was measured, what it came to, and what it should come to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is in `unit`; `reach` is the most it may be, or the least where `more_is_better`; None: only told."""

    what: str
    value: float
    unit: str
    count: int
    reach: float | None = None
    more_is_better: bool = False
    beside: str = ""
    """What it is to be compared with, measured in the same run."""

    @property
    def is_met(self) -> bool | None:
        """None where nothing was to be reached."""
        if self.reach is None:
            return None
        return self.value >= self.reach if self.more_is_better else self.value <= self.reach

    @property
    def shown(self) -> str:
        return f"{_number(self.value)} {self.unit}".strip()

    @property
    def shown_reach(self) -> str:
        if self.reach is None:
            return ""
        return f"{'>=' if self.more_is_better else '<='} {_number(self.reach)} {self.unit}".strip()

    @property
    def verdict(self) -> str:
        """`reached`, or by how much it was missed."""
        if self.reach is None:
            return ""
        if self.is_met:
            return "reached"
        return f"missed by {_number(abs(self.value - self.reach))} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be measured here."""

    what: str
    reason: str


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
