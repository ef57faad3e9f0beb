"""The only place where concrete meets concrete: from settings to a house that doors can be put on.

What runs beside the doors (the embedded engine, the voice, the sessions, rendering ahead) runs in one task group
here, and ends with it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import anyio
import anyio.to_thread
import structlog
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from fnlloyd.assets import Assets, Progress
from fnlloyd.assets.catalogue import DEFAULT_VOICE
from fnlloyd.character import Budget, Card, Guard, TokenCounts, find_card, load_card, warm_prompt
from fnlloyd.config import Settings
from fnlloyd.engines import Engine, EnginePool, LlamaCppEngine, is_embedded, open_engine, parse_llamacpp
from fnlloyd.errors import EngineError
from fnlloyd.events import EngineChanged, EngineFacts
from fnlloyd.launch import ChildState, LlamaServer, LlamaShape
from fnlloyd.sessions import Sessions
from fnlloyd.stores import Store, open_store
from fnlloyd.turn import Cast, spoken_form
from fnlloyd.voices import ClipStore, PiperFiles, Recordings, Voice, open_voice, render_ahead

SMALL_MODEL_PARAMETERS = 2e9
"""Below this a model follows a short persona better than a long one."""
SMALL_CONTEXT_TOKENS = 1536
"""A small embedded model reads 80 to 300 tokens a second on a laptop; a longer prompt would be felt."""
PLAYERS_FIRST_S = 2.0
"""How long rendering ahead waits for a pause in what is being said, line by line."""
_PARAMETERS = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)([bm])(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Embedded:
    """An engine of our own and its server; something comes out of `loaded` each time the model has been loaded."""

    engine: LlamaCppEngine
    server: LlamaServer
    told: MemoryObjectSendStream[None]
    loaded: MemoryObjectReceiveStream[None]


Opened = tuple[Engine, Embedded | None]

log = structlog.get_logger(__name__)


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

    def engine_facts(self) -> EngineFacts:
        """Who would answer now, from what is known."""
        return self.engine.facts


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must be on this machine before the house can open: embedded models and one voice, by name."""

    models: tuple[str, ...]
    voice: str | None


async def wanted(settings: Settings, card: Card, assets: Assets) -> Wanted:
    """What the settings need that a file must be there for. Raises SetupError for an engine or voice nobody knows."""
    specs = tuple(parse_llamacpp(url).spec for url in settings.engine.engines if is_embedded(url))
    url = await anyio.to_thread.run_sync(choose_voice, settings, card, assets)
    return Wanted(specs, _piper_name(url))


async def fetch_assets(settings: Settings, on_progress: Progress) -> None:
    """Fetch what is missing, telling how far it is. Raises AssetError, saying which file to put where."""
    card = await anyio.to_thread.run_sync(read_card, settings)
    assets = Assets(settings.home, on_progress=on_progress)
    needs = await wanted(settings, card, assets)
    for spec in needs.models:
        await assets.model(spec)
    if needs.voice is not None:
        await assets.voice(needs.voice)


def read_card(settings: Settings) -> Card:
    """The character of these settings. Reads files. Raises UnknownCharacter or CardError."""
    return load_card(find_card(settings.character))


def choose_voice(settings: Settings, card: Card, assets: Assets) -> str:
    """The URL of the voice to use: the first wished for that is here, else the first that can be fetched.

    What the settings name is taken as it is; the card's list is only wishes. Looks at the disk.
    """
    wishes = settings.voice.urls or [*card.voices, "none:"]
    here = (url for url in wishes if (name := _piper_name(url)) is None or assets.have_voice(name))
    first = next(here, wishes[0])
    if first == "none:" and not settings.voice.urls and card.voices:
        return next((url for url in card.voices if _piper_name(url) == DEFAULT_VOICE), card.voices[0])
    return first


