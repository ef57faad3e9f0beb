"""Everything that can go wrong, said once.

    FnlloydError
    |-- ClientError                what was asked cannot be done as asked
    |   |-- BadMessage             bad_message        not JSON, a wrong type, a missing field
    |   |-- UnknownType            unknown_type       a message type nobody knows
    |   |-- UnknownTrigger         unknown_trigger    mode=canned needs a trigger the card has
    |   |-- UnknownCharacter       unknown_character
    |   |-- UnknownLine            unknown_line       no such line, or it has ended
    |   |-- NotFound               not_found          no such session, clip or page
    |   |-- TooBig                 too_big
    |   |-- Unauthorized           unauthorized
    |   `-- SlowClient             slow_client        does not read what it is sent
    |-- Busy                       the same request may succeed later
    |   |-- RateLimited            rate_limited
    |   |-- Full                   full
    |   `-- Draining               draining           the server is going away
    |-- EngineError                words did not come
    |   |-- EngineUnavailable      engine_unavailable nobody answers
    |   |-- EngineFailed           engine_failed      it answered with an error, or broke off
    |   `-- EngineTimeout          engine_timeout
    |-- VoiceFailed                voice_failed       sound did not come
    |-- StoreFailed                internal           a session could not be kept or read back
    |-- Unsafe                     unsafe             the guard stopped it
    `-- SetupError                 setup              wrong at start: a setting, a card, a file, a port
        |-- CardError              card
        `-- AssetError             asset              a model or voice file missing, damaged, not fetched

A foreign exception is translated into one of these once, at the door of the room that met it.
`code` never changes once published: games switch on it.
"""

from __future__ import annotations

from typing import ClassVar


class FnlloydError(Exception):
    """Base of all. `message` says what happened and why; `hint` says what to do about it."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False
    default_hint: ClassVar[str | None] = None

    def __init__(self, message: str, *, hint: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint if hint is not None else self.default_hint
        self.field = field

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class ClientError(FnlloydError):
    """What was asked cannot be done as asked; asking again unchanged will fail again."""


class BadMessage(ClientError):
    code = "bad_message"


class UnknownType(ClientError):
    code = "unknown_type"


class UnknownTrigger(ClientError):
    code = "unknown_trigger"


class UnknownCharacter(ClientError):
    code = "unknown_character"


class UnknownLine(ClientError):
    code = "unknown_line"


class NotFound(ClientError):
    code = "not_found"


class TooBig(ClientError):
    code = "too_big"


class Unauthorized(ClientError):
    code = "unauthorized"


class SlowClient(ClientError):
    code = "slow_client"
    retryable = True
    default_hint = "read messages as they come; connect again to go on"


class Busy(FnlloydError):
    """The server cannot take this now; the same request may succeed later."""

    retryable = True


class RateLimited(Busy):
    code = "rate_limited"


class Full(Busy):
    code = "full"


class Draining(Busy):
    code = "draining"
    default_hint = "connect again in a moment"


class EngineError(FnlloydError):
    """Words did not come from the engine."""

    retryable = True


class EngineUnavailable(EngineError):
    code = "engine_unavailable"
    default_hint = "check that the engine is running: fnlloyd config shows its address"


class EngineFailed(EngineError):
    code = "engine_failed"


class EngineTimeout(EngineError):
    code = "engine_timeout"


class VoiceFailed(FnlloydError):
    code = "voice_failed"
    retryable = True


class StoreFailed(FnlloydError):
    """A session could not be kept or read back; it goes on from memory."""

    retryable = True


class Unsafe(FnlloydError):
    code = "unsafe"


class SetupError(FnlloydError):
    """Something is wrong before the first player: a setting, a card, a file, a port."""

    code = "setup"


class CardError(SetupError):
    code = "card"


class AssetError(SetupError):
    code = "asset"
