"""Many streams at once, each on a connection of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench import doors
from bench.posting import Door, Posted, Posting, posting


class Crowd:
    """`streams` connections to one door."""

    def __init__(self, members: list[tuple[Posting, Door]]) -> None:
        self._members = members

    async def all_at_once(self) -> list[Posted]:
        """Everybody asks at the same moment, once."""
        return await asyncio.gather(*(connection.post(door) for connection, door in self._members))

    async def rate(self, for_s: float) -> tuple[float, int]:
        """Answers a second while everybody asks again as soon as answered, and how many were counted."""
        until = time.perf_counter() + for_s
        counts = await asyncio.gather(*(_again_and_again(member, until) for member in self._members))
        return sum(counts) / for_s, sum(counts)


@asynccontextmanager
async def crowd(door: Door, streams: int) -> AsyncIterator[Crowd]:
    members = [(await posting(door.port), doors.for_stream(door, stream)) for stream in range(streams)]
    try:
        yield Crowd(members)
    finally:
        for connection, _ in members:
            connection.leave()


async def _again_and_again(member: tuple[Posting, Door], until: float) -> int:
    connection, door = member
    answers = 0
    while True:
        await connection.post(door)
        if time.perf_counter() > until:
            return answers
        answers += 1
