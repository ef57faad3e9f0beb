"""Answers a second of one worker: 128 streams, each asking again as soon as it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from bench import doors
from bench.crowd import crowd
from bench.posting import Door
from bench.row import Row
from bench.stand import Stand

STREAMS = 128
REACH = 250.0


async def measure(stand: Stand) -> Sequence[Row]:
    await stand.pace(tokens=20)
    rounds, for_s = stand.times(3, 1), float(stand.times(6, 3))
    rows: list[Row] = []
    async with stand.serve() as server:
        for name, pair in (await doors.pairs(stand.engine, server)).items():
            direct, through, count = await _in_turn(*pair, rounds, for_s)
            beside = f"direct {direct:.0f}/s; ratio {through / direct:.2f}"
            what = f"answers, {STREAMS} streams, one worker, {name}: median of {rounds}"
            rows.append(Row(what, through, "/s", count, REACH, more_is_better=True, beside=beside))
    return rows


async def _in_turn(direct: Door, through: Door, rounds: int, for_s: float) -> tuple[float, float, int]:
    measured: tuple[list[float], list[float]] = ([], [])
    counted = 0
    for _ in range(rounds):
        for door, into in zip((direct, through), measured, strict=True):
            async with crowd(door, STREAMS) as group:
                await group.all_at_once()
                rate, count = await group.rate(for_s)
                into.append(rate)
                counted += count if door is through else 0
    return median(measured[0]), median(measured[1]), counted
