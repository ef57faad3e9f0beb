"""How the nouns become what the server sends. A field that is None is left out."""

from __future__ import annotations

from collections.abc import Callable

from fnlloyd import events
from fnlloyd.errors import FnlloydError
from fnlloyd.wire.messages import (
    EngineMessage,
    ErrorMessage,
    LineDeltaMessage,
    LineEndMessage,
    LineSentenceMessage,
    LineSentMessage,
    LineStartMessage,
    LineStopMessage,
    OutcomeMessage,
    Outgoing,
    SimpleLine,
    StateChangedMessage,
)
from fnlloyd.wire.parts import MixView, Part, timings_view, usage_view

TextNoun = (
    events.LineStart
    | events.LineDelta
    | events.LineSentence
    | events.LineSent
    | events.LineStop
    | events.LineEnd
    | events.Outcome
    | events.StateChanged
    | events.EngineChanged
    | events.Trouble
)
Link = Callable[[str], str]


def encode(message: Part) -> str:
    """The message as one line of JSON, without the fields that are None."""
    return message.model_dump_json(exclude_none=True, by_alias=True)


def to_message(noun: TextNoun, *, seq: int, t_ms: int, audio_url: Link | None = None) -> str:
    """The noun as JSON for a client in full mode. Sound is not among the nouns here: it goes into frames.

    `audio_url` turns the name of a sound into its address; None for clients that did not ask for addresses.
    Raises ValueError for an Outcome without an `id`, which no game asked to be told.
    """
    return encode(translate(noun, seq=seq, t_ms=t_ms, audio_url=audio_url))


def translate(noun: TextNoun, *, seq: int, t_ms: int, audio_url: Link | None = None) -> Outgoing:
    """As `to_message`, before it becomes text; its `type` is the name of the server-sent event."""
    match noun:
        case events.LineDelta():
            return LineDeltaMessage(seq=seq, t_ms=t_ms, line=noun.line, text=noun.text)
        case events.LineStart():
            return _line_start(noun, seq, t_ms, audio_url)
        case events.LineSentence():
            return _line_sentence(noun, seq, t_ms, audio_url)
        case events.LineSent():
            return LineSentMessage(seq=seq, t_ms=t_ms, line=noun.line, text=noun.text, duration_ms=noun.duration_ms)
        case events.LineStop():
            return LineStopMessage(seq=seq, t_ms=t_ms, line=noun.line, fade_ms=noun.fade_ms)
        case events.LineEnd():
            return _line_end(noun, seq, t_ms)
        case events.Outcome():
            return OutcomeMessage(
                seq=seq, t_ms=t_ms, id=noun.id, outcome=noun.outcome, reason=noun.reason, line=noun.line
            )
        case events.StateChanged():
            return StateChangedMessage(
                seq=seq, t_ms=t_ms, mood=noun.mood.name, intensity=noun.mood.intensity, state=noun.state
            )
        case events.EngineChanged():
            return EngineMessage(
                seq=seq, t_ms=t_ms, name=noun.name, model=noun.model, rung=noun.rung, degraded=noun.degraded
            )
        case events.Trouble():
            return error_message(noun, seq=seq, t_ms=t_ms)


def error_message(
    trouble: events.Trouble | FnlloydError, *, seq: int | None = None, t_ms: int | None = None
) -> ErrorMessage:
    """An error as a message; `seq` and `t_ms` are left out before `welcome` and in simple mode."""
    about = trouble if isinstance(trouble, events.Trouble) else None
    return ErrorMessage(
        seq=seq,
        t_ms=t_ms,
        code=trouble.code,
        message=trouble.message,
        hint=trouble.hint,
        retryable=trouble.retryable,
        line=about.line if about else None,
        id=about.id if about else None,
    )


def simple_line(start: events.LineStart, text: str, audio_url: str | None) -> SimpleLine:
    """A whole line for simple mode; `audio_url` is the address of all of its sound."""
    return SimpleLine(
        line=start.line,
        text=text,
        audio_url=audio_url,
        source=start.source,
        trigger=start.trigger,
        mood=start.mood.name,
    )


def _line_start(noun: events.LineStart, seq: int, t_ms: int, audio_url: Link | None) -> LineStartMessage:
    mix = noun.mix
    return LineStartMessage(
        seq=seq,
        t_ms=t_ms,
        line=noun.line,
        source=noun.source,
        trigger=noun.trigger,
        event=noun.event,
        priority=noun.priority,
        mood=noun.mood.name,
        intensity=noun.mood.intensity,
        emotion=noun.emotion,
        text=noun.text,
        audio_url=audio_url(noun.sound) if audio_url and noun.sound else None,
        mix=MixView(
            duck_db=mix.duck_db,
            attack_ms=mix.attack_ms,
            release_ms=mix.release_ms,
            expected_ms=mix.expected_ms,
            safe_cut_ms=mix.safe_cut_ms,
        ),
    )


def _line_sentence(noun: events.LineSentence, seq: int, t_ms: int, audio_url: Link | None) -> LineSentenceMessage:
    return LineSentenceMessage(
        seq=seq,
        t_ms=t_ms,
        line=noun.line,
        index=noun.index,
        text=noun.text,
        start_ms=noun.start_ms,
        duration_ms=noun.duration_ms,
        audio_url=audio_url(noun.sound) if audio_url and noun.sound else None,
    )


def _line_end(noun: events.LineEnd, seq: int, t_ms: int) -> LineEndMessage:
    return LineEndMessage(
        seq=seq,
        t_ms=t_ms,
        line=noun.line,
        end=noun.end,
        text=noun.text,
        heard=noun.heard,
        duration_ms=noun.duration_ms,
        timings=timings_view(noun.timings),
        usage=usage_view(noun.usage),
    )
