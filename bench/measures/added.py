"""What Fnlloyd adds to the time to first token: one stream, the engine directly and through Fnlloyd in turn."""

from __future__ import annotations

from collections.abc import Sequence

from bench import doors
from bench.posting import Door, Posting, posting
from bench.row import Row
from bench.spread import Spread
from bench.stand import Stand

TTFT_MS, RATE, TOKENS = 10.0, 100.0, 8
WARM_UP = 20


async def measure(stand: Stand) -> Sequence[Row]:
    await stand.pace(ttft_ms=TTFT_MS, rate=RATE, tokens=TOKENS)
    times = stand.times(400, 100)
    rows: list[Row] = []
    async with stand.serve() as server:
        for name, pair in (await doors.pairs(stand.engine, server)).items():
            direct, through = await _in_turn(*pair, times)
            beside = f"direct {direct}; through {through} ms; ratio of p50 {through.p50 / direct.p50:.2f}"
            rows += [
                Row(f"added to first token, 1 stream, {name}: p50", through.p50 - direct.p50, "ms", times, 1.5),
                Row(
                    f"added to first token, 1 stream, {name}: p95",
                    through.p95 - direct.p95,
                    "ms",
                    times,
                    4.0,
                    False,
                    beside,
                ),
            ]
    return rows


async def _in_turn(direct: Door, through: Door, times: int) -> tuple[Spread, Spread]:
    one, other = await posting(direct.port), await posting(through.port)
    measured: tuple[list[float], list[float]] = ([], [])
    try:
        for number in range(WARM_UP + times):
            for connection, door, into in zip((one, other), (direct, through), measured, strict=True):
                first_ms = await _first_ms(connection, doors.for_stream(door, number // 20))
                if number >= WARM_UP:
                    into.append(first_ms)
    finally:
        one.leave()
        other.leave()
    return Spread(measured[0]), Spread(measured[1])


async def _first_ms(connection: Posting, door: Door) -> float:
    return (await connection.post(door)).first_ms
