"""The wings: cues that wait for their line, in the order in which they will be performed.

At most one of them, always the first, has already taken the floor (`next_up`): it waits only for the line in
progress to be stopped, or for its task to begin.
"""

from __future__ import annotations

from fnlloyd.director import How
from fnlloyd.session.cue import Cue


class Wings:
    def __init__(self) -> None:
        self._cues: list[Cue] = []

    def __len__(self) -> int:
        """How many wait their turn; the one who has the floor already is not among them."""
        return len(self._cues) - bool(self.next_up)

    def __bool__(self) -> bool:
        return bool(self._cues)

    @property
    def next_up(self) -> Cue | None:
        first = self._cues[0] if self._cues else None
        return first if first and first.speak and first.speak.how is not How.WAIT else None

    def take_floor(self, cue: Cue) -> Cue | None:
        """Put a cue before all others. Returns the one whose floor it takes, if any; that one is out."""
        beaten = self._cues.pop(0) if self.next_up else None
        self._cues.insert(0, cue)
        return beaten

    def wait(self, cue: Cue) -> None:
        """Put a cue behind those of its priority or a higher one."""
        first = 1 if self.next_up else 0
        rank = cue.priority.rank
        less = (at for at, other in enumerate(self._cues) if at >= first and other.priority.rank < rank)
        self._cues.insert(next(less, len(self._cues)), cue)

    def enter(self) -> Cue:
        """Take out the next one to be performed."""
        return self._cues.pop(0)

    def clear(self) -> list[Cue]:
        """Send everybody home."""
        cues, self._cues = self._cues, []
        return cues
