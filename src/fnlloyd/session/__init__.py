"""One player with one character: what is going on between them now, and what is remembered."""

from fnlloyd.session.cue import Cue
from fnlloyd.session.memory import Memory
from fnlloyd.session.outbox import Ears, Outbox, Stamped
from fnlloyd.session.session import Session

__all__ = ["Cue", "Ears", "Memory", "Outbox", "Session", "Stamped"]
