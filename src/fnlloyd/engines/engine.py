"""The Engine protocol: where words come from. One streaming method; whoever leaves the stream stops the work."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol

from fnlloyd.events import EngineFacts, Piece, Prompt, Usage


class Engine(Protocol):
    def stream(self, prompt: Prompt) -> AsyncGenerator[Piece | Usage]:
        """Yield the answer piece by piece, then at most one Usage.

        Consume it inside `contextlib.aclosing`: closing it stops the engine's work at once.
        Raises EngineUnavailable, EngineFailed or EngineTimeout; nothing else.
        """
        ...

    async def probe(self) -> EngineFacts:
        """Say what the engine is and whether it answers. Never raises for a dead engine: `ready` is False."""
        ...

    async def count_tokens(self, text: str) -> int | None:
        """Count with the engine's own tokenizer; None where it has none to ask."""
        ...

    async def aclose(self) -> None:
        """Give back connections. The engine is not used afterwards."""
        ...
