"""How a cue becomes a line: which words, from where, and what stands in when they do not come.

A live line has a canned one behind it where the card has one for its trigger, and a fallback line where the
player spoke. It takes over if the engine fails before the first visible word, or if the deadline comes first.
After the first visible word the line is what it is.
"""

from __future__ import annotations

import random
import time
from collections import deque

import anyio

from fnlloyd.character import Watch, build_prompt, prompt_texts
from fnlloyd.director import Kind
from fnlloyd.errors import EngineError, EngineFailed, FnlloydError
from fnlloyd.events import Event, Exchange, Mood, OnLate, OutcomeKind, Prompt, Reason, Say, Source, Trouble
from fnlloyd.line import Billing, Clock, Line, Publish, Stand
from fnlloyd.session.audience import Audience
from fnlloyd.session.cue import Cue
from fnlloyd.session.memory import Memory
from fnlloyd.session.performance import Performance
from fnlloyd.turn import Cast, Turn, Words, given, improvise, recite

RECENT_LINES = 64
"""Canned lines remembered so as not to say them again soon."""
FALLBACK = "fallback"
DEFLECT = "deflect"


class Script:
    def __init__(self, session: str, cast: Cast, memory: Memory, audience: Audience, rng: random.Random) -> None:
        self._session = session
        self._cast = cast
        self._memory = memory
        self._audience = audience
        self._rng = rng
        self._recent: deque[str] = deque(maxlen=RECENT_LINES)

    def cast_line(self, cue: Cue, publish: Publish, mood: Mood, clock: Clock) -> Performance:
        """Prepare a cue's performance; nothing is said yet."""
        billing = Billing(cue.number, cue.priority, mood, cue.asked_at, cue.trigger, cue.id)
        line = Line(self._memory.lines + 1, billing, publish, clock)
        return Performance(cue, line, clock, self._audience.plays)

    async def perform(self, performance: Performance) -> None:
        """Make the line and send it. Returns when all of it is out, or there is none."""
        cue, line = performance.cue, performance.line
        line.begin_work()
        moment = cue.moment
        if cue.kind is Kind.VERBATIM and isinstance(moment, Event):
            await self._improvise(performance, Source.VERBATIM, given(moment.text or ""))
        elif cue.kind is Kind.CANNED and (text := self._pick(performance)):
            await self._recite(performance, Source.CANNED, text)
        else:
            await self._live(performance)

    def remember(self, performance: Performance, heard: str) -> bool:
        """Put what was heard into the session's memory; a line nobody heard never happened. True if there was any."""
        cue, line = performance.cue, performance.line
        said = cue.moment.text if isinstance(cue.moment, Say) else None
        if not heard and said is None:
            return False
        data = cue.moment.data if isinstance(cue.moment, Event) else {}
        source = performance.source.value if performance.source else "none"
        cut = heard != line.text.strip()
        exchange = Exchange(heard, source, time.time(), said, cue.trigger, data, cut)
        self._memory.remember(exchange, line.number if line.stand > Stand.ASKED else None, line.sentences)
        return True

    async def count_tokens(self) -> None:
        """Ask the engine how long the history's texts are, so that the next prompt is cut where it must be.

        Not on the path of a line: until it has answered, an estimate on the safe side is used.
        """
        card = self._cast.card
        told = self._memory.history[-card.history.turns :] if card.history.turns else []
        texts = prompt_texts(card, told, small_model=self._cast.small_model)
        for text in self._cast.counts.missing(texts):
            try:
                tokens = await self._cast.engine.count_tokens(text)
            except EngineError:
                return  # the estimate will do; whether the engine is well is seen elsewhere
            if tokens is None:
                return
            self._cast.counts.put(text, tokens)

    async def _live(self, performance: Performance) -> None:
        cue = performance.cue
        prompt = self._prompt(performance)
        if cue.deadline is not None:
            performance.late.deadline = anyio.current_time() + max(0.0, cue.deadline - performance.clock())
        trouble: EngineError | None = None
        with performance.late:
            trouble = await self._improvise(performance, Source.LLM, self._cast.engine.stream(prompt))
        if performance.line.stand is not Stand.ASKED:
            if trouble is not None:
                self._fail(performance, trouble)
        elif performance.late.cancelled_caught:
            await self._stand_in_late(performance)
        else:
            await self._stand_in(performance, trouble or EngineFailed("the engine answered without a visible word"))

    async def _improvise(self, performance: Performance, source: Source, words: Words) -> EngineError | None:
        turn = self._turn(performance, source)
        await improvise(turn, words)
        self._report_voice(performance, turn)
        return turn.trouble

    async def _recite(self, performance: Performance, source: Source, text: str) -> None:
        turn = self._turn(performance, source)
        await recite(turn, text)
        self._report_voice(performance, turn)

    async def _stand_in_late(self, performance: Performance) -> None:
        cue = performance.cue
        if cue.on_late is OnLate.CANNED and (text := self._pick(performance)):
            await self._recite(performance, Source.CANNED, text)
        elif cue.on_late is OnLate.CONTEXT_ONLY:
            performance.unspoken = (OutcomeKind.CONTEXT, Reason.DEADLINE)
        else:
            performance.unspoken = (OutcomeKind.LATE, Reason.DEADLINE)

    async def _stand_in(self, performance: Performance, trouble: EngineError) -> None:
        """The engine did not begin: say what stands ready, and tell the game why."""
        text = self._pick(performance)
        if text is None:
            self._fail(performance, trouble)
            return
        performance.cue.trouble = trouble
        self._tell(performance, trouble)
        await self._recite(performance, Source.FALLBACK, text)

    def _pick(self, performance: Performance) -> str | None:
        """A canned line for the moment: the trigger's own, or a fallback for the player's words."""
        return self.pick(performance.cue.trigger or FALLBACK, performance.line.billing.mood)

    def pick(self, trigger: str, mood: Mood) -> str | None:
        """A canned line not picked lately; None for a trigger without lines."""
        text = self._cast.book.pick(trigger, mood, recent=self._recent, rng=self._rng)
        if text is not None:
            self._recent.append(text)
        return text

    def _turn(self, performance: Performance, source: Source) -> Turn:
        performance.source = source
        deflection = self._cast.book.pick(DEFLECT, performance.line.billing.mood, recent=(), rng=self._rng)
        return Turn(
            cast=self._cast,
            line=performance.line,
            source=source,
            voice=self._cast.voice if self._audience.wants_sound else None,
            deflection=deflection or "Let us speak of something else.",
            watch=Watch(self._cast.guard),
            record_sound=self._audience.wants_urls,
        )

    def _prompt(self, performance: Performance) -> Prompt:
        memory, moment = self._memory, performance.cue.moment
        return build_prompt(
            self._cast.card,
            memory.history,
            memory.state,
            performance.line.billing.mood,
            moment,
            budget=self._cast.budget,
            session=self._session,
            small_model=self._cast.small_model,
            forgotten=memory.forgotten,
            setting=moment.setting if isinstance(moment, Say) else "gameplay",
        )

    def _fail(self, performance: Performance, trouble: EngineError) -> None:
        performance.failed = True
        performance.cue.trouble = trouble
        performance.unspoken = (OutcomeKind.FAILED, None)
        self._tell(performance, trouble)

    def _report_voice(self, performance: Performance, turn: Turn) -> None:
        if turn.voice_failure is not None:
            self._tell(performance, turn.voice_failure)

    def _tell(self, performance: Performance, error: FnlloydError) -> None:
        line = performance.line
        number = line.number if line.stand is not Stand.ASKED else None
        self._audience.publish(
            Trouble(error.code, error.message, error.retryable, error.hint, number, performance.cue.id)
        )
