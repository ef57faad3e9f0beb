"""Several engines as one, in order of preference. The only place where a line moves from one engine to the next.

A line moves on only before its first piece: after that words may have been heard, and none is ever said twice.
An engine that fails rests for a while, longer each time, and is asked again when the rest is over.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import anyio
import structlog

from fnlloyd.engines.engine import Engine
from fnlloyd.errors import EngineError, EngineUnavailable
from fnlloyd.events import EngineFacts, Piece, Prompt, Usage

FIRST_REST_S = 0.5
LONGEST_REST_S = 15.0
WATCH_S = 2.0
WORRIED_S = 0.25

UNASKED = EngineFacts(name="", model="", rung=0, ready=False, detail="not asked yet")

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Member:
    """One engine of the pool and how it has been doing. `rests_until` is on the pool's clock, in seconds."""

    engine: Engine
    facts: EngineFacts = UNASKED
    rests_until: float = 0.0
    rest_s: float = field(default=FIRST_REST_S)

    def answers(self, now: float) -> bool:
        return self.facts.ready and now >= self.rests_until


class EnginePool:
    def __init__(self, engines: Sequence[Engine], *, clock: Callable[[], float] = time.monotonic) -> None:
        if not engines:
            raise ValueError("a pool needs an engine")
        self._members = [Member(engine) for engine in engines]
        self.on_change: Callable[[EngineFacts, bool], None] = lambda _facts, _degraded: None
        """Told when another engine becomes the one that answers: its facts, and whether it stands in."""
        self._clock = clock
        self._shown = self._members[0]
        self._able = anyio.Event()
        self._worry = anyio.Event()
        """Set when an engine failed, so that it is asked at once how it is."""

    @property
    def facts(self) -> EngineFacts:
        """The engine that would answer now; if none would, the preferred one, not ready."""
        return self._best().facts

    @property
    def ready(self) -> bool:
        return self._best().answers(self._clock())

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Piece | Usage]:
        """Stream from the first engine that begins. Raises the last engine's error when none does."""
        trouble: EngineError = EngineUnavailable("no engine is ready yet")
        for member in self._in_turn():
            begun = False
            try:
                async with aclosing(member.engine.stream(prompt)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                self._did_well(member)
                return
            except EngineError as error:
                self._failed(member, error)
                if begun:
                    raise
                trouble = error
        raise trouble

    async def probe(self) -> EngineFacts:
        for member in self._members:
            await self._ask(member)
        self._look()
        return self.facts

    async def count_tokens(self, text: str) -> int | None:
        best = self._best()
        return await best.engine.count_tokens(text) if best.answers(self._clock()) else None

    async def watch(self) -> None:
        """Ask each engine how it is, every few seconds, until cancelled."""
        while True:
            await self.probe()
            self._worry = anyio.Event()
            with anyio.move_on_after(WATCH_S if self.ready else WORRIED_S):
                await self._worry.wait()

    async def until_ready(self) -> None:
        """Return once some engine answers, for the first time."""
        await self._able.wait()

    async def aclose(self) -> None:
        for member in self._members:
            with suppress(EngineError):
                await member.engine.aclose()

    def _in_turn(self) -> list[Member]:
        """Who to ask, in order. If all rest, the preferred one is asked all the same: waiting helps nobody."""
        now = self._clock()
        able = [member for member in self._members if member.answers(now) or member.facts is UNASKED]
        return able or self._members[:1]

    def _best(self) -> Member:
        now = self._clock()
        return next((member for member in self._members if member.answers(now)), self._members[0])

    async def _ask(self, member: Member) -> None:
        member.facts = await member.engine.probe()

    def _did_well(self, member: Member) -> None:
        member.rest_s, member.rests_until = FIRST_REST_S, 0.0

    def _failed(self, member: Member, error: EngineError) -> None:
        first = member.rest_s == FIRST_REST_S
        (log.warning if first else log.debug)(
            "engine.failed", engine=member.facts.name, code=error.code, reason=error.message
        )
        member.rests_until = self._clock() + member.rest_s
        member.rest_s = min(2 * member.rest_s, LONGEST_REST_S)
        self._worry.set()
        self._look()

    def _look(self) -> None:
        best = self._best()
        if not best.answers(self._clock()):
            return
        self._able.set()
        if best is not self._shown:
            self._shown = best
            self.on_change(best.facts, best is not self._members[0])
