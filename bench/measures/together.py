"""Time to first token when 32 streams are asked for at the same moment; the engine sends as fast as it can."""

from __future__ import annotations

from collections.abc import Sequence

from bench import doors
from bench.crowd import crowd
from bench.posting import Door
from bench.row import Row
from bench.spread import Spread
from bench.stand import Stand

STREAMS = 32
REACH_MS = 60.0


async def measure(stand: Stand) -> Sequence[Row]:
    await stand.pace(tokens=20)
    rounds = stand.times(30, 8)
    rows: list[Row] = []
    async with stand.serve() as server:
        for name, pair in (await doors.pairs(stand.engine, server)).items():
            direct, through = await _in_turn(*pair, rounds)
            beside = f"direct {direct}; through {through} ms; ratio of p95 {through.p95 / direct.p95:.2f}"
            what = f"first token, {STREAMS} streams at once, {name}: p95"
            rows.append(Row(what, through.p95, "ms", len(through), REACH_MS, beside=beside))
    return rows


async def _in_turn(direct: Door, through: Door, rounds: int) -> tuple[Spread, Spread]:
    measured: tuple[list[float], list[float]] = ([], [])
    async with crowd(direct, STREAMS) as one, crowd(through, STREAMS) as other:
        await one.all_at_once()
        await other.all_at_once()
        for _ in range(rounds):
            for group, into in zip((one, other), measured, strict=True):
                into += [posted.first_ms for posted in await group.all_at_once()]
    return Spread(measured[0]), Spread(measured[1])
