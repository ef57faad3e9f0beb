"""REST, server-sent events and sound by address."""

from __future__ import annotations

import aiohttp
import anyio
import pytest

from tests.journey.conftest import Serve, Server

THINKING = {"engine": {"engines": ["scripted:?ttft_ms=60000"]}}
VERBATIM = {"trigger": "start", "mode": "verbatim", "text": "To the ramparts, my friend!"}


async def test_every_door_gives_the_same_line_word_for_word(server: Server) -> None:
    client, words = server.client(), "What shall we do about the bricks?"
    _, whole = await client.request("POST", "/v1/sessions/a/say", {"text": words})
    messages = await client.events("/v1/sessions/b/say", {"text": words})
    async with client.full("c", audio="none") as talk:
        await talk.send("say", text=words)
        spoken = await talk.until("line.end")
    async with client.chat("?session=d") as simple:
        await simple.socket.send_str(words)
        line = await simple.next()
    streamed = "".join(message["text"] for message in messages if message["type"] == "line.delta").strip()
    assert whole["text"] == messages[-1]["text"] == streamed == spoken["text"] == line["text"]
    assert [message["type"] for message in messages if message["type"] != "line.delta"] == [
        "line.start",
        "outcome",
        *["line.sentence"] * len(talk.of("line.sentence")),
        "line.sent",
        "line.end",
    ]


async def test_a_say_is_answered_with_everything_about_its_line(server: Server) -> None:
    status, answer = await server.client().request("POST", "/v1/sessions/a/say", {"text": "Good morning"})
    assert status == 200
    assert {"line", "text", "source", "mood", "intensity", "audioUrl", "outcome", "timings", "usage"} == set(answer)
    assert (answer["line"], answer["source"], answer["outcome"]) == (1, "llm", "spoken")


async def test_an_event_without_a_line_says_why(server: Server) -> None:
    client = server.client()
    await client.request("POST", "/v1/sessions/a/events", {"trigger": "good_shot"})
    status, answer = await client.request("POST", "/v1/sessions/a/events", {"trigger": "good_shot"})
    assert (status, answer["line"], answer["text"]) == (200, None, None)
    assert (answer["outcome"], answer["reason"]) == ("dropped", "cooldown")
    told = await client.events("/v1/sessions/a/events", {"trigger": "good_shot", "id": "third"})
    assert [(message["type"], message["id"], message["reason"]) for message in told] == [
        ("outcome", "third", "cooldown")
    ]


async def test_a_client_that_leaves_a_plain_post_or_a_stream_frees_the_engine(serve: Serve) -> None:
    async with serve(**THINKING) as server, aiohttp.ClientSession() as http:
        for headers in ({}, {"accept": "text/event-stream"}):
            async with anyio.create_task_group() as tasks:

                async def ask(headers: dict[str, str] = headers) -> None:
                    async with http.post(
                        f"{server.base_url}/v1/sessions/a/say", json={"text": "hello?"}, headers=headers
                    ) as response:
                        await response.read()

                tasks.start_soon(ask)
                await server.until_busy()
                tasks.cancel_scope.cancel()
            await server.until_idle()


async def test_state_is_merged_and_read_back_with_the_mood(server: Server) -> None:
    client = server.client()
    await client.request("PATCH", "/v1/sessions/a/state", {"state": {"lives": 1, "boss": {"hp": 3, "name": "Grout"}}})
    await client.request("PATCH", "/v1/sessions/a/state", {"state": {"boss": {"hp": None}}})
    status, session = await client.request("GET", "/v1/sessions/a")
    assert (status, session["mood"], session["state"]["boss"]) == (200, "worried", {"name": "Grout"})


async def test_a_deleted_session_is_gone(server: Server) -> None:
    client = server.client()
    await client.request("POST", "/v1/sessions/a/say", {"text": "hello"})
    assert (await client.request("DELETE", "/v1/sessions/a"))[0] == 204
    status, error = await client.request("GET", "/v1/sessions/a")
    assert (status, error["error"]["code"]) == (404, "not_found")
    assert (await client.request("DELETE", "/v1/sessions/a"))[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "named"),
    [
        ("POST", "/v1/sessions/a/say", b"{", 422, "message"),
        ("POST", "/v1/sessions/a/say", b"\xff\xfe", 422, "message"),
        ("POST", "/v1/sessions/a/say", {"text": 5}, 422, "text"),
        ("POST", "/v1/sessions/a/say", b"[" + b" " * 900_000, 413, "body"),
        ("POST", "/v1/sessions/a/events", {}, 422, "trigger"),
        ("POST", "/v1/sessions/a/events", {"trigger": "bos_appear", "mode": "canned"}, 404, "trigger"),
        ("POST", "/v1/sessions/a/events", {"trigger": "x", "mode": "verbatim"}, 422, "text"),
        ("PATCH", "/v1/sessions/a/state", {"state": "full"}, 422, "state"),
        ("POST", f"/v1/sessions/{'x' * 200}/say", {"text": "hi"}, 422, "session"),
        ("GET", "/v1/nothing", None, 404, "/v1/nothing"),
        ("GET", "/audio/../../etc/passwd", None, 404, ""),
        ("GET", "/audio/%2e%2e%2fpasswd.wav", None, 404, "passwd"),
        ("GET", f"/audio/{'0' * 64}.wav", None, 404, "000"),
    ],
)
async def test_a_bad_request_gets_an_error_that_names_it(
    server: Server, method: str, path: str, body: object, status: int, named: str
) -> None:
    found, answer = await server.client().request(method, path, body)
    assert found == status
    assert named in answer["error"]["message"]
    assert set(answer["error"]) >= {"code", "message", "retryable"}


