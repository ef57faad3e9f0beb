"""What a client sends is read right, or refused in words that name the field."""

import json
from typing import Any

import pytest

from fnlloyd import events
from fnlloyd.errors import BadMessage, TooBig, UnknownType
from fnlloyd.wire import (
    EventMessage,
    Heard,
    Hello,
    Interrupt,
    SayMessage,
    StateMessage,
    parse,
    parse_as,
)
from fnlloyd.wire.examples import EXAMPLES
from fnlloyd.wire.incoming import MESSAGES, UNSUPPORTED


def said(**fields: Any) -> str:
    return json.dumps(fields)


@pytest.mark.parametrize("model", MESSAGES.values(), ids=list(MESSAGES))
def test_every_message_survives_being_written_and_read(model: type) -> None:
    message = parse(json.dumps(EXAMPLES[model]))
    assert type(message) is model
    assert parse(message.model_dump_json()) == message


def test_an_event_becomes_the_noun_with_all_it_said() -> None:
    message = parse(
        said(
            type="event",
            id="e1",
            trigger="boss_appear",
            data={"hp": 3},
            priority="high",
            deadline_ms=800,
            on_late="drop",
            mode="verbatim",
            text="Halt!",
            key="boss",
            interrupt="now",
        )
    )
    assert isinstance(message, EventMessage)
    assert message.to_event() == events.Event(
        trigger="boss_appear",
        id="e1",
        data={"hp": 3},
        priority=events.Priority.HIGH,
        deadline_ms=800,
        on_late=events.OnLate.DROP,
        mode=events.Mode.VERBATIM,
        text="Halt!",
        key="boss",
        interrupt=events.Interrupt.NOW,
    )


def test_an_event_of_one_word_gets_the_nouns_defaults() -> None:
    message = parse(said(type="event", trigger="miss"))
    assert isinstance(message, EventMessage)
    assert message.to_event() == events.Event(trigger="miss")


def test_the_players_words_become_the_noun() -> None:
    message = parse(said(type="say", id="q", text="hello", deadline_ms=10))
    assert isinstance(message, SayMessage)
    assert message.to_say() == events.Say(text="hello", id="q", deadline_ms=10)


@pytest.mark.parametrize("model", MESSAGES.values(), ids=list(MESSAGES))
def test_unknown_fields_are_ignored_and_null_counts_as_left_out(model: type) -> None:
    example = EXAMPLES[model]
    nulls = {name: None for name in MESSAGES[example["type"]].model_fields if name not in example}
    assert parse(json.dumps(example | nulls | {"x-engine": [1]})) == parse(json.dumps(example))


def test_whole_numbers_may_be_written_as_floats_and_clocks_may_have_fractions() -> None:
    heard = parse('{"type":"heard","line":12.0,"status":"cut","at_ms":939.6}')
    assert heard == Heard(line=12, status="cut", at_ms=940)
    assert parse('{"type":"hello","protocol":1.0}') == Hello(protocol=1)


