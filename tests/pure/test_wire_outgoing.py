"""The nouns become the messages of the contract, field by field."""

import json
from typing import Any

import pytest

from fnlloyd import errors, events, wire
from fnlloyd.wire import (
    close_code,
    codes,
    encode,
    error_body,
    error_message,
    simple_line,
    timings_view,
    to_message,
    translate,
)
from fnlloyd.wire.examples import EXAMPLES
from fnlloyd.wire.outgoing import TextNoun

MOOD = events.Mood("excited", 2)
TIMINGS = events.Timings(0.04, 61.449, None, 188.0, 702.55)
START = events.LineStart(
    7,
    events.Source.CANNED,
    MOOD,
    events.Priority.HIGH,
    trigger="boss_appear",
    event="e1",
    emotion="dread",
    text="Hark!",
    sound="abc",
    mix=events.Mix(-9.0, 50, 300, 900, 400),
)

NOUNS: list[tuple[TextNoun, dict[str, Any]]] = [
    (
        START,
        {
            "type": "line.start",
            "line": 7,
            "source": "canned",
            "trigger": "boss_appear",
            "event": "e1",
            "priority": "high",
            "mood": "excited",
            "intensity": 2,
            "emotion": "dread",
            "text": "Hark!",
            "audioUrl": "/audio/abc.wav",
            "mix": {"duck_db": -9.0, "attack_ms": 50, "release_ms": 300, "expected_ms": 900, "safe_cut_ms": 400},
        },
    ),
    (
        events.LineStart(8, events.Source.LLM, events.Mood(), events.Priority.LOW),
        {
            "type": "line.start",
            "line": 8,
            "source": "llm",
            "priority": "low",
            "mood": "neutral",
            "intensity": 0,
            "mix": {"duck_db": -6.0, "attack_ms": 80, "release_ms": 400},
        },
    ),
    (events.LineDelta(7, "Ha"), {"type": "line.delta", "line": 7, "text": "Ha"}),
    (
        events.LineSentence(7, 0, "Hark!", 0, 900, "abc-0"),
        {
            "type": "line.sentence",
            "line": 7,
            "index": 0,
            "text": "Hark!",
            "start_ms": 0,
            "duration_ms": 900,
            "audioUrl": "/audio/abc-0.wav",
        },
    ),
    (
        events.LineSent(7, "Hark!", 900, TIMINGS, events.Usage(3, 4)),
        {"type": "line.sent", "line": 7, "text": "Hark!", "duration_ms": 900},
    ),
    (events.LineStop(7, 80), {"type": "line.stop", "line": 7, "fade_ms": 80}),
    (
        events.LineEnd(7, events.End.INTERRUPTED, "Hark! Hark!", 900, TIMINGS, "Hark!", events.Usage(9, 4, 6)),
        {
            "type": "line.end",
            "line": 7,
            "end": "interrupted",
            "text": "Hark! Hark!",
            "heard": "Hark!",
            "duration_ms": 900,
            "timings": {"queued_ms": 0.0, "first_token_ms": 61.4, "first_audio_ms": 188.0, "total_ms": 702.5},
            "usage": {"prompt_tokens": 9, "cached_tokens": 6, "completion_tokens": 4},
        },
    ),
    (
        events.Outcome("e1", events.OutcomeKind.DROPPED, events.Reason.COOLDOWN),
        {"type": "outcome", "id": "e1", "outcome": "dropped", "reason": "cooldown"},
    ),
    (
        events.Outcome("e1", events.OutcomeKind.SPOKEN, line=7),
        {"type": "outcome", "id": "e1", "outcome": "spoken", "line": 7},
    ),
    (
        events.StateChanged(MOOD, {"score": 1, "lastEvent": None, "list": [None]}),
        {
            "type": "state",
            "mood": "excited",
            "intensity": 2,
            "state": {"score": 1, "lastEvent": None, "list": [None]},
        },
    ),
    (
        events.EngineChanged("scripted", "none", 0, True),
        {"type": "engine", "name": "scripted", "model": "none", "rung": 0, "degraded": True},
    ),
    (
        events.Trouble("full", "no room", True, "wait", 7, "e1"),
        {
            "type": "error",
            "code": "full",
            "message": "no room",
            "hint": "wait",
            "retryable": True,
            "line": 7,
            "id": "e1",
        },
    ),
]


