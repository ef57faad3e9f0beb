"""Simple mode: a game, or a person at a terminal, that sends plain text."""

import pytest

from fnlloyd.errors import BadMessage
from fnlloyd.wire import EventMessage, Hello, SayMessage, parse_simple


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("hello there", "hello there"),
        (b"hello there", "hello there"),
        ("42", "42"),
        ('"in quotes"', "in quotes"),
        ("null", "null"),
        ("[1, 2]", "[1, 2]"),
        ("{ smiling } hello", "{ smiling } hello"),
        ("\u00e9t\u00e9", "\u00e9t\u00e9"),
    ],
)
def test_in_simple_mode_what_is_not_an_object_is_the_player_speaking(raw: str | bytes, text: str) -> None:
    assert parse_simple(raw) == SayMessage(text=text)


def test_in_simple_mode_an_object_is_a_message() -> None:
    assert parse_simple('{"type":"event","trigger":"miss"}') == EventMessage(trigger="miss")
    assert parse_simple('{"type":"hello","protocol":1}') == Hello(protocol=1)


@pytest.mark.parametrize(
    "raw", ['{"type":"event","trigger":"miss"', ' {"type":"say",}', "{}", "", "  ", b"\xff", "\ud800"]
)
def test_in_simple_mode_json_with_a_slip_in_it_is_not_spoken(raw: str | bytes) -> None:
    with pytest.raises(BadMessage):
        parse_simple(raw)
