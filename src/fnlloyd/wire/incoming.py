"""What a client may send. `parse` turns any bytes at all into one of these, or raises a ClientError."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError, from_json

from fnlloyd import events
from fnlloyd.errors import BadMessage, TooBig
from fnlloyd.wire import fields as f
from fnlloyd.wire.refusals import refusal, shown, unknown_type

PROTOCOL = 1


class AudioWay(StrEnum):
    """How a client wants its sound."""

    BINARY = "binary"
    URL = "url"
    NONE = "none"


class AudioFormat(StrEnum):
    PCM16 = "pcm16"
    WAV = "wav"
    OPUS = "opus"
    MP3 = "mp3"


class HeardStatus(StrEnum):
    STARTED = "started"
    FINISHED = "finished"
    CUT = "cut"
    DROPPED = "dropped"


class _FromClient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Hello(_FromClient):
    """Opens a session, or resumes one. As the first message it puts the connection in full mode."""

    type: Literal["hello"] = Field("hello", description="`hello`")
    protocol: int = Field(
        description="the version of this contract the client speaks: 1", json_schema_extra={"const": PROTOCOL}
    )
    session: f.Id | None = Field(
        None, description="the session's id, chosen by the game; without it the server makes one up"
    )
    character: f.Id | None = Field(None, description="who shall speak; without it the server's default character")
    token: f.Token | None = Field(None, repr=False, description="the key or session token, where the server wants one")
    audio: AudioWay = Field(
        AudioWay.URL, description="how sound comes: binary frames, an address to fetch, or not at all"
    )
    format: AudioFormat | None = Field(None, description="the coding of the sound; without it, what suits `audio`")
    sample_rate: f.SampleRate | None = Field(
        None, description="Hz, for sound in binary frames; without it the voice's own"
    )
    resume_after: f.Seq | None = Field(
        None, description="the last `seq` the client saw; what came after it is sent again"
    )

    @model_validator(mode="before")
    @classmethod
    def _speaks_our_version(cls, values: Any) -> Any:
        found = values.get("protocol") if isinstance(values, dict) else None
        if found is not None and (isinstance(found, bool) or found != PROTOCOL):
            raise PydanticCustomError(
                "field", "{why}", {"field": "protocol", "why": f"expected {PROTOCOL}; got {shown(found)}"}
            )
        return values


class SayMessage(_FromClient):
    """The player speaks to the character. Answered by a live line whenever an engine is up."""

    type: Literal["say"] = Field("say", description="`say`")
    id: f.Id | None = Field(None, description="the game's own name for it, given back in `outcome`")
    text: f.Text = Field(description="the player's words")
    deadline_ms: f.DeadlineMs | None = Field(None, description="the line must begin within this many milliseconds")

    def to_say(self) -> events.Say:
        return events.Say(text=self.text, id=self.id, deadline_ms=self.deadline_ms)


class EventMessage(_FromClient):
    """Something happened in the game. With an `id` it gets exactly one `outcome`."""

    type: Literal["event"] = Field("event", description="`event`")
    id: f.Id | None = Field(None, description="the game's own name for it, given back in `outcome`")
    trigger: f.Trigger = Field(description="what happened, such as `boss_appear`")
    data: f.JsonObject = Field(default_factory=dict, description="facts about it that the line may use")
    priority: events.Priority | None = Field(None, description="how much it matters; without it, what the card says")
    deadline_ms: f.DeadlineMs | None = Field(None, description="the line must begin within this many milliseconds")
    on_late: events.OnLate = Field(events.OnLate.CANNED, description="what happens if a live line cannot begin in time")
    mode: events.Mode = Field(events.Mode.AUTO, description="which kind of line; `auto` leaves it to the card")
    text: f.Text | None = Field(None, description="the words to speak, for `mode: verbatim`, which needs them")
    key: f.Id | None = Field(None, description="events with the same key coalesce; without it the trigger is the key")
    interrupt: events.Interrupt | None = Field(None, description="what becomes of the line being spoken")

    @model_validator(mode="after")
    def _has_words_if_verbatim(self) -> Self:
        if self.mode is events.Mode.VERBATIM and self.text is None:
            raise PydanticCustomError(
                "field", "{why}", {"field": "text", "why": "missing; mode verbatim needs the words to speak"}
            )
        return self

    def to_event(self) -> events.Event:
        return events.Event(
            trigger=self.trigger,
            id=self.id,
            data=self.data,
            priority=self.priority,
            deadline_ms=self.deadline_ms,
            on_late=self.on_late,
            mode=self.mode,
            text=self.text,
            key=self.key,
            interrupt=self.interrupt,
        )


class StateMessage(_FromClient):
    """The game's state changed. Never answered by a line; answered by `state` if the mood or its intensity changed."""

    type: Literal["state"] = Field("state", description="`state`")
    state: f.JsonObject = Field(description="a merge patch (RFC 7396): named keys replace, null removes, others stay")


