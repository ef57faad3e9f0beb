"""Why a WebSocket is closed, as its close code. A bad message alone never closes one."""

from __future__ import annotations

from enum import IntEnum

BAD_IN_A_ROW = 20  # this many messages not understood, without a good one between them, close the connection


class CloseCode(IntEnum):
    DONE = 1000
    GOING_AWAY = 1001
    NOT_ALLOWED = 1008
    TOO_BIG = 1009
    TRY_AGAIN = 1013
    NOT_UNDERSTOOD = 4400


CLOSE_MEANINGS = {
    CloseCode.DONE: "done: either side has finished",
    CloseCode.GOING_AWAY: "the server is going away; an `error` with code `draining` comes first",
    CloseCode.NOT_ALLOWED: "not allowed: no key or a wrong one, or a page the server does not serve",
    CloseCode.TOO_BIG: "a frame was bigger than the server reads",
    CloseCode.TRY_AGAIN: "try again later: the server is full, or the client reads too slowly",
    CloseCode.NOT_UNDERSTOOD: f"{BAD_IN_A_ROW} messages in a row were not understood",
}

_CLOSING = {
    "draining": CloseCode.GOING_AWAY,
    "unauthorized": CloseCode.NOT_ALLOWED,
    "full": CloseCode.TRY_AGAIN,
    "slow_client": CloseCode.TRY_AGAIN,
}


def close_code(error: str) -> CloseCode | None:
    """The close code that follows an error of that `code`, or None when the connection stays open."""
    return _CLOSING.get(error)


ERROR_MEANINGS = {
    "bad_message": "not JSON, a missing field, or a value that is not what was expected; the message names the field",
    "unknown_type": "no message is called that, or this server does not take it; the hint lists those it takes",
    "unknown_trigger": "`mode: canned` named a trigger the card has no lines for; the hint names the nearest",
    "unknown_character": "no card is called that",
    "unknown_line": "no such line in this session, or it is over",
    "not_found": "no such session, clip or page",
    "too_big": "longer, bigger or deeper than the limits below",
    "rate_limited": "too many messages in too short a time",
    "full": "every place for a player is taken",
    "unauthorized": "a key is needed, or the one given is wrong",
    "slow_client": "the client reads more slowly than the server speaks; the connection closes",
    "draining": "the server is going away; connect again in a moment",
    "engine_unavailable": "nothing answers where words should come from",
    "engine_failed": "the engine answered with an error, or broke off",
    "engine_timeout": "the engine took too long",
    "voice_failed": "sound could not be made; the text goes on without it",
    "unsafe": "what was to be said was stopped",
    "internal": "a fault of the server's own",
}