WRONG = [
    (
        '{"type":"event","trigger":"a","priority":"hihg"}',
        "priority",
        "event.priority: expected one of low, normal, high, critical; got 'hihg'; did you mean high?",
    ),
    ('{"type":"event","triger":"a"}', "trigger", "event.trigger: missing; did you mean it by triger?"),
    (
        '{"type":"event","trigger":"a b"}',
        "trigger",
        "event.trigger: expected only letters, digits and _ . -; got 'a b'",
    ),
    (
        '{"type":"event","trigger":"a\\n"}',
        "trigger",
        "event.trigger: expected only letters, digits and _ . -; got 'a\\n'",
    ),
    ('{"type":"event","trigger":""}', "trigger", "event.trigger: expected text that is not empty; got ''"),
    ('{"type":"event","trigger":7}', "trigger", "event.trigger: expected text; got 7"),
    ('{"type":"event","trigger":"a","deadline_ms":-1}', "deadline_ms", "event.deadline_ms: expected 0 or more; got -1"),
    (
        '{"type":"event","trigger":"a","deadline_ms":600001}',
        "deadline_ms",
        "event.deadline_ms: expected 600000 or less; got 600001",
    ),
    (
        '{"type":"event","trigger":"a","deadline_ms":"9"}',
        "deadline_ms",
        "event.deadline_ms: expected a number of milliseconds; got '9'",
    ),
    (
        '{"type":"event","trigger":"a","deadline_ms":1e999}',
        "deadline_ms",
        "event.deadline_ms: expected a number of milliseconds; got a number too big to hold",
    ),
    ('{"type":"event","trigger":"a","data":[1]}', "data", "event.data: expected an object; got a list"),
    (
        '{"type":"event","trigger":"a","data":{"hp":{"max":1e999}}}',
        "data",
        "event.data.hp.max: expected finite numbers only; got infinity",
    ),
    (
        '{"type":"event","trigger":"a","data":{"score":99999999999999999999}}',
        "data",
        "event.data.score: expected whole numbers of at most 64 bits; got a bigger one",
    ),
    (
        '{"type":"event","trigger":"a","mode":"verbatim"}',
        "text",
        "event.text: missing; mode verbatim needs the words to speak",
    ),
    (
        '{"type":"event","trigger":"a","mode":"verbatim","text":" "}',
        "text",
        "event.text: expected text that is not blank; got ' '",
    ),
    (
        '{"type":"event","trigger":"a","interrupt":true}',
        "interrupt",
        "event.interrupt: expected one of queue, replace, now; got true",
    ),
    (
        '{"type":"event","trigger":"a","on_late":{}}',
        "on_late",
        "event.on_late: expected one of canned, drop, context_only; got an empty object",
    ),
    ('{"type":"event","trigger":"a","id":7}', "id", "event.id: expected text; got 7"),
    ('{"type":"say"}', "text", "say.text: missing"),
    ('{"type":"say","text":null}', "text", "say.text: missing"),
    ('{"type":"state"}', "state", "state.state: missing"),
    ('{"type":"hello"}', "protocol", "hello.protocol: missing"),
    ('{"type":"hello","protocol":2}', "protocol", "hello.protocol: expected 1; got 2"),
    ('{"type":"hello","protocol":true}', "protocol", "hello.protocol: expected 1; got true"),
    (
        '{"type":"hello","protocol":1,"session":"a\\u0000"}',
        "session",
        "hello.session: expected text without control characters; got 'a\\u0000'",
    ),
    (
        '{"type":"hello","protocol":1,"audio":"bin"}',
        "audio",
        "hello.audio: expected one of binary, url, none; got 'bin'; did you mean binary?",
    ),
    (
        '{"type":"hello","protocol":1,"sample_rate":44100.5}',
        "sample_rate",
        "hello.sample_rate: expected a whole number; got 44100.5",
    ),
    ('{"type":"hello","protocol":1,"token":["secret"]}', "token", "hello.token: expected text"),
    ('{"type":"heard","line":0,"status":"finished"}', "line", "heard.line: expected 1 or more; got 0"),
    ('{"type":"heard","line":1,"status":"cut"}', "at_ms", "heard.at_ms: missing; a cut needs to say where"),
    ('{"type":"interrupt","fade_ms":10001}', "fade_ms", "interrupt.fade_ms: expected 10000 or less; got 10001"),
    ('{"type":7}', "type", "type: expected text; got 7"),
    ("{}", "type", "type: missing"),
    ("42", "message", "message: expected a JSON object; got 42"),
    ('"hi"', "message", "message: expected a JSON object; got 'hi'"),
]


@pytest.mark.parametrize(("raw", "field", "message"), WRONG, ids=[message for _, _, message in WRONG])
def test_a_bad_field_names_itself_what_was_expected_and_what_was_found(raw: str, field: str, message: str) -> None:
    with pytest.raises(BadMessage) as caught:
        parse(raw)
    assert (caught.value.message, caught.value.field) == (message, field)


