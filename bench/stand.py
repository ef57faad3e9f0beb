"""The test stand that measures share: the paced engine, a folder to be thrown away, and how much to measure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bench.child import Child, fnlloyd, paced_engine


@dataclass(frozen=True, slots=True)
class Stand:
    engine: Child
    folder: Path
    quick: bool = False
    _numbers: count[int] = field(default_factory=count)

    def times(self, many: int, few: int) -> int:
        """How often to measure: `few` times in a quick run."""
        return few if self.quick else many

    async def pace(self, *, ttft_ms: float = 0.0, rate: float = 0.0, tokens: int = 20) -> None:
        """Set the engine's pace: milliseconds to the first token, then tokens a second (0: no wait)."""
        await self.engine.ask("/pace", {"ttft_ms": ttft_ms, "rate": rate, "tokens": tokens})

    def serve(
        self, *, voice: str = "none:", settings: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[Child]:
        """A server on the paced engine, with sessions in memory."""
        engine = f"openai+http://127.0.0.1:{self.engine.port}/v1?model=paced"
        flags = ("--engine", engine, "--voice", voice, "--store", "memory:")
        return fnlloyd(self.new_folder(), *flags, settings={"VOICE__RENDER_AHEAD": "false"} | dict(settings or {}))

    def new_folder(self) -> Path:
        folder = self.folder / str(next(self._numbers))
        folder.mkdir()
        return folder


@asynccontextmanager
async def open_stand(folder: Path, *, quick: bool) -> AsyncIterator[Stand]:
    async with paced_engine() as engine:
        yield Stand(engine, folder, quick)
