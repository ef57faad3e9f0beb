"""What plain HTTP requests are answered with."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from fnlloyd.errors import FnlloydError
from fnlloyd.events import Exchange, Mood, OutcomeKind, Reason, Source, Trouble
from fnlloyd.wire.parts import INTENSITY, MOOD, URL, ErrorFields, Part, TimingsView, UsageView, absent


class Answer(Part):
    """The answer to `say` and `events`. Without a line, `line`, `text` and `source` are null."""

    line: int | None = Field(description="the line's number in its session")
    text: str | None = Field(description="the whole text")
    source: Source | None = Field(description="where the words came from")
    mood: str = Field(description=MOOD)
    intensity: int = Field(description=INTENSITY)
    audio_url: str | None = Field(None, alias="audioUrl", description=URL, exclude_if=absent)
    outcome: OutcomeKind = Field(description="what became of the request")
    reason: Reason | None = Field(None, description="why there is no line, or not the one asked for", exclude_if=absent)
    timings: TimingsView = Field(description="when what was ready")
    usage: UsageView | None = Field(
        None, description="tokens it cost; left out if no engine was asked", exclude_if=absent
    )


class ExchangeView(Part):
    """One remembered turn."""

    line: str = Field(description="what the character said, as far as it was heard")
    source: str = Field(description="where the words came from")
    at: float = Field(description="when, in seconds of Unix time")
    said: str | None = Field(None, description="the player's words, if they prompted it", exclude_if=absent)
    trigger: str | None = Field(None, description="the event's trigger, if one prompted it", exclude_if=absent)
    cut: bool = Field(False, description="whether the line was cut short")


class SessionView(Part):
    """A session as the server holds it."""

    session: str = Field(description="the session's id")
    character: str = Field(description="the character's name")
    state: dict[str, Any] = Field(description="the game's state")
    mood: str = Field(description=MOOD)
    intensity: int = Field(description=INTENSITY)
    history: list[ExchangeView] = Field(description="what was said and heard, the oldest first")


class ErrorBody(Part):
    """The body of every answer whose status is not 2xx."""

    error: ErrorFields = Field(description="what went wrong")


def error_body(trouble: FnlloydError | Trouble) -> ErrorBody:
    return ErrorBody(
        error=ErrorFields(code=trouble.code, message=trouble.message, hint=trouble.hint, retryable=trouble.retryable)
    )


def session_view(
    session: str, character: str, state: dict[str, Any], mood: Mood, history: list[Exchange]
) -> SessionView:
    return SessionView(
        session=session,
        character=character,
        state=state,
        mood=mood.name,
        intensity=mood.intensity,
        history=[
            ExchangeView(line=e.line, source=e.source, at=e.at, said=e.said, trigger=e.trigger, cut=e.cut)
            for e in history
        ],
    )
