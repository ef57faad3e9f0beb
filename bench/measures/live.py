"""From an event to the first sound of a live line: the paced engine at 150 ms and 60 tokens a second, the tone voice.

The engine's own part is measured beside it, asked directly: when the last word of the first clause came, and the word
after it, which is what shows that the clause has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench import doors
from bench.player import Players
from bench.posting import posting
from bench.row import Row
from bench.spread import Spread
from bench.stand import Stand

TTFT_MS, RATE = 150.0, 60.0
REACH_MS = 5.0
EVENT = {"type": "event", "trigger": "boss_appear", "mode": "llm", "interrupt": "now"}


@dataclass(frozen=True, slots=True)
class LiveLines:
    """`clause` and `after` are the engine's alone: its last word of the first clause, and the word after. In ms."""

    audio: Spread
    clause: Spread
    after: Spread
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def added_ms(self) -> float:
        """What Fnlloyd itself adds, once the engine has shown that the clause has ended."""
        return self.audio.p50 - self.after.p50


async def measure(stand: Stand) -> Sequence[Row]:
    lines = await live_lines(stand, stand.times(60, 15))
    audio, words = lines.audio, lines.words
    clause = f"clause of {words} words: engine alone {lines.clause.p50:.1f} ms, arithmetic {due_ms(words - 1):.1f} ms"
    after = f"engine alone {lines.after.p50:.1f} ms, arithmetic {due_ms(words):.1f} ms"
    past_clause = audio.p50 - lines.clause.p50
    return [
        Row("live line, event to first audio: p50", audio.p50, "ms", len(audio), beside=str(audio)),
        Row("live line, past the first clause's last word", past_clause, "ms", len(audio), REACH_MS, beside=clause),
        Row("live line, past the word after that clause", lines.added_ms, "ms", len(audio), beside=after),
    ]


def due_ms(word: int) -> float:
    """When the paced engine sends a word, counted from 0."""
    return TTFT_MS + 1000 * word / RATE


async def live_lines(stand: Stand, times: int) -> LiveLines:
    await stand.pace(ttft_ms=TTFT_MS, rate=RATE)
    async with stand.serve(voice="tone:") as server, Players(server.port) as players:
        player = await players.join("live")
        warm = await player.line(EVENT)
        text = str(warm.first("line.sentence")["text"])
        words = len(text.split())
        audio, clause, after = [], [], []
        for _ in range(times):
            audio.append((await player.line(EVENT)).ms_to("sound"))
            clause.append(await _arrival_ms(stand, words - 1))
            after.append(await _arrival_ms(stand, words))
    return LiveLines(Spread(audio), Spread(clause), Spread(after), text)


async def _arrival_ms(stand: Stand, word: int) -> float:
    """When a word, counted from 0, came from the engine asked directly."""
    door = replace(doors.direct(stand.engine), mark=b"data: ", after=word)
    connection = await posting(door.port)
    try:
        return (await connection.post(door)).first_ms
    finally:
        connection.leave()
