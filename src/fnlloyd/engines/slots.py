"""Which slot of llama-server answers which session. Pure.

Measured with a 360-token card, 4 slots and 4 sessions in turn. Left alone, the server puts a new session into the slot
whose cache fits best: the one with the card and somebody else's history, which it writes over; 72 % of a later prompt
came from the cache. With a slot kept for each session it was 83 %, and the first token came in half the time.
"""

from __future__ import annotations

from collections import OrderedDict


class SlotMap:
    """Keeps a session in its slot while slots last; then the session unheard for longest gives its slot up."""

    def __init__(self, count: int) -> None:
        self._owner: OrderedDict[int, str | None] = OrderedDict((slot, None) for slot in range(count))  # oldest first
        self._busy: set[int] = set()

    def take(self, session: str | None) -> int | None:
        """Choose a free slot and mark it busy. None when all are busy: the server then queues and chooses itself."""
        free = [slot for slot in self._owner if slot not in self._busy]
        if not free:
            return None
        own = next((slot for slot in free if session is not None and self._owner[slot] == session), None)
        slot = free[0] if own is None else own
        self._owner[slot] = session
        self._owner.move_to_end(slot)
        self._busy.add(slot)
        return slot

    def give_back(self, slot: int | None) -> None:
        if slot is not None:
            self._busy.discard(slot)
