"""A line while it is made: the one place that says it started, what it said, and how it ended.

    asked -> started -> sent -> ended        a line that never starts leaves no trace but its event's outcome

Whoever makes the line calls `start`, `show`, `sound`, `close_sentence` and `finish`; whoever owns the session
calls `end`. Each step publishes its noun at once, so nothing of a line can come after its end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from fnlloyd.events import (
    End,
    LineDelta,
    LineEnd,
    LineNoun,
    LineSent,
    LineSentence,
    LineSound,
    LineStart,
    LineStop,
    Mix,
    Mood,
    Priority,
    SoundFormat,
    Source,
    Timings,
    Usage,
)

Clock = Callable[[], float]
Publish = Callable[[LineNoun], None]

_DUCK_DB = {Priority.LOW: -4.0, Priority.NORMAL: -6.0, Priority.HIGH: -9.0, Priority.CRITICAL: -12.0}


class Stand(IntEnum):
    """How far a line has come. It only ever goes up."""

    ASKED = 0
    STARTED = 1
    SENT = 2
    ENDED = 3


@dataclass(frozen=True, slots=True)
class Billing:
    """What a line is announced with. `asked_at` is on the session's monotonic clock, in seconds."""

    cue: int
    priority: Priority
    mood: Mood
    asked_at: float
    trigger: str | None = None
    event: str | None = None


@dataclass(slots=True)
class Line:
    number: int
    billing: Billing
    publish: Publish
    clock: Clock
    stand: Stand = Stand.ASKED
    text: str = ""
    sentences: list[LineSentence] = field(default_factory=list)
    usage: Usage | None = None
    sounded_at: float | None = None
    """When the first sound went out, on `clock`; None while there is none."""
    _format: SoundFormat | None = None
    _samples: int = 0
    _sentence_samples: int = 0
    _worked_at: float | None = None
    _token_at: float | None = None
    _sentence_at: float | None = None

    @property
    def duration_ms(self) -> int:
        """Milliseconds of sound published so far."""
        return round(1000 * self._samples / self._format.sample_rate) if self._format else 0

    @property
    def timings(self) -> Timings:
        return Timings(
            queued_ms=self._since_asked(self._worked_at) or 0.0,
            first_token_ms=self._since_asked(self._token_at),
            first_sentence_ms=self._since_asked(self._sentence_at),
            first_audio_ms=self._since_asked(self.sounded_at),
            total_ms=self._since_asked(self.clock()) or 0.0,
        )

    def begin_work(self) -> None:
        """The line's turn has come: what it waited until now is `queued_ms`."""
        self._worked_at = self.clock()

    def first_token(self) -> None:
        if self._token_at is None:
            self._token_at = self.clock()

    def first_sentence(self) -> None:
        if self._sentence_at is None:
            self._sentence_at = self.clock()

    def start(
        self, source: Source, *, text: str | None = None, sound: str | None = None, expected_ms: int | None = None
    ) -> None:
        """Announce the line. `text` when all of it is known already; then no deltas follow."""
        self.stand = Stand.STARTED
        self.text = text or ""
        billing = self.billing
        self.publish(
            LineStart(
                line=self.number,
                source=source,
                mood=billing.mood,
                priority=billing.priority,
                trigger=billing.trigger,
                event=billing.event,
                text=text,
                sound=sound,
                mix=_mix(billing, expected_ms),
                cue=billing.cue,
            )
        )

    def show(self, delta: str) -> None:
        """More text to show."""
        if self.stand is Stand.ENDED:
            return
        self.text += delta
        self.publish(LineDelta(self.number, delta))

    def sound(self, pcm: bytes, fmt: SoundFormat) -> None:
        """More sound, of the sentence that is open."""
        if self.stand is Stand.ENDED:
            return
        if self.sounded_at is None:
            self.sounded_at = self.clock()
        self._format = fmt
        self.publish(LineSound(self.number, len(self.sentences), self._samples, pcm, fmt))
        self._samples += fmt.samples(len(pcm))

    def close_sentence(self, text: str, sound: str | None = None) -> None:
        """The open sentence is complete; the next sound belongs to the next one."""
        if self.stand is Stand.ENDED:
            return
        rate = self._format.sample_rate if self._format else 1
        start_ms = round(1000 * self._sentence_samples / rate)
        duration_ms = round(1000 * self._samples / rate) - start_ms  # so that sentences lie end to end
        self._sentence_samples = self._samples
        sentence = LineSentence(self.number, len(self.sentences), text, start_ms, duration_ms, sound)
        self.sentences.append(sentence)
        self.publish(sentence)

    def finish(self) -> None:
        """All text and sound of the line are out."""
        if self.stand is Stand.ENDED:
            return
        self.stand = Stand.SENT
        self.text = self.text.strip()
        self.publish(LineSent(self.number, self.text, self.duration_ms, self.timings, self.usage))

    def end(self, end: End, *, heard: str | None = None, fade_ms: int | None = None) -> None:
        """The one end of a started line. `fade_ms` tells players to stop first."""
        if self.stand not in (Stand.STARTED, Stand.SENT):
            return
        if fade_ms is not None:
            self.publish(LineStop(self.number, fade_ms))
        self.stand = Stand.ENDED
        self.publish(LineEnd(self.number, end, self.text.strip(), self.duration_ms, self.timings, heard, self.usage))

    def _since_asked(self, moment: float | None) -> float | None:
        return None if moment is None else round(1000 * (moment - self.billing.asked_at), 3)


def _mix(billing: Billing, expected_ms: int | None) -> Mix:
    """Duck the music more for what matters more; a decibel for each step of intensity."""
    return Mix(duck_db=_DUCK_DB[billing.priority] - billing.mood.intensity, expected_ms=expected_ms)
