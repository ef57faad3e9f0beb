"""From an event to the first sound of a canned line whose clip is rendered: WebSocket, binary frames."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from bench.child import Child, fnlloyd, run_fnlloyd
from bench.player import Player, Players
from bench.row import Row
from bench.spread import Spread
from bench.stand import Stand

SESSIONS = 100
RATE = 200.0
"""Events a second over all sessions."""
ALONE_RATE = 20.0
EVENT = {"type": "event", "trigger": "boss_appear", "mode": "canned", "interrupt": "now"}


async def measure(stand: Stand) -> Sequence[Row]:
    home = stand.new_folder()
    await run_fnlloyd(home, "voice", "render", "--voice", "tone:")
    async with fnlloyd(home, "--engine", "scripted:", "--voice", "tone:", "--store", "memory:") as server:
        crowded = await _measure(server, SESSIONS, RATE, float(stand.times(20, 5)))
        alone = await _measure(server, 1, ALONE_RATE, float(stand.times(15, 5)))
        trip = await _round_trips(server, stand.times(300, 100))
    among = f"canned line, event to first audio, {RATE:.0f} events/s over {SESSIONS} sessions"
    beside = f"{alone}; a refused message and its answer: p50 {trip.p50:.2f} ms"
    return [
        Row(f"{among}: p50", crowded.p50, "ms", len(crowded), 2.0),
        Row(f"{among}: p99", crowded.p99, "ms", len(crowded), 10.0, beside=f"p95 {crowded.p95:.2f} ms"),
        Row("canned line, event to first audio, 1 session: p50", alone.p50, "ms", len(alone), beside=beside),
    ]


async def _measure(server: Child, sessions: int, rate: float, for_s: float) -> Spread:
    """Events at a steady pace, whatever the server does, after one warm-up event for each session."""
    async with Players(server.port) as players:
        heard = [_Heard(await players.join(f"canned-{sessions}-{number}")) for number in range(sessions)]
        await _pace(heard, rate, max(1.0, sessions / rate))
        for one in heard:
            one.waits_ms.clear()
        await _pace(heard, rate, for_s)
        await asyncio.sleep(1.0)
    return Spread(ms for one in heard for ms in one.waits_ms)


async def _round_trips(server: Child, times: int) -> Spread:
    """What the wire and both event loops cost without any line: a message that is answered by an error at once."""
    nonsense = {"type": "heard", "line": 4_000_000_000, "status": "finished"}
    async with Players(server.port) as players:
        player = await players.join("trips")
        return Spread([await player.trip_ms(nonsense) for _ in range(times)])


async def _pace(heard: list[_Heard], rate: float, for_s: float) -> None:
    began = time.perf_counter()
    for number in range(round(rate * for_s)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        await heard[number % len(heard)].ask()


class _Heard:
    """How long one player waited, each time, for the first sound after an event."""

    def __init__(self, player: Player) -> None:
        self.waits_ms: list[float] = []
        self._player = player
        self._sent = 0.0
        player.on_sound = self._take

    async def ask(self) -> None:
        self._sent = await self._player.send(EVENT)

    def _take(self, _line: int, at: float) -> None:
        self.waits_ms.append(1000 * (at - self._sent))
