"""How fast one connection may send: a bucket that fills at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable

from fnlloyd.errors import RateLimited

RATE_PER_S = 500.0
BURST = 1000.0


class Pace:
    """`rate` messages a second over time, `burst` at once."""

    def __init__(
        self, rate: float = RATE_PER_S, burst: float = BURST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._left = burst
        self._at = clock()

    def take(self) -> None:
        """Count one message. Raises RateLimited when there were too many; then it is not counted."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1.0:
            raise RateLimited(f"more than {self._rate:.0f} messages a second", hint="send state changes less often")
        self._left -= 1.0
