"""What one listener has still to be sent. Bounded: whoever falls behind is cut off, and nobody waits for him."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

import anyio

from fnlloyd.events import LineSound, Noun

MESSAGES_LIMIT = 1024
BYTES_LIMIT = 4 * 1024 * 1024
"""About 90 s of sound at 22,050 Hz: more than the longest line."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """A noun as it left the session. `seq` is 0 for what has no number: sound, and what is never sent."""

    seq: int
    t_ms: int
    noun: Noun


@dataclass(frozen=True, slots=True)
class Ears:
    """What a listener does with sound: fetch it by URL, take it as frames, and whether a player hears it."""

    plays: bool = False
    frames: bool = False
    urls: bool = False

    @property
    def wants_sound(self) -> bool:
        return self.frames or self.urls


class Outbox:
    def __init__(self, ears: Ears, *, messages: int = MESSAGES_LIMIT, size: int = BYTES_LIMIT) -> None:
        self.ears = ears
        self.cut_off = anyio.Event()
        """Set when the listener fell behind."""
        self._messages = messages
        self._size = size
        self._waiting: deque[Stamped] = deque()
        self._bytes = 0
        self._closed = False
        self._news = anyio.Event()

    @property
    def slow(self) -> bool:
        return self.cut_off.is_set()

    def put(self, stamped: Stamped) -> None:
        """Add without waiting. Past the bound everything waiting is dropped and the box closes as `slow`."""
        if self._closed:
            return
        if isinstance(stamped.noun, LineSound):
            if not self.ears.frames:
                return
            self._bytes += len(stamped.noun.pcm)
        self._waiting.append(stamped)
        if len(self._waiting) > self._messages or self._bytes > self._size:
            self._waiting.clear()
            self._bytes = 0
            self._closed = True
            self.cut_off.set()
        self._news.set()

    def close(self) -> None:
        """No more comes; what waits can still be taken."""
        self._closed = True
        self._news.set()

    async def __aiter__(self) -> AsyncIterator[Stamped]:
        while True:
            while self._waiting:
                stamped = self._waiting.popleft()
                if isinstance(stamped.noun, LineSound):
                    self._bytes -= len(stamped.noun.pcm)
                yield stamped
            if self._closed:
                return
            self._news = anyio.Event()
            await self._news.wait()
