"""The voice of a house: opened, waited for, and put to work on the card's lines when nobody else needs it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
import structlog

from fnlloyd.assets import Assets
from fnlloyd.build.files import choose_voice, piper_name
from fnlloyd.character import Card
from fnlloyd.config import Settings
from fnlloyd.sessions import Sessions
from fnlloyd.turn import spoken_form
from fnlloyd.voices import ClipStore, PiperFiles, Voice, open_voice, render_ahead

PLAYERS_FIRST_S = 2.0
"""How long rendering ahead waits for a pause in what is being said, line by line."""
ASK_AGAIN_S = 2.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_voices(settings: Settings, card: Card) -> AsyncGenerator[Voice | None]:
    """The voice of these settings, closed at the end. Raises SetupError or AssetError when it cannot be opened."""
    assets = Assets(settings.home)
    url = await anyio.to_thread.run_sync(choose_voice, settings, card, assets)
    name = piper_name(url)
    files = await assets.voice(name) if name is not None else None

    def resolve(_: str) -> PiperFiles:
        assert files is not None
        return PiperFiles(files.model, files.config)

    voice = await anyio.to_thread.run_sync(lambda: open_voice(url, resolve=resolve, settings=settings.voice))
    try:
        yield voice
    finally:
        if voice is not None:
            with anyio.CancelScope(shield=True):
                await voice.aclose()


async def voice_url(settings: Settings, card: Card) -> str:
    """The URL of the voice that `open_voices` opens."""
    return await anyio.to_thread.run_sync(choose_voice, settings, card, Assets(settings.home))


async def until_able(voice: Voice) -> None:
    """Return when the voice can speak. Says once why it cannot."""
    facts = await voice.probe()
    if not facts.ready:
        log.warning("voice.not_ready", voice=facts.name, reason=facts.detail)
    while not facts.ready:
        await anyio.sleep(ASK_AGAIN_S)
        facts = await voice.probe()


async def render_card(voice: Voice, clips: ClipStore, card: Card, sessions: Sessions) -> None:
    """Render the card's lines, the likeliest first, letting players go first."""
    for line in card.book.all_lines():
        with anyio.move_on_after(PLAYERS_FIRST_S):
            await sessions.until_quiet()
        done = await render_ahead(voice, clips, [spoken_form(card, line)])
        if done.failed:
            await until_able(voice)
