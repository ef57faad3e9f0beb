"""One synthesis, heard by all who ask for the same line while it is made.

A take is made by a task of its own, so a listener who is slow, or leaves, is no trouble to the others. The task
is owned by its listeners: the last to leave stops it, and none leaves before it is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from anyio import CancelScope

Speak = Callable[[], AsyncGenerator[bytes]]
Keep = Callable[[bytes], Awaitable[object]]


class Take:
    """The sound of one line as it is made. Bounded, because a line's text is."""

    def __init__(self, speak: Speak, keep: Keep, on_over: Callable[[], None]) -> None:
        self._speak = speak
        self._keep = keep
        self._on_over = on_over
        self._chunks: list[bytes] = []
        self._made = False
        self._news = asyncio.Event()
        self.listeners = 0
        self._task: asyncio.Task[None] | None = None

    async def listen(self) -> AsyncGenerator[bytes]:
        """Yield the sound from its beginning. Raises VoiceFailed like the voice itself, to every listener."""
        if self._task is None:
            self._task = asyncio.create_task(self._make(), name="take")
        self.listeners += 1
        try:
            at = 0
            while at < len(self._chunks) or not self._made:
                if at < len(self._chunks):
                    at += 1
                    yield self._chunks[at - 1]
                else:
                    await self._news.wait()
            await asyncio.shield(self._task)
        finally:
            self.listeners -= 1
            if self.listeners == 0:
                await self._stop(self._task)

    async def _make(self) -> None:
        try:
            async with aclosing(self._speak()) as chunks:
                async for chunk in chunks:
                    self._chunks.append(chunk)
                    self._tell()
            self._made = True
            self._tell()
            if self._chunks:
                await self._keep(b"".join(self._chunks))
        finally:
            self._on_over()
            self._made = True
            self._tell()

    async def _stop(self, task: asyncio.Task[None]) -> None:
        if not task.done():
            self._on_over()
            task.cancel()
        with CancelScope(shield=True):
            await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # every listener has met it; asyncio wants to be told so

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Takes:
    """The takes in progress, by key. For one event loop."""

    def __init__(self) -> None:
        self._by_key: dict[str, Take] = {}

    def find(self, key: str) -> Take | None:
        return self._by_key.get(key)

    def join(self, key: str, speak: Speak, keep: Keep) -> Take:
        """The take in progress under that key, or a new one. It starts with its first listener."""
        take = self._by_key.get(key)
        if take is None:
            take = Take(speak, keep, lambda: self._over(key, take))
            self._by_key[key] = take
        return take

    def _over(self, key: str, take: Take | None) -> None:
        if self._by_key.get(key) is take:
            del self._by_key[key]
