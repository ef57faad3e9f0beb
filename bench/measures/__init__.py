"""What is measured, in the order of the table. One measure a file; each returns its rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bench.measures import added, cancel, canned, embedded, live, memory, start, throughput, together
from bench.row import Row, Skipped
from bench.stand import Stand

Measure = Callable[[Stand], Awaitable[Sequence[Row | Skipped]]]

MEASURES: dict[str, Measure] = {
    "canned": canned.measure,
    "added": added.measure,
    "together": together.measure,
    "throughput": throughput.measure,
    "live": live.measure,
    "embedded": embedded.measure,
    "cancel": cancel.measure,
    "memory": memory.measure,
    "start": start.measure,
}
