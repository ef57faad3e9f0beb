"""The line in progress: how it can be stopped, how long it is still being heard, and what was heard of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import anyio

from fnlloyd.events import End, OutcomeKind, Reason, Source
from fnlloyd.line import Clock, Line, Stand
from fnlloyd.session.cue import Cue
from fnlloyd.text import heard_text


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a line was stopped, and how long its sound may take to fade, in milliseconds."""

    end: End
    fade_ms: int


@dataclass(slots=True)
class Performance:
    cue: Cue
    line: Line
    clock: Clock
    played: bool
    """A player hears the sound, so the line is not over before it has been played."""
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    late: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    """Ends the work on a live line that has not begun by its deadline."""
    stopped: Stop | None = None
    failed: bool = False
    source: Source | None = None
    unspoken: tuple[OutcomeKind, Reason | None] = (OutcomeKind.DROPPED, None)
    """What the cue is told if no line ever starts."""
    _done: anyio.Event = field(default_factory=anyio.Event)
    _playing_since: float | None = None
    _heard_ms: float | None = None

    def stop(self, stop: Stop) -> None:
        """Stop the work and the sound. The first reason counts."""
        if self.stopped is None:
            self.stopped = stop
            if stop.end is End.REPLACED:
                self.unspoken = (OutcomeKind.DROPPED, Reason.PRIORITY)
            self.scope.cancel()

    def begun(self) -> None:
        """The line has started in time."""
        self.late.deadline = math.inf

    def started_playing(self, at_ms: float) -> None:
        self._playing_since = self.clock() - at_ms / 1000

    def finished_playing(self) -> None:
        self._done.set()

    def cut_at(self, at_ms: float) -> None:
        """The player heard that many milliseconds and no more."""
        self._heard_ms = at_ms
        self.stop(Stop(End.INTERRUPTED, 0))

    async def until_heard(self) -> None:
        """Wait until the player says so, or until the sound must have been played."""
        if not self.played or self.line.sounded_at is None:
            return
        while not self._done.is_set():
            since = self._since() or self.clock()
            left = since + self.line.duration_ms / 1000 - self.clock()
            if left <= 0:
                return
            with anyio.move_on_after(left):
                await self._done.wait()

    def close(self, heard: str) -> None:
        """End the line, if it ever started."""
        fade_ms = self.stopped.fade_ms if self.stopped else None
        self.line.end(self._end, heard=heard if heard != self.line.text.strip() else None, fade_ms=fade_ms)

    @property
    def _end(self) -> End:
        if self.stopped is not None:
            return self.stopped.end
        return End.FAILED if self.failed else End.COMPLETE

    @property
    def heard(self) -> str:
        """What the player heard, as text."""
        line = self.line
        if self._heard_ms is not None:
            return heard_text(line.sentences, self._heard_ms)
        since = self._since()
        if self.stopped is None or not self.played or since is None or line.stand < Stand.STARTED:
            return line.text.strip()
        return heard_text(line.sentences, 1000 * (self.clock() - since))

    def _since(self) -> float | None:
        return self._playing_since if self._playing_since is not None else self.line.sounded_at
