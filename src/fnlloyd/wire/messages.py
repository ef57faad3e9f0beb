"""The messages the server sends over a WebSocket or as server-sent events."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from fnlloyd.events import End, OutcomeKind, Priority, Reason, Source
from fnlloyd.wire.parts import (
    INTENSITY,
    LINE,
    MOOD,
    URL,
    CharacterView,
    EngineView,
    ErrorFields,
    MixView,
    Part,
    TimingsView,
    UsageView,
    VoiceView,
)


class _ToClient(Part):
    type: str = Field(description="which message")  # first here, so that it comes first in the JSON
    seq: int = Field(description="counts the session's messages from 1")
    t_ms: int = Field(description="milliseconds since the session began")


class Welcome(_ToClient):
    """The answer to `hello`: the session is open."""

    type: Literal["welcome"] = Field("welcome", description="`welcome`")
    protocol: int = Field(1, description="the version of this contract the server speaks")
    session: str = Field(description="the session's id")
    character: CharacterView = Field(description="who speaks")
    engine: EngineView = Field(description="where words come from now")
    voice: VoiceView | None = Field(None, description="where sound comes from; left out if there is no voice")
    resumed: bool = Field(description="whether everything after `resume_after` follows; if not, begin afresh")


class LineStartMessage(_ToClient):
    """A line begins. Nothing of the line comes before this."""

    type: Literal["line.start"] = Field("line.start", description="`line.start`")
    line: int = Field(description=LINE)
    source: Source = Field(description="where the words come from")
    trigger: str | None = Field(None, description="the event's trigger, if an event asked for it")
    event: str | None = Field(None, description="the `id` of the event or `say` it answers")
    priority: Priority = Field(description="how much it matters")
    mood: str = Field(description=MOOD)
    intensity: int = Field(description=INTENSITY)
    emotion: str | None = Field(None, description="how this line is spoken, where the card says so")
    text: str | None = Field(None, description="the whole text, when it is already known")
    audio_url: str | None = Field(None, alias="audioUrl", description=f"{URL}; with `audio: url` only")
    mix: MixView = Field(description="how to mix it")


class LineDeltaMessage(_ToClient):
    """More of the line's text, to show as it is written."""

    type: Literal["line.delta"] = Field("line.delta", description="`line.delta`")
    line: int = Field(description=LINE)
    text: str = Field(description="what to add to what is shown")


class LineSentenceMessage(_ToClient):
    """The sound of one sentence is ready; subtitles follow this."""

    type: Literal["line.sentence"] = Field("line.sentence", description="`line.sentence`")
    line: int = Field(description=LINE)
    index: int = Field(description="which sentence, counted from 0")
    text: str = Field(description="the sentence")
    start_ms: int = Field(description="when it begins in the line's sound")
    duration_ms: int = Field(description="how long it lasts; 0 if it has no sound")
    audio_url: str | None = Field(None, alias="audioUrl", description=f"{URL}; with `audio: url` only")


class LineSentMessage(_ToClient):
    """All text and sound of the line have been sent. The player may still be listening."""

    type: Literal["line.sent"] = Field("line.sent", description="`line.sent`")
    line: int = Field(description=LINE)
    text: str = Field(description="the whole text")
    duration_ms: int = Field(description="how long its sound lasts")


class LineStopMessage(_ToClient):
    """Stop playing that line now. Its `line.end` follows."""

    type: Literal["line.stop"] = Field("line.stop", description="`line.stop`")
    line: int = Field(description=LINE)
    fade_ms: int = Field(description="how long to take to fade it out")


class LineEndMessage(_ToClient):
    """The line is over. Every line that started has exactly one of these, and nothing after it."""

    type: Literal["line.end"] = Field("line.end", description="`line.end`")
    line: int = Field(description=LINE)
    end: End = Field(description="how it ended")
    text: str = Field(description="the text that was sent")
    heard: str | None = Field(None, description="the part the player heard, if that is less")
    duration_ms: int = Field(description="how long its sound lasts")
    timings: TimingsView = Field(description="when what was ready")
    usage: UsageView | None = Field(None, description="tokens it cost; left out if no engine was asked")


class OutcomeMessage(_ToClient):
    """What became of an event or a `say` that had an `id`."""

    type: Literal["outcome"] = Field("outcome", description="`outcome`")
    id: str = Field(description="the `id` the game gave it")
    outcome: OutcomeKind = Field(description="what became of it")
    reason: Reason | None = Field(None, description="why there is no line, or not the one asked for")
    line: int | None = Field(None, description="the line that answers it")


class StateChangedMessage(_ToClient):
    """The mood or its intensity changed after a `state`."""

    type: Literal["state"] = Field("state", description="`state`")
    mood: str = Field(description="the mood now")
    intensity: int = Field(description="how strong it is, 0 to 3")
    state: dict[str, Any] = Field(description="the whole state as the server holds it")


class EngineMessage(_ToClient):
    """Another engine answers from now on."""

    type: Literal["engine"] = Field("engine", description="`engine`")
    name: str = Field(description="the engine's name")
    model: str = Field(description="the model it runs")
    rung: int = Field(description="its place on the ladder, 0 (scripted) to 4 (fleet)")
    degraded: bool = Field(description="whether it stands in for a better one that is down")


class ErrorMessage(ErrorFields):
    """Something could not be done. The session goes on."""

    type: Literal["error"] = Field("error", description="`error`")
    line: int | None = Field(None, description="the line it is about")
    id: str | None = Field(None, description="the `id` of the event or `say` it is about")
    seq: int | None = Field(
        None, description="counts the session's messages; left out before `welcome` and in simple mode"
    )
    t_ms: int | None = Field(None, description="milliseconds since the session began; left out where `seq` is")


class SimpleLine(Part):
    """All that simple mode sends: one whole line, ready to be shown and played."""

    type: Literal["line"] = Field("line", description="`line`")
    line: int = Field(description=LINE)
    text: str = Field(description="the whole text")
    audio_url: str | None = Field(None, alias="audioUrl", description=f"{URL}; can be played at once")
    source: Source = Field(description="where the words came from")
    trigger: str | None = Field(None, description="the event's trigger, if an event asked for it")
    mood: str = Field(description=MOOD)


Outgoing = (
    Welcome
    | LineStartMessage
    | LineDeltaMessage
    | LineSentenceMessage
    | LineSentMessage
    | LineStopMessage
    | LineEndMessage
    | OutcomeMessage
    | StateChangedMessage
    | EngineMessage
    | ErrorMessage
)