BIG = [
    ({"type": "say", "text": "x" * 2001}, "text"),
    ({"type": "event", "trigger": "x" * 65}, "trigger"),
    ({"type": "event", "trigger": "a", "id": "x" * 129}, "id"),
    ({"type": "event", "trigger": "a", "data": {"x": "y" * 16384}}, "data"),
    ({"type": "state", "state": {"x": "\u00e9" * 8192}}, "state"),
    ({"type": "hello", "protocol": 1, "session": "x" * 129}, "session"),
    ({"type": "hello", "protocol": 1, "token": "secret" * 1000}, "token"),
    ({"type": "say", "text": "hi", "padding": "x" * 65536}, "message"),
]


@pytest.mark.parametrize(("message", "field"), BIG)
def test_every_size_has_a_limit(message: dict[str, Any], field: str) -> None:
    with pytest.raises(TooBig) as caught:
        parse(json.dumps(message))
    assert caught.value.field == field
    assert "secret" not in str(caught.value)


def test_nesting_has_a_limit() -> None:
    def nested(levels: int) -> str:
        return '{"type":"state","state":' + '{"x":' * levels + "1" + "}" * levels + "}"

    assert isinstance(parse(nested(8)), StateMessage)
    with pytest.raises(TooBig, match=r"state\.state: expected at most 8 levels of nesting"):
        parse(nested(9))


def test_what_just_fits_is_taken() -> None:
    assert parse(said(type="say", text="\u00e9" * 2000)) == SayMessage(text="\u00e9" * 2000)
    assert isinstance(parse(said(type="state", state={"x": "y" * 16376})), StateMessage)


@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_types_that_are_not_taken_yet_say_so(kind: str) -> None:
    with pytest.raises(UnknownType) as caught:
        parse(said(type=kind, id="p1"))
    assert caught.value.message == f"type: {kind} is not supported by this server"
    assert caught.value.hint == "types understood: hello, say, event, state, interrupt, heard"


def test_an_unknown_type_names_the_nearest() -> None:
    with pytest.raises(UnknownType, match=r"nothing is called 'evnet'; did you mean event\?"):
        parse(said(type="evnet"))


NOT_JSON: list[str | bytes] = [
    "",
    "hello",
    "{",
    '{"type":',
    "NaN",
    '{"type":"state","state":{"x":NaN}}',
    '{"type":"state","state":{"x":-Infinity}}',
    "[" * 10_000,
    '{"a":' * 10_000,
    "1" * 10_000,
    '"\\ud800"',
    "\ud800",
    b"\xff\xfe",
    b"\x00",
    b'{"type":"say","text":"\xc3"}',
]


@pytest.mark.parametrize("raw", NOT_JSON, ids=range(len(NOT_JSON)))
def test_what_is_not_json_is_a_bad_message_with_an_example(raw: str | bytes) -> None:
    with pytest.raises(BadMessage, match="message: expected a JSON object") as caught:
        parse(raw)
    assert caught.value.hint == 'for example {"type":"say","text":"hello"}'


def test_of_a_key_given_twice_the_last_counts() -> None:
    assert parse('{"type":"say","text":"one","text":"two"}') == SayMessage(text="two")


def test_a_body_need_not_say_its_type_but_may_not_say_another() -> None:
    assert parse_as(SayMessage, '{"text":"hi"}') == SayMessage(text="hi")
    assert parse_as(Interrupt, '{"type":"interrupt"}') == Interrupt()
    with pytest.raises(BadMessage, match="type: expected say, or nothing, here; got 'event'"):
        parse_as(SayMessage, '{"type":"event","text":"hi"}')


def test_a_token_is_not_shown() -> None:
    assert "hush" not in repr(parse('{"type":"hello","protocol":1,"token":"hush"}'))
