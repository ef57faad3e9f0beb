"""From an interruption to the moment the engine sees that nobody wants its answer, while 31 others go on.

The engine notes when each request left it, by the clock of this machine.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from bench import doors
from bench.child import Child
from bench.crowd import crowd
from bench.player import Player, Players
from bench.posting import Door, posting
from bench.row import Row
from bench.spread import Spread
from bench.stand import Stand

STREAMS = 32
REACH_MS = 20.0
TTFT_MS, RATE = 200.0, 8.0
"""So slow that no answer ends by itself before it is interrupted."""
BEFORE_S = 0.1
"""After asking: the engine has begun, the first token is still to come."""
AFTER_S = 0.5
SEEN_WITHIN_S = 5.0
SAY = {"type": "say", "text": "Hello there, how goes it?"}

Interruption = Callable[[float], Awaitable[float]]
"""Asks, waits some seconds, interrupts; returns when, in Unix time."""


async def measure(stand: Stand) -> Sequence[Row]:
    await stand.pace(ttft_ms=TTFT_MS, rate=RATE, tokens=27)
    times = stand.times(40, 6)
    async with stand.serve() as server, _others(server), Players(server.port) as players:
        player = await players.join("interrupting", "none")
        event_stream, whole = doors.say(server, "leaving"), replace(doors.say(server, "whole"), accept="*/*")
        ways: dict[str, Interruption] = {
            "interrupt by WebSocket": lambda wait_s: _interrupt(player, wait_s),
            "SSE client leaves": lambda wait_s: _leave(event_stream, wait_s),
            "client of a plain POST leaves": lambda wait_s: _leave(whole, wait_s),
        }
        moments = {"": AFTER_S, ", before the first token": BEFORE_S}
        seen: dict[str, list[float]] = {name + when: [] for when in moments for name in ways}
        for _ in range(times):
            for when, wait_s in moments.items():
                for name, way in ways.items():
                    seen[name + when].append(await _until_seen_ms(stand.engine, way, wait_s))
    return [_row(name, Spread(waits)) for name, waits in seen.items()]


def _row(name: str, waits: Spread) -> Row:
    return Row(f"cancel, 1 of {STREAMS} streams, {name}: p99", waits.p99, "ms", len(waits), REACH_MS, beside=str(waits))


async def _until_seen_ms(engine: Child, way: Interruption, wait_s: float) -> float:
    before = (await engine.ask("/metrics"))["cancelled"]
    interrupted = await way(wait_s)
    until = time.monotonic() + SEEN_WITHIN_S
    while time.monotonic() < until:
        await asyncio.sleep(0.05)
        metrics = await engine.ask("/metrics")
        if metrics["cancelled"] > before:
            return 1000 * (float(metrics["cancelled_at"][-1]) - interrupted)
    raise RuntimeError(f"the engine did not see within {SEEN_WITHIN_S:.0f} s that its answer is not wanted")


async def _interrupt(player: Player, wait_s: float) -> float:
    await player.send(SAY)
    await asyncio.sleep(wait_s)
    now = time.time()
    await player.send({"type": "interrupt"})
    return now


async def _leave(door: Door, wait_s: float) -> float:
    connection = await posting(door.port)
    connection.begin(door)
    await asyncio.sleep(wait_s)
    now = time.time()
    connection.leave()
    return now


@asynccontextmanager
async def _others(server: Child) -> AsyncIterator[None]:
    async with crowd(doors.say(server, "probe"), STREAMS - 1) as others:
        going_on = asyncio.create_task(others.rate(3600.0))
        await asyncio.sleep(0.5)
        try:
            yield
        finally:
            going_on.cancel()
            await asyncio.wait([going_on])
