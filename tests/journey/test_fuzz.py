"""Whatever comes in: no crash, no 5xx, nothing left behind, and the server still answers.

FNLLOYD_FUZZ says how many frames and requests are tried altogether; FNLLOYD_FUZZ_SEED which.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import anyio
import pytest

from fnlloyd.wire.examples import EXAMPLES
from fnlloyd.wire.incoming import MESSAGES, UNSUPPORTED
from tests.journey.conftest import Serve, Server
from tests.journey.raw import BINARY, CLOSE, CONTINUED, PING, PONG, TEXT, RawSocket, raw_socket

TRIES = int(os.environ.get("FNLLOYD_FUZZ", "3000"))
SEED = int(os.environ.get("FNLLOYD_FUZZ_SEED", "1"))
HURRIED = {
    "engine": {"engines": ["scripted:"]},
    "voice": {"urls": ["tone:?ms_per_word=10"], "render_ahead": False},
}
KNOWN = [json.loads(json.dumps(EXAMPLES[model])) for model in MESSAGES.values()]
FIELDS = sorted(
    {name for message in KNOWN for name in message} | {"audio", "key", "at_ms", "mode", "text", "interrupt"}
)
WORDS = [
    "binary",
    "url",
    "none",
    "opus",
    "now",
    "replace",
    "verbatim",
    "canned",
    "llm",
    "low",
    "critical",
    "cut",
    "drop",
]
PATHS = [
    "/v1/sessions/{}/say",
    "/v1/sessions/{}/events",
    "/v1/sessions/{}/state",
    "/v1/sessions/{}",
    "/audio/{}",
    "/audio/{}.wav",
    "/api/chat",
    "/api/quick/{}",
    "/api/shorthand/{}",
    "/api/history/{}",
    "/api/history",
    "/api/state",
    "/api/model",
    "/api/models",
    "/api/clear",
    "/api/triggers",
    "/health",
    "/openapi.json",
    "/{}",
    "/{}/{}",
    "/index.html",
    "/chat",
]
SEGMENTS = [
    "a",
    "start",
    "boss_appear",
    "!FN_START$",
    "0" * 64,
    "x" * 300,
    "..",
    ".",
    "%2e%2e%2f",
    "%00",
    "%ff",
    "%0a",
    "",
]
HEADERS = ["accept", "range", "origin", "authorization", "if-none-match", "content-type", "cookie", "last-event-id"]
HEADER_VALUES = [
    "text/event-stream",
    "application/json",
    "bytes=0-1",
    "bytes=5-1",
    "bytes=-0",
    "bytes=99999999999999999999-",
    "http://localhost:1",
    "http://[",
    "null",
    "Bearer x",
    "*",
    '"' * 50,
]
# The server below the app says these of bytes that are no HTTP or no UTF-8; they cost nothing.
HARMLESS = ("Invalid HTTP request received.", "Invalid UTF-8 sequence received from client.")
FINE_CLOSES = {1000, 1002, 1007, 1009, 4400}


class Fuzz:
    """Everything is drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one_of(self, makers: list[Callable[[], bytes]]) -> bytes:
        return self.random.choice(makers)()

    def value(self, depth: int = 0) -> object:
        pick = self.random.choice
        kind = self.random.randrange(12 if depth < 5 else 8)
        match kind:
            case 0:
                return pick([None, True, False])
            case 1:
                return pick([0, 1, -1, 2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**400])
            case 2:
                return pick([0.5, -0.0, 1e308, 5e-324, float("inf"), float("nan")])
            case 3 | 4:
                return pick(WORDS)
            case 5:
                return self.text()
            case 6:
                return "x" * pick([1, 64, 65, 128, 129, 2000, 2001, 5000])
            case 7:
                return pick([[], {}, "", " ", "\u200b"])
            case 8 | 9:
                return {pick([*FIELDS, self.text()]): self.value(depth + 1) for _ in range(self.random.randrange(4))}
            case _:
                return [self.value(depth + 1) for _ in range(self.random.randrange(4))]

    def text(self) -> str:
        letters = "aé漢😀\x00\x07\n\x85\u2028\ud800\udfff<>\"'\\/*{}[]"
        return "".join(self.random.choice(letters) for _ in range(self.random.randrange(12)))

    def mutated(self) -> bytes:
        """A message that was good once."""
        message = dict(self.random.choice(KNOWN))
        for _ in range(self.random.randrange(3)):
            name = self.random.choice([*message, *FIELDS])
            if self.random.random() < 0.3:
                message.pop(name, None)
            else:
                message[name] = self.value()
        if self.random.random() < 0.1:
            message["type"] = self.random.choice([*UNSUPPORTED, "", "Say", None, 1])
        return json.dumps(message).encode()

    def broken(self) -> bytes:
        """A message with a few bytes changed, cut off, or said twice."""
        raw = bytearray(self.mutated())
        for _ in range(self.random.randrange(4)):
            raw[self.random.randrange(len(raw))] = self.random.randrange(256)
        return bytes(raw[: self.random.randrange(len(raw) + 1)]) * self.random.choice([1, 1, 2])

    def any_json(self) -> bytes:
        return json.dumps(self.value()).encode()

    def nested(self) -> bytes:
        depth = self.random.choice([9, 100, 5000])
        inner = b"[" * depth + b"]" * depth
        return self.random.choice([inner, b'{"type":"state","state":{"a":' + inner + b"}}", b'{"a":' * depth])

    def noise(self) -> bytes:
        return self.random.randbytes(self.random.randrange(120))

    def big(self) -> bytes:
        return b'{"type":"say","text":"' + b"x" * self.random.choice([60_000, 70_000, 300_000]) + b'"}'

    def payload(self) -> bytes:
        usual = [self.mutated] * 8 + [self.broken] * 4 + [self.any_json] * 3 + [self.nested, self.noise]
        return self.big() if self.random.random() < 0.01 else self.one_of(usual)

    def segment(self) -> str:
        if self.random.random() < 0.3:
            return quote(self.text().encode("utf-8", "surrogatepass"), safe="")
        return self.random.choice(SEGMENTS)

    def request(self, host: str) -> bytes:
        """A whole HTTP request, more or less."""
        if self.random.random() < 0.02:
            return b"?" + self.noise() + b"\r\n\r\n"
        method = self.random.choice(["GET", "GET", "POST", "POST", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "PUT"])
        template = self.random.choice(PATHS)
        path = template.format(*(self.segment() for _ in range(template.count("{}"))))
        if self.random.random() < 0.2:
            path += f"?sessionId={self.segment()}&x={self.segment()}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
        lines += [
            f"{name}: {self.random.choice([*HEADER_VALUES, quote(self.text(), errors='replace')])}"
            for name in HEADERS
            if self.random.random() < 0.15
        ]
        body = self.payload() if method in ("POST", "PATCH", "PUT") or self.random.random() < 0.05 else b""
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def settled(before: int) -> None:
    with anyio.fail_after(10):
        while len(asyncio.all_tasks()) > before:
            await anyio.sleep(0.005)


