"""A cue: one request for a line, from the moment it was asked to its outcome."""

from __future__ import annotations

from dataclasses import dataclass

from fnlloyd.director import Kind, Speak
from fnlloyd.errors import FnlloydError
from fnlloyd.events import Event, OnLate, OutcomeKind, Priority, Reason, Say


@dataclass(slots=True)
class Cue:
    """`asked_at` is in seconds on the session's monotonic clock. `speak` is None when there will be no line."""

    number: int
    moment: Say | Event
    asked_at: float
    speak: Speak | None = None
    outcome: OutcomeKind | None = None
    """None until it is settled; then never changed."""
    reason: Reason | None = None
    line: int | None = None
    trouble: FnlloydError | None = None
    """What kept the engine from answering, even if a fallback line was spoken."""

    @property
    def id(self) -> str | None:
        return self.moment.id

    @property
    def trigger(self) -> str | None:
        return self.moment.trigger if isinstance(self.moment, Event) else None

    @property
    def kind(self) -> Kind:
        return self.speak.kind if self.speak else Kind.CANNED

    @property
    def priority(self) -> Priority:
        return self.speak.priority if self.speak else Priority.NORMAL

    @property
    def deadline(self) -> float | None:
        """When the line must have begun, on the session's clock."""
        return None if self.moment.deadline_ms is None else self.asked_at + self.moment.deadline_ms / 1000

    @property
    def on_late(self) -> OnLate:
        return self.moment.on_late if isinstance(self.moment, Event) else OnLate.CANNED
