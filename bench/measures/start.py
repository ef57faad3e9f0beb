"""From starting the process to its saying that it is ready, with an engine that runs elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from bench.row import Row
from bench.spread import Spread
from bench.stand import Stand

REACH_S = 1.5


async def measure(stand: Stand) -> Sequence[Row]:
    starts = []
    for _ in range(1 + stand.times(7, 3)):
        async with stand.serve(voice="tone:") as server:
            starts.append(server.ready_s)
    spread = Spread(starts[1:])  # the first one fills the disk's cache
    beside = f"p95 {spread.p95:.2f} s"
    return [Row("start to ready, engine elsewhere: p50", spread.p50, "s", len(spread), REACH_S, beside=beside)]
