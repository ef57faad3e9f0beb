"""What a game says: events, the player's words, and how urgent they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 (low) to 3 (critical)."""
        return _RANKS[self]


_RANKS = {Priority.LOW: 0, Priority.NORMAL: 1, Priority.HIGH: 2, Priority.CRITICAL: 3}


class Mode(StrEnum):
    """Which kind of line an event asks for; AUTO leaves it to the card."""

    AUTO = "auto"
    CANNED = "canned"
    LLM = "llm"
    VERBATIM = "verbatim"
    CONTEXT = "context"


class OnLate(StrEnum):
    CANNED = "canned"
    DROP = "drop"
    CONTEXT_ONLY = "context_only"


class Interrupt(StrEnum):
    """How a line treats the one in progress."""

    QUEUE = "queue"
    REPLACE = "replace"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Event:
    """Something the game says happened. `priority` None means what the card says for the trigger."""

    trigger: str
    id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    priority: Priority | None = None
    deadline_ms: int | None = None
    on_late: OnLate = OnLate.CANNED
    mode: Mode = Mode.AUTO
    text: str | None = None
    key: str | None = None
    interrupt: Interrupt | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """The player speaks to the character; in the setting `development` it is the game's maker who does."""

    text: str
    id: str | None = None
    deadline_ms: int | None = None
    setting: Literal["gameplay", "development"] = "gameplay"


class Answer(StrEnum):
    """What a card wants for a trigger when an event leaves it open (`mode: auto`)."""

    CANNED = "canned"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """What the card says of one trigger. `cooldown_s` is in seconds, 0 for none."""

    trigger: str
    category: str
    priority: Priority = Priority.NORMAL
    cooldown_s: float = 0.0
    answer: Answer = Answer.CANNED
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Mood:
    """How the character feels: a mood's name and an intensity from 0 (calm) to 3 (utmost)."""

    name: str = "neutral"
    intensity: int = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One remembered turn: what prompted the line, and the line as far as it was heard.

    `said` is the player's words; for an event it is None and `trigger` (with `data`) says what happened.
    `at` is Unix time in seconds.
    """

    line: str
    source: str
    at: float
    said: str | None = None
    trigger: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    cut: bool = False
