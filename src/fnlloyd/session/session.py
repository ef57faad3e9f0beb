"""One player with one character: takes what the game says, decides, and lets one line at a time be heard.

Everything here runs on one event loop and nothing waits but `_keep_stage`, which is started when there is
something to say and ends when there is not.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import anyio
import structlog
from anyio.abc import TaskGroup
from pydantic_core import to_json

from fnlloyd.character import merge_patch, read_mood
from fnlloyd.director import Decline, How, Speak, Speaking, Stage, decide, decide_say
from fnlloyd.errors import BadMessage, TooBig, UnknownLine, UnknownTrigger
from fnlloyd.events import (
    Answer,
    End,
    Event,
    Exchange,
    Interrupt,
    LineNoun,
    LineStart,
    Mode,
    Outcome,
    OutcomeKind,
    Reason,
    Say,
    StateChanged,
    TriggerRule,
    Trouble,
)
from fnlloyd.line import Clock
from fnlloyd.session.audience import Audience
from fnlloyd.session.cue import Cue
from fnlloyd.session.memory import Memory
from fnlloyd.session.performance import Performance, Stop
from fnlloyd.session.script import Script
from fnlloyd.session.wings import Wings
from fnlloyd.turn import Cast

REPLACE_FADE_MS = 120
INTERRUPT_FADE_MS = 80
STATE_FIELDS_LIMIT = 256
STATE_BYTES_LIMIT = 64 * 1024

log = structlog.get_logger(__name__)


class Session:
    """`tasks` runs the lines; `kept` is called whenever there is something new to store."""

    def __init__(
        self,
        id: str,
        cast: Cast,
        memory: Memory,
        tasks: TaskGroup,
        *,
        kept: Callable[[Session], None] = lambda _: None,
        engine_ready: Callable[[], bool] = lambda: True,
        clock: Clock = time.monotonic,
        rng: random.Random | None = None,
    ) -> None:
        self.id = id
        self.cast = cast
        self.memory = memory
        self.clock = clock
        self.mood = read_mood(cast.card, memory.state)
        self.audience = Audience(memory, clock)
        self.performance: Performance | None = None
        self._script = Script(id, cast, memory, self.audience, rng or random.Random())
        self._tasks = tasks
        self._kept = kept
        self._engine_ready = engine_ready
        self._first_state = memory.state
        self._wings = Wings()
        self._on_stage = False
        self._quiet = anyio.Event()
        self._cues = 0
        self._last_spoken: dict[str, float] = {}

    def event(self, event: Event) -> Cue:
        """Something happened. Raises UnknownTrigger for a canned line the card does not have."""
        cue = self._cue(event)
        try:
            rule = self._rule(event)
        except UnknownTrigger:
            self._settle(cue, OutcomeKind.FAILED)
            raise
        decision = decide(event, rule, self._stage(), self.clock())
        if isinstance(decision, Speak):
            self._schedule(cue, decision)
        else:
            self._decline(cue, event, decision)
        return cue

    def say(self, say: Say) -> Cue:
        """The player speaks to the character; whatever is being said makes way."""
        cue = self._cue(say)
        self._schedule(cue, decide_say(self._stage()))
        return cue

    def canned(self, trigger: str) -> str | None:
        """A canned line for a trigger, for now's mood: not said to anyone, not remembered. None if there is none."""
        return self._script.pick(trigger, self.mood)

    def change_state(self, patch: Mapping[str, Any]) -> None:
        """Merge a patch (RFC 7396) into the game's state. Raises BadMessage or TooBig past its bounds."""
        state = merge_patch(self.memory.state, patch)
        if len(state) > STATE_FIELDS_LIMIT:
            raise BadMessage(f"state: expected at most {STATE_FIELDS_LIMIT} fields; got {len(state)}", field="state")
        if len(to_json(state)) > STATE_BYTES_LIMIT:
            raise TooBig(f"state: all of it together may have {STATE_BYTES_LIMIT} bytes", field="state")
        before, self.mood = self.mood, read_mood(self.cast.card, state)
        self.memory.state = state
        if self.mood != before:
            self.audience.publish(StateChanged(self.mood, state))
        self._kept(self)

    def interrupt(self, line: int | None = None, fade_ms: int | None = None) -> None:
        """Stop what is being said, or being thought of; a line that has just ended is let be.

        Raises UnknownLine for a line that never was.
        """
        performance = self.performance
        if line is not None:
            performance = self._performing(line, "interrupt.line")
        elif self._wings.next_up:
            self._settle(self._wings.enter(), OutcomeKind.DROPPED)
        if performance is not None:
            performance.stop(Stop(End.INTERRUPTED, INTERRUPT_FADE_MS if fade_ms is None else fade_ms))

    def heard_started(self, line: int, at_ms: float) -> None:
        """The player began to hear a line, `at_ms` milliseconds into it. Raises UnknownLine."""
        if performance := self._performing(line):
            performance.started_playing(at_ms)

    def heard_finished(self, line: int) -> None:
        """The player has heard a line to its end. Raises UnknownLine."""
        if performance := self._performing(line):
            performance.finished_playing()

    def heard_cut(self, line: int, at_ms: float) -> None:
        """The player heard `at_ms` milliseconds of a line and no more; 0 for a dropped one. Raises UnknownLine."""
        if performance := self._performing(line):
            performance.cut_at(at_ms)
        elif self.memory.revise(line, at_ms):
            self._kept(self)

    @property
    def idle_s(self) -> float:
        """Seconds since anybody listened; 0 while somebody does or a line is in progress."""
        return 0.0 if len(self.audience) or self._on_stage else self.clock() - self.audience.left_at

    def catch_up(self, earlier: Memory) -> None:
        """Go on from an earlier memory that could not be read when the session was opened."""
        self.memory.catch_up(earlier, self._first_state)
        self.mood = read_mood(self.cast.card, self.memory.state)

    def forget(self) -> None:
        """Forget what was said. The game's state stays."""
        self.memory.forget()
        self._kept(self)

    async def until_quiet(self) -> None:
        """Return when nothing is being said and nothing waits to be."""
        if self._on_stage:
            await self._quiet.wait()

    def left(self) -> None:
        """A listener left. If it was the last, nobody wants what is being said, so engine and voice stop."""
        if not len(self.audience):
            self._stop_all()

    def close(self) -> None:
        """Stop what is being said and let every listener go."""
        self._stop_all()
        self.audience.dismiss()

    def _stop_all(self) -> None:
        for cue in self._wings.clear():
            self._settle(cue, OutcomeKind.DROPPED)
        if self.performance:
            self.performance.stop(Stop(End.INTERRUPTED, 0))

    def _schedule(self, cue: Cue, speak: Speak) -> None:
        cue.speak = speak
        if speak.how is How.REPLACE:
            if beaten := self._wings.take_floor(cue):
                self._settle(beaten, OutcomeKind.DROPPED, Reason.PRIORITY)
            if self.performance:
                at_once = isinstance(cue.moment, Event) and cue.moment.interrupt is Interrupt.NOW
                self.performance.stop(Stop(End.REPLACED, 0 if at_once else REPLACE_FADE_MS))
        else:
            self._wings.wait(cue)
        if not self._on_stage:
            self._on_stage, self._quiet = True, anyio.Event()
            self._tasks.start_soon(self._keep_stage)

    def _decline(self, cue: Cue, event: Event, decision: Decline) -> None:
        if decision.outcome is OutcomeKind.CONTEXT:
            self.memory.remember(Exchange("", "context", time.time(), trigger=event.trigger, data=event.data))
            self._kept(self)
        self._settle(cue, decision.outcome, decision.reason)

    async def _keep_stage(self) -> None:
        try:
            while self._wings:
                await self._perform(self._wings.enter())
        finally:
            self._on_stage = False
            self._quiet.set()

    async def _perform(self, cue: Cue) -> None:
        performance = self._script.cast_line(cue, self._publish, self.mood, self.clock)
        self.performance = performance
        try:
            with performance.scope:
                await self._script.perform(performance)
                await performance.until_heard()
        except Exception as error:  # a defect of ours must not cost the player the session
            log.exception("line.broke", session=self.id, cue=cue.number)
            performance.failed = True
            self.audience.publish(Trouble("internal", f"the line broke: {type(error).__name__}", True, id=cue.id))
        finally:
            self.performance = None
            self._conclude(performance)

    def _conclude(self, performance: Performance) -> None:
        """The one end of a line, its cue's outcome if it has none yet, and what is remembered."""
        heard = performance.heard
        performance.close(heard)
        self._settle(performance.cue, *performance.unspoken)
        if self._script.remember(performance, heard):
            self._tasks.start_soon(self._script.count_tokens)
        self._kept(self)

    def _publish(self, noun: LineNoun) -> None:
        self.audience.publish(noun)
        if isinstance(noun, LineStart) and self.performance:
            self.memory.lines = noun.line
            self.performance.begun()
            if noun.trigger in self.cast.card.triggers:
                self._last_spoken[noun.trigger] = self.clock()
            self._settle(self.performance.cue, OutcomeKind.SPOKEN, line=noun.line)

    def _settle(self, cue: Cue, outcome: OutcomeKind, reason: Reason | None = None, line: int | None = None) -> None:
        """Say what became of a cue, once."""
        if cue.outcome is None:
            cue.outcome, cue.reason, cue.line = outcome, reason, line
            self.audience.publish(Outcome(cue.id, outcome, reason, line, cue.number))

    def _rule(self, event: Event) -> TriggerRule:
        card = self.cast.card
        rule = card.rule(event.trigger, small_model=self.cast.small_model)
        if rule is not None:
            return rule
        if event.mode is Mode.CANNED:
            near = card.nearest(event.trigger)
            raise UnknownTrigger(
                f"event.trigger: {card.name} has no line for {event.trigger!r}",
                hint=f"did you mean {near}?" if near else None,
                field="trigger",
            )
        return TriggerRule(event.trigger, category="unknown", answer=Answer.LIVE)

    def _stage(self) -> Stage:
        cue = self._wings.next_up or (self.performance.cue if self.performance else None)
        speaking = Speaking(cue.priority, isinstance(cue.moment, Say)) if cue else None
        return Stage(speaking, len(self._wings), self._last_spoken, self._engine_ready())

    def _cue(self, moment: Say | Event) -> Cue:
        self._cues += 1
        return Cue(self._cues, moment, self.clock())

    def _performing(self, line: int, field: str = "heard.line") -> Performance | None:
        if self.performance and self.performance.line.number == line:
            return self.performance
        if line > self.memory.lines:
            raise UnknownLine(f"{field}: there is no line {line} yet", field="line")
        return None