@asynccontextmanager
async def open_voices(settings: Settings, card: Card) -> AsyncGenerator[Voice | None]:
    """The voice of these settings, closed at the end. Raises SetupError or AssetError when it cannot be opened."""
    assets = Assets(settings.home)
    url = await anyio.to_thread.run_sync(choose_voice, settings, card, assets)
    name = _piper_name(url)
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


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncGenerator[House]:
    """Open everything, in the order in which it is needed; close it in the other. Raises SetupError or AssetError.

    The doors may be opened at once: until the embedded engine has loaded its model, canned lines are spoken.
    """
    card = await anyio.to_thread.run_sync(read_card, settings)
    guard = await anyio.to_thread.run_sync(Guard, card)
    # Whatever can be wrong with the settings is found before the task group, which would wrap the error.
    engines = [await _open_engine(url, settings) for url in settings.engine.engines]
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
    voice_url = await anyio.to_thread.run_sync(choose_voice, settings, card, Assets(settings.home)) if voice else None
    clips = ClipStore(settings.clips, memory_bytes=settings.voice.memory_bytes)
    recordings = Recordings()
    counts = TokenCounts()
    small = _is_small(settings)
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
            tasks.start_soon(_keep_warm, embedded, cast)
    house = House(settings, card, sessions, pool, voice, voice_url, clips, recordings, anyio.Event())
    tasks.start_soon(pool.watch)
    tasks.start_soon(_ready_voice, house)
    return house


async def _open_engine(url: str, settings: Settings) -> Opened:
    """An engine by its URL, and the server to start for it if it is an embedded one."""
    key = settings.engine.api_key.get_secret_value() if settings.engine.api_key else None
    timeouts = settings.engine.timeouts
    if not is_embedded(url):
        return await anyio.to_thread.run_sync(lambda: open_engine(url, api_key=key, timeouts=timeouts)), None
    model = await Assets(settings.home).model(parse_llamacpp(url).spec)
    shape = LlamaShape(
        slots=settings.engine.slots,
        context=settings.engine.context_tokens,
        threads=settings.engine.threads,
        gpu_layers=settings.engine.gpu_layers,
    )
    told, loaded = anyio.create_memory_object_stream[None](1)

    def on_change(state: ChildState) -> None:
        if state is ChildState.READY:
            with suppress(anyio.WouldBlock):
                told.send_nowait(None)

    server = LlamaServer(model, shape, alias=model.stem, on_change=on_change)
    engine = LlamaCppEngine(server.base_url, model=model.stem, api_key=server.api_key, timeouts=timeouts)
    return engine, Embedded(engine, server, told, loaded)


async def _keep_warm(embedded: Embedded, cast: Cast) -> None:
    """Let the engine read the card whenever it has loaded its model: at start, and after a restart."""
    with embedded.told, embedded.loaded:
        async for _ in embedded.loaded:
            try:
                await embedded.engine.warm(warm_prompt(cast.card, cast.small_model))
            except EngineError as error:
                log.warning("engine.not_warmed", reason=error.message)


async def _ready_voice(house: House) -> None:
    """Wait until the voice can speak, then render the card's lines ahead if the settings say so."""
    voice = house.voice
    if voice is None:
        house.voice_ready.set()
        return
    facts = await voice.probe()
    if not facts.ready:
        log.warning("voice.not_ready", voice=facts.name, reason=facts.detail)
        return
    house.voice_ready.set()
    if house.settings.voice.render_ahead:
        await _render_ahead(voice, house)


async def _render_ahead(voice: Voice, house: House) -> None:
    """Render the card's lines, the likeliest first, letting players go first."""
    for line in house.card.book.all_lines():
        with anyio.move_on_after(PLAYERS_FIRST_S):
            await house.sessions.until_quiet()
        done = await render_ahead(voice, house.clips, [spoken_form(house.card, line)])
        if done.failed and not (await voice.probe()).ready:
            log.warning("voice.render_ahead_stopped", line=line)
            return


def _piper_name(url: str) -> str | None:
    """The name of the Piper voice a URL means, None where no file has to be found by name."""
    scheme, _, rest = url.partition(":")
    name = rest.partition("?")[0]
    return name if scheme == "piper" and not name.endswith(".onnx") else None


def _is_small(settings: Settings) -> bool:
    """Whether the preferred engine's model is small, told by its name; the embedded default is."""
    url = settings.engine.engines[0]
    if is_embedded(url) and not parse_llamacpp(url).spec:
        return True
    sizes = [float(n) * (1e9 if unit in "bB" else 1e6) for n, unit in _PARAMETERS.findall(url)]
    return bool(sizes) and max(sizes) < SMALL_MODEL_PARAMETERS
