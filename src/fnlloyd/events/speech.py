"""What happens while a line is made and spoken: the nouns a turn sends out, in this order.

    LineStart (LineDelta | LineSound | LineSentence)* LineSent [LineStop] LineEnd

A line that never starts has none of them; its event has an Outcome all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fnlloyd.events.happenings import Mood, Priority
from fnlloyd.events.prompts import Usage
from fnlloyd.events.sounds import SoundFormat


class Source(StrEnum):
    CANNED = "canned"
    LLM = "llm"
    PREPARED = "prepared"
    VERBATIM = "verbatim"
    FALLBACK = "fallback"


class End(StrEnum):
    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    REPLACED = "replaced"
    FAILED = "failed"


class OutcomeKind(StrEnum):
    SPOKEN = "spoken"
    COALESCED = "coalesced"
    DROPPED = "dropped"
    LATE = "late"
    CONTEXT = "context"
    FAILED = "failed"


class Reason(StrEnum):
    COOLDOWN = "cooldown"
    BUDGET = "budget"
    FLOOR = "floor"
    PAUSED = "paused"
    PRIORITY = "priority"
    REPEAT = "repeat"
    DEADLINE = "deadline"
    FULL = "full"
    UNSAFE = "unsafe"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Mix:
    """How a game should mix the line: `duck_db` (0 or below) is what to do to its music."""

    duck_db: float = -6.0
    attack_ms: int = 80
    release_ms: int = 400
    expected_ms: int | None = None
    safe_cut_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds since the turn was asked for; `queued_ms` is what it waited before work began."""

    queued_ms: float = 0.0
    first_token_ms: float | None = None
    first_sentence_ms: float | None = None
    first_audio_ms: float | None = None
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class LineStart:
    line: int
    source: Source
    mood: Mood
    priority: Priority
    trigger: str | None = None
    event: str | None = None
    emotion: str | None = None
    text: str | None = None
    sound: str | None = None  # names the line's sound: the last part of its audioUrl, without the ending
    mix: Mix = field(default_factory=Mix)
    cue: int = 0  # which request this answers; inside only, never on the wire


@dataclass(frozen=True, slots=True)
class LineDelta:
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class LineSound:
    """Sound of a sentence, as it is made. `first_sample` counts from the start of the line."""

    line: int
    sentence: int
    first_sample: int
    pcm: bytes
    format: SoundFormat


@dataclass(frozen=True, slots=True)
class LineSentence:
    """A sentence whose sound is complete (or that has none: `duration_ms` 0)."""

    line: int
    index: int
    text: str
    start_ms: int
    duration_ms: int
    sound: str | None = None


@dataclass(frozen=True, slots=True)
class LineSent:
    """All text and sound of the line are out. `timings` and `usage` are for answers that end here (REST)."""

    line: int
    text: str
    duration_ms: int
    timings: Timings = field(default_factory=Timings)
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class LineStop:
    line: int
    fade_ms: int


@dataclass(frozen=True, slots=True)
class LineEnd:
    line: int
    end: End
    text: str
    duration_ms: int
    timings: Timings
    heard: str | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event. Told to the game only if it gave the event an `id`."""

    id: str | None
    outcome: OutcomeKind
    reason: Reason | None = None
    line: int | None = None
    cue: int = 0  # which request this answers; inside only, never on the wire


@dataclass(frozen=True, slots=True)
class StateChanged:
    mood: Mood
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EngineChanged:
    name: str
    model: str
    rung: int
    degraded: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as a message, for after the first byte."""

    code: str
    message: str
    retryable: bool
    hint: str | None = None
    line: int | None = None
    id: str | None = None


LineNoun = LineStart | LineDelta | LineSound | LineSentence | LineSent | LineStop | LineEnd
Noun = LineNoun | Outcome | StateChanged | EngineChanged | Trouble
