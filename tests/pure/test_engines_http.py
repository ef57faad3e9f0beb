"""What an engine on the other end of a wire can do wrong, done by a server that is nothing but a socket."""

import asyncio
import itertools
import json
import random
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

import anyio
import pytest

from fnlloyd.engines.http_door import Timeouts
from fnlloyd.engines.openai_http import OpenAIEngine
from fnlloyd.errors import EngineError, EngineFailed, EngineTimeout, EngineUnavailable
from fnlloyd.events import Message, Piece, Prompt, Usage

PROMPT = Prompt((Message("user", "Hello"),))
KEY = "sk-never-to-be-seen"
SSE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
CHUNKED = SSE_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
QUICK = Timeouts(connect_s=1, first_token_s=0.3, gap_s=0.3, total_s=5)

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[None]]


class Wire:
    """A socket that reads requests and does with each what it is told. Counts connections and requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []
        self.closed = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next((int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0)
                self.requests.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                await answer(reader, writer, self.requests[-1])
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.closed.set()
            writer.close()


@asynccontextmanager
async def wired(*answers: Answer, timeouts: Timeouts = QUICK) -> AsyncIterator[tuple[Wire, OpenAIEngine]]:
    wire = Wire(*answers)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    engine = OpenAIEngine(wire.url, "m", api_key=KEY, timeouts=timeouts)
    try:
        yield wire, engine
    finally:
        await engine.aclose()
        server.close()


def sends(*parts: bytes, close: bool = False, reset: bool = False) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _request: bytes) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        if reset:
            writer.transport.abort()
        if close:
            writer.close()
            raise ConnectionError

    return answer


def plain(status: str, body: object = b"", *headers: str) -> Answer:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = b"application/json" if not isinstance(body, bytes) else b"text/plain"
    lines = "".join(f"{header}\r\n" for header in headers).encode()
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n" % (status.encode(), kind, len(payload))
    return sends(head + lines + b"\r\n" + payload)


def framed(text: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(text), text)


def event(text: str, finish: str | None = None) -> bytes:
    choice = {"delta": {"content": text}, "finish_reason": finish}
    return b"data: %s\n\n" % json.dumps({"choices": [choice]}, ensure_ascii=False).encode()


BODY = (
    b": ping\n\n"
    + event("I s")
    + event("ay, é🎆")
    + b'data: {"choices":[{"delta":{"reasoning":"hidden"}}]}\r\n\r\n'
    + event(" indeed", "stop")
    + b'data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":3,'
    + b'"prompt_tokens_details":{"cached_tokens":2}}}\n\n'
    + b"data: [DONE]\n\n"
)
WHOLE = CHUNKED + framed(BODY) + b"0\r\n\r\n"
SAID = [Piece("I s"), Piece("ay, é🎆"), Piece(" indeed"), Usage(4, 3, 2)]


async def answer(engine: OpenAIEngine) -> list[Piece | Usage]:
    async with aclosing(engine.stream(PROMPT)) as stream:
        return [piece async for piece in stream]


async def trouble(engine: OpenAIEngine) -> EngineError:
    with pytest.raises(EngineError) as caught:
        await answer(engine)
    assert KEY not in "".join(map(str, (caught.value, repr(caught.value), caught.value.__cause__)))
    return caught.value


@pytest.mark.parametrize("seed", range(12))
async def test_an_answer_chopped_anywhere_on_the_wire_is_the_same(seed: int) -> None:
    chance = random.Random(seed)
    body = b"".join(
        framed(BODY[a:b]) for a, b in _between(sorted({0, len(BODY), *chance.choices(range(1, len(BODY)), k=9)}))
    )
    text = CHUNKED + body + b"0\r\n\r\n"
    cuts = sorted({0, len(text), *chance.choices(range(1, len(text)), k=25)})
    async with wired(sends(*(text[a:b] for a, b in _between(cuts)))) as (_, engine):
        assert await answer(engine) == SAID


def _between(cuts: list[int]) -> list[tuple[int, int]]:
    return list(itertools.pairwise(cuts))


async def test_a_connection_is_used_again() -> None:
    async with wired(sends(WHOLE)) as (wire, engine):
        assert [await answer(engine) for _ in range(3)] == [SAID] * 3
        assert (wire.connections, len(wire.requests)) == (1, 3)


async def test_the_key_goes_to_the_engine_and_nowhere_else() -> None:
    async with wired(plain("401 Unauthorized", {"error": {"message": f"wrong key {KEY}"}})) as (wire, engine):
        assert "API key" in str(await trouble(engine))
        assert KEY.encode() in wire.requests[0]
        assert KEY not in repr(engine)


async def test_leaving_closes_the_connection_at_once() -> None:
    async with wired(sends(CHUNKED + framed(event("I say")))) as (wire, engine):
        async with aclosing(engine.stream(PROMPT)) as stream:
            assert await anext(stream) == Piece("I say")
            assert not wire.closed.is_set()
        with anyio.fail_after(1):
            await wire.closed.wait()


@pytest.mark.parametrize("sent", [b"", CHUNKED])
async def test_being_cancelled_before_the_first_word_closes_it_too(sent: bytes) -> None:
    async with wired(sends(sent), timeouts=Timeouts()) as (wire, engine):
        with anyio.move_on_after(0.1):
            await answer(engine)
        with anyio.fail_after(1):
            await wire.closed.wait()


async def test_a_reused_connection_that_dies_unanswered_is_tried_once_more() -> None:
    async with wired(sends(WHOLE), sends(close=True), sends(WHOLE)) as (wire, engine):
        assert [await answer(engine), await answer(engine)] == [SAID, SAID]
        assert (wire.connections, len(wire.requests)) == (2, 3)


async def test_a_small_question_is_asked_again_too() -> None:
    async with wired(sends(WHOLE), sends(close=True), plain("200 OK", {"data": [{"id": "m"}]})) as (wire, engine):
        await answer(engine)
        assert (await engine.probe()).ready
        assert len(wire.requests) == 3


async def test_a_fresh_connection_that_dies_is_not_tried_again() -> None:
    async with wired(sends(close=True)) as (wire, engine):
        assert isinstance(await trouble(engine), EngineFailed)
        assert len(wire.requests) == 1


async def test_a_reused_connection_that_had_begun_to_answer_is_not_tried_again() -> None:
    async with wired(sends(WHOLE), sends(CHUNKED, close=True), sends(WHOLE)) as (wire, engine):
        await answer(engine)
        assert isinstance(await trouble(engine), EngineFailed)
        assert len(wire.requests) == 2


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (plain("401 No", {"error": {"message": "bad key"}}), EngineFailed, "refuses the key.*bad key.*API key"),
        (plain("403 No"), EngineFailed, "API key"),
        (plain("404 No", {"error": "no model m"}), EngineFailed, "'m'.*no model m.*model="),
        (plain("429 No", b"", "Retry-After: 7"), EngineUnavailable, "asks to wait 7 s"),
        (plain("429 No"), EngineUnavailable, "too many requests"),
        (plain("500 No", b"stack trace"), EngineFailed, "HTTP 500.*stack trace"),
        (plain("502 No"), EngineUnavailable, "gateway"),
        (plain("503 No", {"error": {"message": "Loading model"}}), EngineUnavailable, "full or still loading.*Loading"),
        (plain("400 No", {"detail": "too long"}), EngineFailed, "refuses the request.*too long"),
        (plain("307 No", b"", "Location: /elsewhere"), EngineFailed, "moved to /elsewhere"),
        (plain("200 OK", b"<html>hello"), EngineFailed, "text/plain, not with an event stream: <html>hello"),
        (plain("200 OK", {"choices": []}), EngineFailed, "application/json, not with an event stream"),
        (sends(b"SSH-2.0-OpenSSH_9\r\n\r\n", close=True), EngineFailed, "does not speak HTTP"),
    ],
)
async def test_a_refusal_becomes_a_typed_error_that_says_what_to_do(
    reply: Answer, kind: type[EngineError], says: str
) -> None:
    async with wired(reply) as (_, engine):
        error = await trouble(engine)
        assert type(error) is kind
        assert error.hint
        assert re.search(says, str(error)), str(error)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (sends(CHUNKED + framed(event("a")), close=True), EngineFailed),
        (sends(CHUNKED + framed(event("a")), reset=True), EngineFailed),
        (sends(CHUNKED + framed(event("a")) + b"0\r\n\r\n"), EngineFailed),
        (sends(CHUNKED + framed(event("a") + b'data: {"error":{"message":"died"}}\n\n') + b"0\r\n\r\n"), EngineFailed),
        (sends(CHUNKED + framed(event("a") + b"data: {]\n\n") + b"0\r\n\r\n"), EngineFailed),
        (sends(CHUNKED + framed(event("a") + b'data: {"choi')), EngineTimeout),
        (sends(CHUNKED + framed(event("a")) + b"zz\r\n"), EngineFailed),
        (sends(CHUNKED + framed(event("a") + b"data: " + b"x" * 1_100_000)), EngineFailed),
    ],
    ids=["closed", "reset", "ended early", "error event", "broken json", "stalled", "broken frame", "endless"],
)
async def test_what_breaks_in_the_middle_raises_after_the_words_that_came(
    reply: Answer, kind: type[EngineError]
) -> None:
    async with wired(reply) as (_, engine):
        pieces = []
        with pytest.raises(EngineError) as caught:
            async with aclosing(engine.stream(PROMPT)) as stream:
                async for piece in stream:
                    pieces.append(piece)  # noqa: PERF401 - what came before the error counts
        assert type(caught.value) is kind
        # A reset may overtake the words before it.
        assert pieces in ([Piece("a")], [])


async def test_an_answer_whose_end_mark_is_missing_is_whole_if_the_engine_gave_a_reason() -> None:
    async with wired(sends(SSE_HEAD + b"Connection: close\r\n\r\n" + event("a", "stop"), close=True)) as (_, engine):
        assert await answer(engine) == [Piece("a")]


@pytest.mark.parametrize(
    "sent", [b"", CHUNKED, CHUNKED + framed(b'data: {"choices":[{"delta":{"reasoning":"hm"}}]}\n\n')]
)
async def test_no_first_word_in_time_is_a_timeout(sent: bytes) -> None:
    async with wired(sends(sent)) as (_, engine):
        assert isinstance(await trouble(engine), EngineTimeout)


async def test_keep_alives_do_not_pass_for_words() -> None:
    async def pings(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _request: bytes) -> None:
        writer.write(CHUNKED)
        while not writer.is_closing():
            writer.write(framed(b": ping\n\n"))
            await writer.drain()
            await asyncio.sleep(0.02)

    async with wired(pings) as (_, engine):
        with anyio.fail_after(5):
            assert isinstance(await trouble(engine), EngineTimeout)


async def test_nobody_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        engine = OpenAIEngine(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "m")
        error = await trouble(engine)
        facts = await engine.probe()
    await engine.aclose()
    assert isinstance(error, EngineUnavailable)
    assert "cannot be reached" in str(error)
    assert (facts.ready, facts.model) == (False, "m")
    assert "cannot be reached" in (facts.detail or "")


async def test_an_unknown_host_is_unavailable() -> None:
    engine = OpenAIEngine("http://no-such-host.invalid/v1", "m", timeouts=Timeouts())
    error = await trouble(engine)
    await engine.aclose()
    assert isinstance(error, EngineUnavailable)
    assert "no address" in str(error)


async def test_tls_where_there_is_none_is_unavailable() -> None:
    async def no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(no_tls, "127.0.0.1", 0)
    engine = OpenAIEngine(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", "m")
    error = await trouble(engine)
    await engine.aclose()
    server.close()
    assert isinstance(error, EngineUnavailable)
    assert "TLS" in str(error)


async def test_without_a_model_the_first_one_served_is_asked_once() -> None:
    listed = plain("200 OK", {"data": [{"id": "served", "max_model_len": 8192}, {"id": "other"}]})
    async with wired(listed, sends(WHOLE)) as (wire, _):
        engine = OpenAIEngine(wire.url)
        assert await answer(engine) == SAID
        assert await answer(engine) == SAID
        assert [request.split(b" ")[1] for request in wire.requests] == [b"/v1/models", *[b"/v1/chat/completions"] * 2]
        assert b'"model":"served"' in wire.requests[1]
        await engine.aclose()


async def test_a_probe_says_model_and_context_or_what_is_served_instead() -> None:
    async with wired(plain("200 OK", {"data": [{"id": "m", "max_model_len": 8192}]})) as (wire, engine):
        facts = await engine.probe()
        assert (facts.ready, facts.model, facts.context_tokens) == (True, "m", 8192)
        other = OpenAIEngine(wire.url, "n")
        facts = await other.probe()
        assert (facts.ready, facts.detail) == (False, "it serves m")
        await other.aclose()
