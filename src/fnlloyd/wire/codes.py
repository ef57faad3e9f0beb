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