async def still_answers(server: Server) -> None:
    async with server.client().full("a good client", audio="none") as talk:
        await talk.send("event", trigger="start", mode="verbatim", text="Still here.", interrupt="now")
        while (await talk.until("line.end"))["text"] != "Still here.":
            pass


async def read_until(socket: RawSocket, mark: str) -> int | None:
    """Read until the server complains of the mark, or closes; then the close code."""
    while True:
        kind, payload = await socket.read()
        if kind == CLOSE:
            return int.from_bytes(payload[:2], "big")
        if kind == TEXT:
            message = json.loads(payload)
            if message["type"] == "error" and mark in message["message"]:
                return None


async def talk_nonsense(server: Server, fuzz: Fuzz, frames: int) -> int:
    """Send up to that many frames on one connection; how many were sent."""
    sent = 0
    async with raw_socket(server.base_url) as socket:
        if fuzz.random.random() < 0.7:
            audio = fuzz.random.choice(["none", "none", "url", "binary"])
            await socket.send(json.dumps({"type": "hello", "protocol": 1, "audio": audio}).encode())
        while sent < frames:
            for _ in range(10):
                kind = fuzz.random.choices([TEXT, BINARY, PING, PONG], [40, 2, 1, 1])[0]
                payload = fuzz.payload()
                if kind == TEXT and fuzz.random.random() < 0.99:
                    payload = payload.decode("utf-8", "replace").encode()
                await socket.send(payload[:125] if kind in (PING, PONG) else payload, kind)
                sent += 1
            mark = f"mark-{sent}"
            await socket.send(b'{"type":"state","state":{}}')
            await socket.send(json.dumps({"type": mark}).encode())
            if (code := await read_until(socket, mark)) is not None:
                assert code in FINE_CLOSES
                return sent
    return sent