class Interrupt(_FromClient):
    """Stop speaking: the player barged in, or the scene changed."""

    type: Literal["interrupt"] = Field("interrupt", description="`interrupt`")
    line: f.LineNumber | None = Field(None, description="the line to stop; without it, whichever is being spoken")
    fade_ms: f.FadeMs | None = Field(None, description="how long the game should take to fade it out, in milliseconds")


class Heard(_FromClient):
    """What the player really heard of a line. The character remembers that much of it and no more."""

    type: Literal["heard"] = Field("heard", description="`heard`")
    line: f.LineNumber = Field(description="the line's number, from `line.start`")
    status: HeardStatus = Field(description="what became of its sound")
    at_ms: f.LineMs | None = Field(None, description="how far into the line's sound, in milliseconds; a cut needs it")

    @model_validator(mode="after")
    def _says_where_if_cut(self) -> Self:
        if self.status is HeardStatus.CUT and self.at_ms is None:
            raise PydanticCustomError("field", "{why}", {"field": "at_ms", "why": "missing; a cut needs to say where"})
        return self


Incoming = Hello | SayMessage | EventMessage | StateMessage | Interrupt | Heard

MESSAGES: dict[str, type[Incoming]] = {
    "hello": Hello,
    "say": SayMessage,
    "event": EventMessage,
    "state": StateMessage,
    "interrupt": Interrupt,
    "heard": Heard,
}
UNSUPPORTED = ("prepare", "commit", "discard", "floor", "pause", "save", "restore")

_M = TypeVar("_M", bound=_FromClient)
_MEANT_AS_JSON = re.compile(r'\s*\{\s*"')


def parse(raw: str | bytes) -> Incoming:
    """Read one message in full mode. Raises BadMessage, UnknownType or TooBig, never anything else."""
    return _message(_object(_json(raw)))


def parse_simple(raw: str | bytes) -> Incoming:
    """Read one message in simple mode, or the first of a connection: what is not a JSON object is the player speaking.

    Text that begins like an object with a key is taken for JSON with a mistake in it, not for speech.
    Raises as `parse` does.
    """
    try:
        value = _json(raw)
    except BadMessage:
        text = _plain(raw)
        if _MEANT_AS_JSON.match(text):
            raise
        value = text
    if isinstance(value, dict):
        return _message(value)
    return _validated(SayMessage, {"text": value if isinstance(value, str) else _plain(raw)}, "say")


def parse_as(model: type[_M], raw: str | bytes) -> _M:
    """Read a request body whose address already says which message it is; its `type` may be left out.

    Raises BadMessage or TooBig.
    """
    values = _object(_json(raw))
    kind = model.model_fields["type"].default
    if values.get("type", kind) != kind:
        raise BadMessage(f"type: expected {kind}, or nothing, here; got {shown(values['type'])}", field="type")
    return _validated(model, values, kind)


def _message(values: dict[str, Any]) -> Incoming:
    kind = values.get("type")
    if not isinstance(kind, str):
        found = f"expected text; got {shown(kind)}" if "type" in values else "missing"
        raise BadMessage(f"type: {found}", hint=f"one of {', '.join(MESSAGES)}", field="type")
    model = MESSAGES.get(kind)
    if model is None:
        raise unknown_type(kind, list(MESSAGES), UNSUPPORTED)
    return _validated(model, values, kind)


def _validated(model: type[_M], values: dict[str, Any], kind: str) -> _M:
    present = {key: value for key, value in values.items() if value is not None}  # null counts as left out
    try:
        return model.model_validate(present)
    except ValidationError as error:
        raise refusal(error, kind, present, list(model.model_fields)) from None


def _json(raw: str | bytes) -> Any:
    size = len(raw) if isinstance(raw, bytes) or raw.isascii() else len(raw.encode("utf-8", "replace"))
    if size > f.MESSAGE_BYTES:
        raise TooBig(f"message: expected at most {f.MESSAGE_BYTES} bytes; got {size}", field="message")
    try:
        return from_json(raw, allow_inf_nan=False)
    except (ValueError, TypeError) as error:  # TypeError: a str that is not Unicode text
        raise BadMessage(
            f"message: expected a JSON object; not JSON: {error}",
            hint='for example {"type":"say","text":"hello"}',
            field="message",
        ) from None


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise BadMessage(f"message: expected a JSON object; got {shown(value)}", field="message")


def _plain(raw: str | bytes) -> str:
    try:
        return raw.decode() if isinstance(raw, bytes) else raw.encode().decode()
    except UnicodeError:
        raise BadMessage("message: expected UTF-8 text; got bytes that are not", field="message") from None
