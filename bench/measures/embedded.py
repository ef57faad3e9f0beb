"""A live line with everything on this machine: the small model and Piper, warm; and the way older servers do it.

Those write the whole reply, then make all of its sound. Both are asked of the same running server, in turn.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.child import Child, fnlloyd
from bench.measures.live import live_lines
from bench.player import Line, Players
from bench.row import Row, Skipped
from bench.spread import Spread
from bench.stand import Stand
from fnlloyd.assets import Assets
from fnlloyd.config import Settings

WHAT = "live line, embedded"
PARTS = {"first_token_ms": "first token", "first_sentence_ms": "first clause", "first_audio_ms": "first audio"}
WARM_UP = 3
SAID = (
    "Hello there!",
    "I just lost the ball again.",
    "Do you think we can win this?",
    "What are these bricks made of?",
    "That was a close one!",
    "Tell me about the Armada.",
    "I am getting tired.",
    "Did you see that shot?",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing the player said, both ways. `reply_ms` and `sound_ms` come one after the other in the older way."""

    live: Line
    reply_ms: float
    sound_ms: float


async def measure(stand: Stand) -> Sequence[Row | Skipped]:
    home = Path(os.environ.get("FNLLOYD_HOME") or Settings().home)
    assets = Assets(home)
    if stand.quick and not (assets.have_model() and assets.have_voice()):
        return [Skipped(WHAT, f"no model and voice in {home.name}, and a quick run fetches nothing")]
    folder = stand.new_folder()
    settings = {"HOME": str(home), "VOICE__CLIPS": str(folder / "clips"), "VOICE__RENDER_AHEAD": "false"}
    try:
        async with fnlloyd(folder, "--store", "memory:", settings=settings) as server:
            turns = await _turns(server, stand.times(32, 8))
    except RuntimeError as trouble:
        return [Skipped(WHAT, str(trouble).strip().splitlines()[-1])]
    added_ms = (await live_lines(stand, 15)).added_ms
    return _rows(turns, added_ms)


async def _turns(server: Child, times: int) -> list[Turn]:
    await asyncio.sleep(3.0)  # the engine reads the card into its slots
    async with Players(server.port) as players:
        turns = [await _turn(players, number) for number in range(WARM_UP + times)]
    return turns[WARM_UP:]


async def _turn(players: Players, number: int) -> Turn:
    """Each way has a session of its own, so both send the same prompt; the older way goes first every other time."""
    said = {"type": "say", "text": SAID[number % len(SAID)]}
    listener = await players.join(f"live-{number}")
    if number % 2:
        older = await _older_way(players, number, said)
        return Turn(await listener.line(said), *older)
    live = await listener.line(said)
    return Turn(live, *await _older_way(players, number, said))


async def _older_way(players: Players, number: int, said: dict[str, str]) -> tuple[float, float]:
    """How long the whole reply took, and then the sound of all of it. In milliseconds."""
    reader, speaker = await players.join(f"whole-{number}", "none"), await players.join(f"sound-{number}")
    reply = await reader.line(said)
    words = {"type": "event", "trigger": "boss_appear", "mode": "verbatim", "text": reply.first("line.sent")["text"]}
    sound = await speaker.line(words)
    return reply.ms_to("line.sent"), sound.ms_to("line.sent")


def _rows(turns: list[Turn], added_ms: float) -> list[Row]:
    count = len(turns)
    timings = [turn.live.first("line.end")["timings"] for turn in turns]
    rows = [
        Row(f"{WHAT}: {name}, p50", Spread(timing[key] for timing in timings).p50, "ms", count)
        for key, name in PARTS.items()
    ]
    audio = Spread(turn.live.ms_to("sound") for turn in turns).p50
    reply, sound = Spread(turn.reply_ms for turn in turns).p50, Spread(turn.sound_ms for turn in turns).p50
    whole = Spread(turn.live.ms_to("line.sent") for turn in turns).p50
    older = f"whole reply {reply:.0f} ms + whole synthesis {sound:.0f} ms"
    share = 100 * (1 - added_ms / audio)
    beside = f"Fnlloyd's own part, measured on the paced engine: {added_ms:.1f} ms of {audio:.0f} ms"
    return [
        *rows,
        Row(f"{WHAT}: whole line sent, p50", whole, "ms", count),
        Row(f"{WHAT}: first audio against the older way", audio / (reply + sound), "", count, 0.5, beside=older),
        Row(f"{WHAT}: share of first audio in the models", share, "%", count, 90.0, True, beside),
    ]