@pytest.fixture
def unharmed(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was logged as a fault."""
    caplog.set_level(logging.WARNING)

    def faults() -> list[str]:
        errors = (record for record in caplog.records if record.levelno >= logging.ERROR)
        return [record.getMessage() for record in errors if record.getMessage() not in HARMLESS]

    return faults


async def test_no_frame_breaks_the_server(serve: Serve, unharmed: Callable[[], list[str]]) -> None:
    fuzz, left = Fuzz(SEED), TRIES // 2
    async with serve(**HURRIED) as server:
        await still_answers(server)
        before = len(asyncio.all_tasks())
        while left > 0:
            left -= await talk_nonsense(server, fuzz, min(left, 100))
        await settled(before)
        await still_answers(server)
        await server.until_idle()
    assert unharmed() == []


async def test_no_request_breaks_the_server(serve: Serve, unharmed: Callable[[], list[str]]) -> None:
    fuzz = Fuzz(SEED + 1)
    async with serve(**HURRIED) as server:
        host = urlsplit(server.base_url).netloc
        await still_answers(server)
        before = len(asyncio.all_tasks())
        for _ in range(TRIES // 2):
            asked = fuzz.request(host)
            assert 200 <= await status_of(host, asked) < 500, asked
        await settled(before)
        await still_answers(server)
        await server.until_idle()
    assert unharmed() == []


async def status_of(host: str, request: bytes) -> int:
    """The status of one request; 400 where the server hung up on what is no HTTP."""
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    try:
        writer.write(request)
        first = b""
        with anyio.move_on_after(10) as waiting:
            try:
                first = await reader.readline()
                while await reader.read(1 << 16):
                    pass
            except ConnectionError:
                return 400
        assert not waiting.cancelled_caught, f"answered {first!r}, then nothing, to {request[:500]!r}"
        return int(first.split()[1]) if first else 400
    finally:
        writer.transport.abort()


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([(TEXT, b"\xff\xfe", True)], 1007),
        ([(TEXT, b"\xf0\x9f", False), (CONTINUED, b"\x98", True)], 1007),
        ([(CONTINUED, b"out of nowhere", True)], 1002),
        ([(TEXT, b"{", False), (TEXT, b"}", True)], 1002),
        ([(0x3, b"no such kind", True)], 1002),
        ([(PING, b"x" * 126, True)], 1002),
        ([(CLOSE, b"\x00", True)], 1002),
    ],
)
async def test_what_is_no_websocket_closes_its_own_connection_and_no_other(
    server: Server, frames: list[tuple[int, bytes, bool]], code: int
) -> None:
    async with raw_socket(server.base_url) as socket, server.client().full("other", audio="none") as other:
        for kind, payload, final in frames:
            await socket.send(payload, kind, final=final)
        closed, _ = await socket.until_closed()
        await other.send("event", trigger="boss_appear")
        await other.until("line.end")
    assert closed == code


async def test_a_message_in_many_fragments_is_one_message(server: Server) -> None:
    async with raw_socket(server.base_url) as socket:
        raw = '{"type":"event","trigger":"start","mode":"verbatim","text":"Ménage à trois 😀 oh."}'.encode()
        for at in range(len(raw)):
            await socket.send(raw[at : at + 1], CONTINUED if at else TEXT, final=at == len(raw) - 1)
        _, line = await socket.read()
    assert json.loads(line)["type"] == "line"
