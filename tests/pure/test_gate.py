"""Who is let in: a table of hosts and origins, and the key."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from fnlloyd.server.gate import PAGE_HEADERS, Gate, is_loopback

KEY = "open sesame"


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("inside", headers={"vary": "Accept"})(scope, receive, send)


async def knock(
    gate: Gate,
    headers: dict[str, str] | None = None,
    *,
    path: str = "/v1/sessions/a",
    method: str = "GET",
    kind: str = "http",
) -> tuple[int, dict[str, str], bytes]:
    """Status (or close code), headers and body of one request."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    await gate({"type": kind, "method": method, "path": path, "headers": raw}, receive, send)
    first = sent[0]
    if first["type"] == "websocket.close":
        return first["code"], {}, b""
    found = {name.decode(): value.decode("latin-1") for name, value in first["headers"]}
    return first["status"], found, b"".join(message.get("body", b"") for message in sent)


def gate(**settings: Any) -> Gate:
    return Gate(inside, **{"key": None} | settings)


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("game.localhost", True),
        ("localhost.example", False),
        ("notlocalhost", False),
        ("127.0.0.1.example", False),
        ("0.0.0.0", False),
        ("192.168.0.7", False),
        ("", False),
    ],
)
def test_a_name_is_this_machine_s_own_or_not(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("rebound.example", 403),
        ("rebound.example:8000", 403),
        ("localhost.rebound.example", 403),
        ("localhost@rebound.example", 403),
        ("[::1", 403),
        ("[nonsense]:1", 403),
        ("\xff", 403),
        ("a/b", 403),
    ],
)
async def test_on_loopback_only_this_machine_s_own_names_are_answered(host: str, status: int) -> None:
    assert (await knock(gate(), {"host": host}))[0] == status


async def test_off_loopback_any_host_name_is_answered() -> None:
    assert (await knock(gate(loopback=False), {"host": "fnlloyd.example"}))[0] == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8000", 200),
        ("http://localhost:5173", 200),
        ("https://127.0.0.1:5173", 200),
        ("http://[::1]:5173", 200),
        ("tauri://localhost", 200),
        ("https://game.example", 200),
        ("HTTPS://GAME.EXAMPLE", 200),
        ("https://game.example:444", 403),
        ("http://game.example", 403),
        ("https://game.example.elsewhere.example", 403),
        ("https://elsewhere.example", 403),
        ("http://localhost.elsewhere.example", 403),
        ("http://localhost@elsewhere.example", 403),
        ("null", 403),
        ("", 403),
        ("file://", 403),
        ("http://", 403),
        ("http://[::1", 403),
        ("http://[nonsense]", 403),
        ("javascript://localhost", 403),
        ("\xff\xfe", 403),
    ],
)
async def test_a_page_comes_in_from_here_from_loopback_or_if_it_was_allowed_by_name(origin: str, status: int) -> None:
    door = gate(origins=["https://game.example/"])
    found, headers, _ = await knock(door, {"host": "localhost:8000", "origin": origin})
    closed, _, _ = await knock(door, {"host": "localhost:8000", "origin": origin}, kind="websocket", path="/chat")
    assert (found, closed) == (status, 200 if status == 200 else 1008)
    assert headers.get("access-control-allow-origin") == (origin if status == 200 else None)


async def test_a_server_reached_by_its_name_lets_in_its_own_pages_only() -> None:
    door = gate(loopback=False)
    for origin, status in (("https://fnlloyd.example", 200), ("https://other.example", 403)):
        assert (await knock(door, {"host": "fnlloyd.example", "origin": origin}))[0] == status


async def test_a_native_game_sends_no_origin_and_is_let_in() -> None:
    status, headers, _ = await knock(gate(), {"host": "localhost:8000"})
    assert (status, "access-control-allow-origin" in headers) == (200, False)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("", 401),
        (KEY, 401),
        ("Bearer", 401),
        ("Bearer wrong", 401),
        (f"Basic {KEY}", 401),
        (f"Bearer {KEY} ", 401),
        ("Bearer \xff\xfe", 401),
        (f"Bearer {KEY}", 200),
        (f"bearer {KEY}", 200),
    ],
)
async def test_where_there_is_a_key_only_the_key_opens(authorization: str | None, status: int) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    assert (await knock(gate(key=KEY), headers))[0] == status


async def test_health_needs_no_key_and_a_path_that_looks_like_it_does() -> None:
    door = gate(key=KEY)
    found = {path: (await knock(door, path=path))[0] for path in ("/health", "/health/ready", "/healthy", "/health/x")}
    assert found == {"/health": 200, "/health/ready": 200, "/healthy": 401, "/health/x": 401}


async def test_a_browser_s_question_before_the_request_is_answered_without_the_key() -> None:
    door, asked = gate(key=KEY), {"origin": "http://localhost:5173", "access-control-request-method": "PATCH"}
    status, headers, body = await knock(door, asked, method="OPTIONS")
    assert (status, body, headers["access-control-allow-origin"]) == (204, b"", "http://localhost:5173")
    assert "PATCH" in headers["access-control-allow-methods"]
    assert "authorization" in headers["access-control-allow-headers"]
    refused, _, _ = await knock(door, asked | {"origin": "https://elsewhere.example"}, method="OPTIONS")
    assert refused == 403


async def test_every_answer_says_what_a_page_of_it_may_do_and_keeps_its_own_headers() -> None:
    _, headers, _ = await knock(gate(), {"origin": "http://localhost:5173"})
    assert headers | PAGE_HEADERS == headers
    assert headers["vary"] == "Accept, Origin"
