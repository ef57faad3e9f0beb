"""How measured values spread. A percentile is always shown with the count behind it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import median


class Spread:
    """Values of one thing measured many times, all in one unit."""

    def __init__(self, values: Iterable[float]) -> None:
        self._values = sorted(values)
        if not self._values:
            raise ValueError("nothing was measured")

    def __len__(self) -> int:
        return len(self._values)

    def __str__(self) -> str:
        return f"p50 {self.p50:.2f}, p95 {self.p95:.2f}, p99 {self.p99:.2f}"

    @property
    def p50(self) -> float:
        return median(self._values)

    @property
    def p95(self) -> float:
        return self.at(95)

    @property
    def p99(self) -> float:
        return self.at(99)

    def at(self, percent: float) -> float:
        """The smallest value that `percent` of all do not exceed (nearest rank)."""
        rank = math.ceil(len(self._values) * percent / 100)
        return self._values[max(0, rank - 1)]