def address(sound: str) -> str:
    return f"/audio/{sound}.wav"


@pytest.mark.parametrize(("noun", "fields"), NOUNS)
def test_every_noun_becomes_its_message(noun: TextNoun, fields: dict[str, Any]) -> None:
    written = json.loads(to_message(noun, seq=3, t_ms=1500, audio_url=address))
    assert written == {"seq": 3, "t_ms": 1500, **fields}


@pytest.mark.parametrize(("noun", "_"), NOUNS)
def test_every_message_survives_being_written_and_read(noun: TextNoun, _: object) -> None:
    message = translate(noun, seq=3, t_ms=1500, audio_url=address)
    assert type(message).model_validate_json(encode(message)) == message


def test_a_client_that_wants_no_addresses_gets_none() -> None:
    assert "audioUrl" not in to_message(START, seq=1, t_ms=0)


def test_an_outcome_nobody_asked_for_is_not_a_message() -> None:
    with pytest.raises(ValueError, match="id"):
        to_message(events.Outcome(None, events.OutcomeKind.SPOKEN), seq=1, t_ms=0)


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_every_example_is_a_good_message_with_nothing_unknown_in_it(model: type[wire.Part]) -> None:
    example = EXAMPLES[model]
    assert json.loads(model.model_validate(example).model_dump_json(exclude_unset=True, by_alias=True)) == example


def test_simple_mode_gets_the_whole_line_at_once() -> None:
    assert json.loads(encode(simple_line(START, "Hark! Hark!", "/audio/abc.wav"))) == {
        "type": "line",
        "line": 7,
        "text": "Hark! Hark!",
        "audioUrl": "/audio/abc.wav",
        "source": "canned",
        "trigger": "boss_appear",
        "mood": "excited",
    }


def test_an_error_in_simple_mode_has_no_place_in_the_session() -> None:
    assert json.loads(encode(error_message(errors.Full("no room")))) == {
        "type": "error",
        "code": "full",
        "message": "no room",
        "retryable": True,
    }


def test_an_error_over_http_is_under_one_key() -> None:
    body = error_body(errors.BadMessage("say.text: missing", hint="send text"))
    assert body.model_dump(mode="json") == {
        "error": {"code": "bad_message", "message": "say.text: missing", "hint": "send text", "retryable": False}
    }
    assert "hint" not in error_body(errors.Full("no room")).model_dump()["error"]


def test_an_answer_without_a_line_says_null_and_leaves_out_what_does_not_apply() -> None:
    answer = wire.Answer(
        line=None,
        text=None,
        source=None,
        mood="neutral",
        intensity=0,
        outcome=events.OutcomeKind.DROPPED,
        reason=events.Reason.COOLDOWN,
        timings=timings_view(events.Timings()),
    )
    assert json.loads(answer.model_dump_json()) == {
        "line": None,
        "text": None,
        "source": None,
        "mood": "neutral",
        "intensity": 0,
        "outcome": "dropped",
        "reason": "cooldown",
        "timings": {"queued_ms": 0.0, "total_ms": 0.0},
    }


def test_a_session_is_shown_with_what_was_heard() -> None:
    heard = events.Exchange("Hark!", "llm", 5.0, trigger="boss_appear", cut=True)
    shown = wire.session_view("slot-3", "!Fnlloyd", {"score": 1}, MOOD, [heard])
    assert shown.model_dump(mode="json") == {
        "session": "slot-3",
        "character": "!Fnlloyd",
        "state": {"score": 1},
        "mood": "excited",
        "intensity": 2,
        "history": [{"line": "Hark!", "source": "llm", "at": 5.0, "trigger": "boss_appear", "cut": True}],
    }


def test_only_errors_that_end_a_connection_have_a_close_code() -> None:
    assert {code: close_code(code) for code in codes.ERROR_MEANINGS if close_code(code)} == {
        "draining": 1001,
        "unauthorized": 1008,
        "full": 1013,
        "slow_client": 1013,
    }


def test_every_error_that_can_reach_a_game_is_explained() -> None:
    def below(kind: type[errors.FnlloydError]) -> set[str]:
        if issubclass(kind, errors.SetupError):
            return set()
        return {kind.code}.union(*(below(child) for child in kind.__subclasses__()))

    assert set(codes.ERROR_MEANINGS) == below(errors.FnlloydError)
