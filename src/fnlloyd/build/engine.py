"""The engines of a house: attached to, or started here and kept warm."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

import anyio
import anyio.to_thread
import structlog
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from fnlloyd.assets import Assets
from fnlloyd.character import warm_prompt
from fnlloyd.config import Settings
from fnlloyd.engines import Engine, LlamaCppEngine, is_embedded, open_engine, parse_llamacpp
from fnlloyd.errors import EngineError
from fnlloyd.launch import ChildState, LlamaServer, LlamaShape
from fnlloyd.turn import Cast

SMALL_MODEL_PARAMETERS = 2e9
"""Below this a model follows a short persona better than a long one."""
SMALL_CONTEXT_TOKENS = 1536
"""A small embedded model reads 80 to 300 tokens a second on a laptop; a longer prompt would be felt."""
_PARAMETERS = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)([bm])(?![a-z0-9])", re.IGNORECASE)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Embedded:
    """An engine of our own and its server; something comes out of `loaded` each time the model has been loaded."""

    engine: LlamaCppEngine
    server: LlamaServer
    told: MemoryObjectSendStream[None]
    loaded: MemoryObjectReceiveStream[None]


Opened = tuple[Engine, Embedded | None]


async def open_one(url: str, settings: Settings) -> Opened:
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


async def keep_warm(embedded: Embedded, cast: Cast) -> None:
    """Let the engine read the card whenever it has loaded its model: at start, and after a restart."""
    with embedded.told, embedded.loaded:
        async for _ in embedded.loaded:
            try:
                await embedded.engine.warm(warm_prompt(cast.card, cast.small_model))
            except EngineError as error:
                log.warning("engine.not_warmed", reason=error.message)


def is_small(settings: Settings) -> bool:
    """Whether the preferred engine's model is small, told by its name; the embedded default is."""
    url = settings.engine.engines[0]
    if is_embedded(url) and not parse_llamacpp(url).spec:
        return True
    sizes = [float(n) * (1e9 if unit in "bB" else 1e6) for n, unit in _PARAMETERS.findall(url)]
    return bool(sizes) and max(sizes) < SMALL_MODEL_PARAMETERS
