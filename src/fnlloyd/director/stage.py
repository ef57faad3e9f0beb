"""What the director sees when it decides: who is speaking, who waits, and when each trigger last got a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fnlloyd.events import Priority

WAITING_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Speaking:
    """The line in progress. `to_player` when it answers the player's own words."""

    priority: Priority
    to_player: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A look at the session at one moment. Times are seconds on the session's monotonic clock."""

    speaking: Speaking | None = None
    waiting: int = 0
    last_spoken: Mapping[str, float] = field(default_factory=dict)
    engine_ready: bool = True
    disabled: frozenset[str] = frozenset()
