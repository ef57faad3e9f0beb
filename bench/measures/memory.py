"""Memory of one worker without models: after its start, and after many lines. Linux only."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from bench.child import Child
from bench.player import Player, Players
from bench.row import Row, Skipped
from bench.stand import Stand

SESSIONS = 10
WARM_UP = 2500
"""Lines until every session's history is full, which is no leak."""
LIVE_EVERY = 10
CANNED = {"type": "event", "trigger": "boss_appear", "mode": "canned"}
LIVE = {"type": "event", "trigger": "boss_appear", "mode": "llm"}


async def measure(stand: Stand) -> Sequence[Row | Skipped]:
    if not sys.platform.startswith("linux"):
        return [Skipped("memory of one worker", "read from /proc, which is Linux's")]
    await stand.pace(tokens=20)
    lines = stand.times(100_000, 5_000)
    async with stand.serve(voice="tone:") as server:
        begun = server.rss_mib()
        await _speak(server, WARM_UP, "warm")
        warm = server.rss_mib()
        await _speak(server, lines, "warm")
        after = server.rss_mib()
    grown = f"{warm:.1f} MiB once every history was full"
    return [
        Row("memory of one worker, after the start", begun, "MiB", 1, 150.0),
        Row(f"memory of one worker, after {lines:,} lines", after, "MiB", 1, 150.0),
        Row(f"memory, growth over {lines:,} lines", 100 * (after / warm - 1), "%", 1, 2.0, beside=grown),
    ]


async def _speak(server: Child, lines: int, name: str) -> None:
    async with Players(server.port) as players:
        speakers = [await players.join(f"{name}-{number}", "none") for number in range(SESSIONS)]
        await asyncio.gather(*(_lines(speaker, lines // SESSIONS) for speaker in speakers))


async def _lines(player: Player, count: int) -> None:
    for number in range(count):
        await player.line(CANNED if number % LIVE_EVERY else LIVE)
