"""The director: shall he speak, how, when, instead of what. Pure."""

from fnlloyd.director.director import Decision, Decline, How, Kind, Speak, decide, decide_say
from fnlloyd.director.stage import WAITING_LIMIT, Speaking, Stage

__all__ = ["WAITING_LIMIT", "Decision", "Decline", "How", "Kind", "Speak", "Speaking", "Stage", "decide", "decide_say"]