async def test_a_canned_line_has_one_address_that_never_changes(server: Server) -> None:
    client = server.client()
    event = {"trigger": "start", "mode": "canned"}
    addresses = set()
    for session in ("a", "b"):
        messages = await client.events(f"/v1/sessions/{session}/events", event)
        addresses |= {message["audioUrl"] for message in messages if message["type"] == "line.sentence"}
    status, sound, headers = await client.sound(next(iter(addresses)))
    again, nothing, _ = await client.sound(next(iter(addresses)), {"if-none-match": headers["etag"]})
    assert (status, sound[:4], int(headers["content-length"])) == (200, b"RIFF", len(sound))
    assert (again, nothing) == (304, b"")


async def test_a_live_line_streams_while_it_is_made_and_then_has_a_length(serve: Serve) -> None:
    slow = {"engine": {"engines": ["scripted:?rate=30&text=One two three. Four five six. Seven eight nine."]}}
    async with serve(**slow) as server, server.client().full(audio="url") as talk:
        await talk.send("say", text="count")
        address = (await talk.until("line.start"))["audioUrl"]
        assert server.running == 1
        status, streamed, headers = await server.client().sound(address)
        assert "content-length" not in headers
        await talk.until("line.sent")
        _, whole, headers = await server.client().sound(address)
        part_status, part, part_headers = await server.client().sound(address, {"range": "bytes=44-143"})
    assert (status, streamed[44:]) == (200, whole[44:])
    assert int(headers["content-length"]) == len(whole)
    assert (part_status, part) == (206, whole[44:144])
    assert part_headers["content-range"] == f"bytes 44-143/{len(whole)}"


@pytest.mark.parametrize(("ending", "magic", "kind"), [("mp3", b"", "audio/mpeg"), ("opus", b"OggS", "audio/ogg")])
async def test_sound_comes_in_the_coding_that_is_asked_for(
    server: Server, ending: str, magic: bytes, kind: str
) -> None:
    async with server.client().full(audio="url", format=ending) as talk:
        await talk.send("event", **VERBATIM)
        await talk.until("line.sent")
        address = talk.of("line.start")[0]["audioUrl"]
        status, sound, headers = await server.client().sound(address)
    assert (status, headers["content-type"].split(";")[0], sound[: len(magic)]) == (200, kind, magic)
    assert len(sound) > 500


async def test_health_says_who_answers_and_ready_waits_for_the_engine(serve: Serve) -> None:
    async with serve() as server:
        status, health = await server.client().request("GET", "/health")
        assert (status, health["status"], set(health["availableModels"])) == (200, "ok", {"fast", "quality", "alt"})
        with anyio.fail_after(5):
            while (await server.client().request("GET", "/health/ready"))[0] != 200:
                await anyio.sleep(0.02)
    async with serve(engine={"engines": ["openai+http://127.0.0.1:9/v1?model=none"]}) as server:
        status, ready = await server.client().request("GET", "/health/ready")
    assert (status, ready["engine"]) == (503, False)


async def test_a_key_is_asked_for_where_there_is_one(serve: Serve) -> None:
    async with serve(server={"key": "open sesame"}) as server:
        client = server.client()
        assert (await client.request("GET", "/health"))[0] == 200
        assert (await client.request("POST", "/v1/sessions/a/say", {"text": "hi"}))[0] == 401
        assert (await client.request("GET", "/v1/sessions/a", None, {"authorization": "Bearer wrong"}))[0] == 401
        right = {"authorization": "Bearer open sesame"}
        assert (await client.request("POST", "/v1/sessions/a/say", {"text": "hi"}, right))[0] == 200
        async with client.chat() as talk:
            await talk.send("hello", protocol=1, token="wrong")
            assert (await talk.next())["code"] == "unauthorized"
        async with client.full(token="open sesame"):
            pass


async def test_a_foreign_page_and_a_foreign_host_name_are_refused(server: Server) -> None:
    client = server.client()
    assert (await client.request("GET", "/health", None, {"origin": "https://elsewhere.example"}))[0] == 403
    assert (await client.request("GET", "/health", None, {"host": "rebound.example"}))[0] == 403
    assert (await client.request("GET", "/health", None, {"origin": "http://127.0.0.1:5173"}))[0] == 200
