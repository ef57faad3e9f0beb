"""What is typed in the chat, understood."""

from __future__ import annotations

import pytest

from fnlloyd.cli.slash import Do, NotUnderstood, Send, read_typed
from fnlloyd.cli.talk import chat_url


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("  Good evening! ", Send({"type": "say", "text": "Good evening!"}, answered=True)),
        ("/event boss_appear", Send({"type": "event", "trigger": "boss_appear"}, answered=True)),
        (
            '/event boss_appear hp=300 name="Old Tom" priority=high deadline_ms=800',
            Send(
                {
                    "type": "event",
                    "trigger": "boss_appear",
                    "priority": "high",
                    "deadline_ms": 800,
                    "data": {"hp": 300, "name": "Old Tom"},
                },
                answered=True,
            ),
        ),
        ("/state lives=1 boss=", Send({"type": "state", "state": {"lives": 1, "boss": None}})),
        ("/state odds=NaN", Send({"type": "state", "state": {"odds": "NaN"}})),
        ("/interrupt", Send({"type": "interrupt"})),
        ("", Do("nothing")),
        ("/help", Do("help")),
        ("/quit", Do("quit")),
    ],
)
def test_a_line_is_understood(typed: str, understood: object) -> None:
    assert read_typed(typed) == understood


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("/evnt boss", "did you mean /event?"),
        ("/event", "which one?"),
        ("/event boss hp", "'hp': expected name=value"),
        ("/state", "what changed?"),
        ('/say "', "a quotation mark is missing"),
    ],
)
def test_what_is_not_understood_is_explained(typed: str, why: str) -> None:
    told = read_typed(typed)
    assert isinstance(told, NotUnderstood)
    assert why in told.why


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("localhost:8000", "ws://localhost:8000/chat"),
        ("http://a.example", "ws://a.example/chat"),
        ("https://a.example/", "wss://a.example/chat"),
        ("ws://a.example/deep/chat?x=1", "ws://a.example/deep/chat?x=1"),
    ],
)
def test_any_address_of_the_server_will_do(given: str, url: str) -> None:
    assert chat_url(given) == url
