"""The sound of live lines, kept for a while under names nobody can guess, readable while it is being made.

Every reader has its own place in the one buffer of a recording: a slow reader costs nothing and slows nobody.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Callable

from fnlloyd.events import SoundFormat

READ_BYTES = 64 * 1024
_NAME_BYTES = 24  # 192 bits: beyond guessing, 32 letters in an address


class Recording:
    """One line's sound. Written by one turn, read by any number of listeners. For one event loop only."""

    def __init__(self, name: str, format: SoundFormat, begun_s: float, on_end: Callable[[], None]) -> None:
        self.name = name
        self.format = format
        self.begun_s = begun_s
        self._sound = bytearray()
        self._news = asyncio.Event()
        self._on_end = on_end
        self._ended = False
        self._complete = False

    def append(self, pcm: bytes) -> None:
        """Add sound; after the end it is ignored, since a late worker may not know of the end yet."""
        if pcm and not self._ended:
            self._sound += pcm
            self._tell()

    def finish(self) -> None:
        """The line is whole: readers end when they have read it, and it is served with its length."""
        if not self._ended:
            self._complete = True
            self._end()

    def abandon(self) -> None:
        """No more will come, and what is there is not the whole line. Nothing happens after `finish`."""
        if not self._ended:
            self._end()

    @property
    def complete(self) -> bool:
        """All of the line is here."""
        return self._complete

    @property
    def ended(self) -> bool:
        """No more will come, be it whole or abandoned."""
        return self._ended

    @property
    def pcm(self) -> bytes:
        """A copy of the sound so far."""
        return bytes(self._sound)

    @property
    def duration_ms(self) -> int:
        return self.format.duration_ms(len(self._sound))

    def __len__(self) -> int:
        """Bytes so far."""
        return len(self._sound)

    async def stream(self) -> AsyncGenerator[bytes]:
        """Yield the sound from its beginning: what is there, then what comes, until the end."""
        at = 0
        while True:
            news = self._news
            while at < len(self._sound):
                part = bytes(self._sound[at : at + READ_BYTES])
                at += len(part)
                yield part
            if self._ended:
                return
            if at == len(self._sound):
                await news.wait()

    def _end(self) -> None:
        self._ended = True
        self._tell()
        self._on_end()

    def _tell(self) -> None:
        # A new Event each time: whoever waits on the old one wakes, and nobody needs to clear it.
        self._news.set()
        self._news = asyncio.Event()


class Recordings:
    """Recordings by name. Holds at most about `limit_bytes` of ended ones, none longer than `keep_s` seconds.

    One that is still being made is never put out for its size, so the bound can be exceeded by the lines in
    progress. A reader that has a recording keeps it, even when it is no longer found.
    """

    def __init__(
        self,
        limit_bytes: int = 64 * 1024 * 1024,
        keep_s: float = 600.0,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit_bytes = limit_bytes
        self._keep_s = keep_s
        self._clock = clock
        self._by_name: dict[str, Recording] = {}  # in order of beginning: the oldest first

    def begin(self, format: SoundFormat) -> Recording:
        name = secrets.token_urlsafe(_NAME_BYTES)
        recording = Recording(name, format, self._clock(), self._put_out)
        self._by_name[name] = recording
        self._put_out()
        return recording

    def find(self, name: str) -> Recording | None:
        """The recording of that name, if it is still kept."""
        recording = self._by_name.get(name)
        if recording is None or self._too_old(recording):
            return None
        return recording

    def __len__(self) -> int:
        return len(self._by_name)

    def _put_out(self) -> None:
        held = sum(map(len, self._by_name.values()))
        for name, recording in list(self._by_name.items()):
            if self._too_old(recording) or (recording.ended and held > self._limit_bytes):
                held -= len(recording)
                del self._by_name[name]

    def _too_old(self, recording: Recording) -> bool:
        return self._clock() - recording.begun_s > self._keep_s
