"""Sentences waiting for a voice that makes one at a time: who is next, and who has left meanwhile."""

from __future__ import annotations

import asyncio
from collections import deque
from enum import IntEnum

from fnlloyd.errors import VoiceFailed


class Rank(IntEnum):
    """Lower goes first."""

    LIVE = 0
    BACKGROUND = 1


class Request:
    """One sentence on its way to sound. One consumer takes the chunks, one worker gives them.

    The chunks are not bounded in number but by the length of a text: a slow listener must not hold the voice.
    """

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.text = text
        self.left = False
        self._chunks: deque[bytes] = deque()
        self._over = False
        self._failure: VoiceFailed | None = None
        self._for_consumer = asyncio.Event()
        self._for_worker = asyncio.Event()

    def give(self, chunk: bytes) -> None:
        if not self.left:
            self._chunks.append(chunk)
        self._for_consumer.set()
        self._for_worker.set()

    def end(self, failure: VoiceFailed | None = None) -> None:
        """No more chunks; only the first call counts."""
        if not self._over:
            self._over = True
            self._failure = failure
            self._for_consumer.set()
            self._for_worker.set()

    def leave(self) -> None:
        """The consumer wants no more of it."""
        self.left = True
        self._chunks.clear()
        self._for_worker.set()

    @property
    def over(self) -> bool:
        return self._over

    async def next(self) -> bytes | None:
        """The next chunk, None after the last. Raises VoiceFailed instead of None when it ended badly."""
        while not self._chunks:
            if self._failure is not None:
                # One of its own for each who asks: an exception that is raised twice grows a wrong traceback.
                raise VoiceFailed(self._failure.message, hint=self._failure.hint)
            if self._over:
                return None
            self._for_consumer.clear()
            await self._for_consumer.wait()
        return self._chunks.popleft()

    async def progress(self) -> None:
        """Wait until something changes for the worker: a chunk came, the end came, the consumer left."""
        self._for_worker.clear()
        if not self._over:
            await self._for_worker.wait()


class Waiting:
    """The requests in line: live ones before background ones, first come first served within each.

    At most `most` wait; one more is refused with VoiceFailed.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: dict[Rank, dict[int, Request]] = {rank: {} for rank in sorted(Rank)}
        self._some = asyncio.Event()
        self._last_number = 0

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def join(self, text: str, rank: Rank) -> Request:
        if len(self) >= self._most:
            raise VoiceFailed(
                f"{self._most} sentences are waiting for the voice already",
                hint="give the voice more processes, or a faster voice; `fnlloyd bench` shows what it carries",
            )
        self._last_number += 1
        request = Request(self._last_number, text)
        self._lines[rank][request.number] = request
        self._some.set()
        return request

    def leave(self, request: Request) -> None:
        """The consumer has left; if the request was still in line, it never reaches the voice."""
        request.leave()
        for line in self._lines.values():
            line.pop(request.number, None)

    async def take(self) -> Request:
        """The next in line, once there is one."""
        while not len(self):
            self._some.clear()
            await self._some.wait()
        line = next(line for line in self._lines.values() if line)
        return line.pop(next(iter(line)))

    def fail_all(self, failure: VoiceFailed) -> None:
        for line in self._lines.values():
            for request in line.values():
                request.end(failure)
            line.clear()
