"""Everyone who listens to a session. Telling them never waits; each message gets its number and time here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from fnlloyd.events import LineSound, Noun, Outcome
from fnlloyd.line import Clock
from fnlloyd.session.memory import Memory
from fnlloyd.session.outbox import Ears, Outbox, Stamped


class Audience:
    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._memory = memory
        self._clock = clock
        self._began = clock() - (time.time() - memory.began_at)
        self._outboxes: set[Outbox] = set()
        self.left_at = clock()
        """When the last listener left, on `clock`."""

    @contextmanager
    def listening(self, ears: Ears) -> Iterator[Outbox]:
        """Give a listener everything that happens from now on."""
        outbox = Outbox(ears)
        self._outboxes.add(outbox)
        try:
            yield outbox
        finally:
            self._outboxes.discard(outbox)
            outbox.close()
            self.left_at = self._clock()

    def __len__(self) -> int:
        return len(self._outboxes)

    @property
    def plays(self) -> bool:
        """Some listener plays the sound to a player, so lines take their time."""
        return any(outbox.ears.plays for outbox in self._outboxes)

    @property
    def wants_sound(self) -> bool:
        return any(outbox.ears.wants_sound for outbox in self._outboxes)

    @property
    def wants_urls(self) -> bool:
        return any(outbox.ears.urls for outbox in self._outboxes)

    def stamp(self) -> tuple[int, int]:
        """The next message's `seq` and `t_ms`; called directly for what is said to one connection only."""
        self._memory.seq += 1
        return self._memory.seq, self._t_ms()

    def publish(self, noun: Noun) -> None:
        """Tell every listener. Sound, and outcomes nobody asked for, have no number."""
        if isinstance(noun, LineSound) or (isinstance(noun, Outcome) and noun.id is None):
            stamped = Stamped(0, self._t_ms(), noun)
        else:
            stamped = Stamped(*self.stamp(), noun)
        for outbox in tuple(self._outboxes):
            outbox.put(stamped)

    def dismiss(self) -> None:
        """Let every listener go, after what already waits for it."""
        for outbox in tuple(self._outboxes):
            outbox.close()

    def _t_ms(self) -> int:
        return max(0, round(1000 * (self._clock() - self._began)))
