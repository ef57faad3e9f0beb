"""A house: everything the doors open on.

What runs beside the doors (the embedded engine, the voice, the sessions, rendering ahead) runs in one task group
here, and ends with it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup

from fnlloyd.build.engine import SMALL_CONTEXT_TOKENS, Opened, is_small, keep_warm, open_one
from fnlloyd.build.files import read_card
from fnlloyd.build.voice import open_voices, render_card, until_able, voice_url
from fnlloyd.character import Budget, Card, Guard, TokenCounts
from fnlloyd.config import Settings
from fnlloyd.engines import EnginePool
from fnlloyd.events import EngineChanged
from fnlloyd.sessions import Sessions
from fnlloyd.stores import Store, open_store
from fnlloyd.turn import Cast
from fnlloyd.voices import ClipStore, Recordings, Voice


@dataclass(frozen=True, slots=True)
class House:
    """Everything the doors open on."""

    settings: Settings
    card: Card
    sessions: Sessions
    engine: EnginePool
    voice: Voice | None
    voice_url: str | None
    clips: ClipStore
    recordings: Recordings
    voice_ready: anyio.Event


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncGenerator[House]:
    """Open everything, in the order in which it is needed; close it in the other. Raises SetupError or AssetError.

    The doors may be opened at once: until the embedded engine has loaded its model, canned lines are spoken.
    """
    card = await anyio.to_thread.run_sync(read_card, settings)
    guard = await anyio.to_thread.run_sync(Guard, card)
    # Whatever can be wrong with the settings is found before the task group, which would wrap the error.
    engines = [await open_one(url, settings) for url in settings.engine.engines]
    store = await open_store(settings.store.url, default_path=settings.database, settings=settings.store)
    try:
        async with open_voices(settings, card) as voice, anyio.create_task_group() as tasks:
            house = await _furnish(settings, card, guard, store, engines, voice, tasks)
            try:
                yield house
            finally:
                tasks.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    await house.engine.aclose()
    finally:
        with anyio.CancelScope(shield=True):
            await store.aclose()


async def _furnish(
    settings: Settings,
    card: Card,
    guard: Guard,
    store: Store,
    opened: list[Opened],
    voice: Voice | None,
    tasks: TaskGroup,
) -> House:
    pool = EnginePool([engine for engine, _ in opened])
    clips = ClipStore(settings.clips, memory_bytes=settings.voice.memory_bytes)
    recordings = Recordings()
    counts = TokenCounts()
    small = is_small(settings)
    context = SMALL_CONTEXT_TOKENS if small else settings.engine.context_tokens
    budget = Budget(context, max_tokens=card.max_tokens(small_model=small, chat=True), count=counts)
    cast = Cast(card, card.book, guard, pool, voice, clips, recordings, budget, counts, small)
    sessions = Sessions({card.id: cast}, card.id, store, engine_ready=lambda: pool.ready)
    pool.on_change = lambda facts, degraded: sessions.announce(
        EngineChanged(facts.name, facts.model, facts.rung, degraded)
    )
    await tasks.start(sessions.run)
    for _, embedded in opened:
        if embedded is not None:
            await tasks.start(embedded.server.run)
            tasks.start_soon(keep_warm, embedded, cast)
    house = House(
        settings,
        card,
        sessions,
        pool,
        voice,
        await voice_url(settings, card) if voice else None,
        clips,
        recordings,
        anyio.Event(),
    )
    tasks.start_soon(pool.watch)
    tasks.start_soon(_ready_voice, house)
    return house


async def _ready_voice(house: House) -> None:
    """Wait until the voice can speak, then render the card's lines ahead if the settings say so."""
    if house.voice is not None:
        await until_able(house.voice)
    house.voice_ready.set()
    if house.voice is not None and house.settings.voice.render_ahead:
        await render_card(house.voice, house.clips, house.card, house.sessions)
