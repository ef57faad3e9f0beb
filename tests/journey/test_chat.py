"""The WebSocket, as a game sees it."""

from __future__ import annotations

import json

import aiohttp
import av
import pytest

from fnlloyd.wire import unpack
from tests.journey.client import Talk
from tests.journey.conftest import Serve, Server

SLOW = {"engine": {"engines": ["scripted:?rate=20&text=One two three, four five six. Seven eight nine ten eleven."]}}


async def test_hello_is_answered_by_who_speaks_and_how(server: Server) -> None:
    async with server.client().chat() as talk:
        await talk.send("hello", protocol=1, session="ada", audio="binary")
        welcome = await talk.next()
    assert (welcome["session"], welcome["character"]["name"], welcome["resumed"]) == ("ada", "!Fnlloyd", False)
    assert welcome["voice"]["sample_rate"] == 16000
    assert (welcome["engine"]["name"], welcome["seq"]) == ("scripted", 1)


async def test_an_event_gets_a_canned_line_with_its_sound(server: Server) -> None:
    async with server.client().full(audio="binary") as talk:
        await talk.send("event", id="e1", trigger="boss_appear", mode="canned")
        start = await talk.until("line.start")
        outcome = await talk.next()
        sent = await talk.until("line.sent")
    card = server.house.card
    assert start["text"] in card.book.lines("boss_appear") + [
        line.text for lines in card.book.mood_lines.values() for line in lines
    ]
    assert (outcome["type"], outcome["id"], outcome["outcome"], outcome["line"]) == ("outcome", "e1", "spoken", 1)
    frames = [unpack(frame) for frame in talk.frames]
    assert (frames[-1].last, frames[-1].payload) == (True, b"")
    assert sum(len(frame.payload) for frame in frames) == 2 * frames[-1].first_sample
    assert abs(sent["duration_ms"] - frames[-1].first_sample / 16) < 1


async def test_the_player_is_answered_by_the_engine_word_by_word(server: Server) -> None:
    async with server.client().full(audio="none") as talk:
        await talk.send("say", id="s1", text="Hello there")
        end = await talk.until("line.end")
    assert end["end"] == "complete"
    assert "".join(delta["text"] for delta in talk.of("line.delta")).strip() == end["text"]
    assert " ".join(sentence["text"] for sentence in talk.of("line.sentence")) == end["text"]
    assert talk.of("line.start")[0]["source"] == "llm"
    assert end["usage"]["completion_tokens"] > 0


async def test_messages_are_numbered_without_gaps_and_a_line_keeps_its_order(server: Server) -> None:
    async with server.client().full(audio="url") as talk:
        await talk.send("event", trigger="boss_appear")
        await talk.send("event", id="second", trigger="start", interrupt="queue")
        await talk.until("line.sent", line=1)
        await talk.send("heard", line=1, status="finished")
        await talk.until("line.sent", line=2)
        await talk.send("heard", line=2, status="finished")
        await talk.until("line.end", line=2)
    numbers = [message["seq"] for message in talk.messages]
    assert numbers == list(range(1, len(numbers) + 1))
    for line in (1, 2):
        kinds = [message["type"] for message in talk.messages if message.get("line") == line]
        assert kinds[0] == "line.start"
        assert kinds[-1] == "line.end"
        assert kinds.count("line.end") == 1


async def test_the_next_line_waits_until_this_one_has_been_heard(server: Server) -> None:
    async with server.client().full(audio="url") as talk:
        await talk.send("event", trigger="boss_appear")
        await talk.send("event", trigger="start", interrupt="queue")
        await talk.until("line.sent", line=1)
        assert await talk.silent()
        await talk.send("heard", line=1, status="finished")
        assert (await talk.next())["type"] == "line.end"
        assert (await talk.next())["type"] == "line.start"


async def test_the_four_line_client_gets_whole_lines_it_can_play(server: Server) -> None:
    async with server.client().chat() as talk:
        await talk.send("event", trigger="boss_appear")
        line = await talk.next()
        assert set(line) == {"type", "line", "text", "audioUrl", "source", "trigger", "mood"}
        status, sound, headers = await server.client().sound(line["audioUrl"])
    assert (status, headers["content-type"], sound[:4]) == (200, "audio/wav", b"RIFF")


async def test_plain_text_is_the_player_speaking(server: Server) -> None:
    async with server.client().chat() as talk:
        await talk.socket.send_str("good evening, old thing")
        line = await talk.next()
    assert (line["type"], line["source"]) == ("line", "llm")
    assert "good evening" in line["text"]


async def test_a_new_say_replaces_the_line_in_progress_and_frees_the_engine(serve: Serve) -> None:
    async with serve(**SLOW) as server, server.client().full(audio="none") as talk:
        await talk.send("say", text="first")
        await talk.until("line.delta")
        await talk.send("say", text="second")
        assert (await talk.until("line.stop"))["line"] == 1
        assert (await talk.next())["end"] == "replaced"
        assert (await talk.until("line.start"))["line"] == 2
        assert server.running == 1


async def test_an_interruption_frees_the_engine_and_remembers_what_was_heard(serve: Serve) -> None:
    async with serve(**SLOW) as server, server.client().full(audio="binary") as talk:
        await talk.send("say", text="tell me all")
        await talk.until("line.sentence", index=0)
        await talk.send("interrupt")
        stop = await talk.until("line.stop")
        end = await talk.until("line.end")
        await server.until_idle()
        _, session = await server.client().request("GET", "/v1/sessions/player")
    assert (stop["line"], end["end"]) == (1, "interrupted")
    heard = session["history"][-1]["line"]
    assert end["heard"] == heard
    assert end["text"].startswith(heard)
    assert len(heard) < len(end["text"])
    assert session["history"][-1]["cut"] is True


async def test_interrupting_before_the_first_word_frees_the_engine_and_leaves_no_line(serve: Serve) -> None:
    thinking = {"engine": {"engines": ["scripted:?ttft_ms=60000"]}}
    async with serve(**thinking) as server, server.client().full() as talk:
        await talk.send("say", id="s1", text="hello?")
        await server.until_busy()
        await talk.send("interrupt")
        outcome = await talk.next()
        await server.until_idle()
    assert (outcome["type"], outcome["outcome"]) == ("outcome", "dropped")


async def test_interrupting_a_line_that_has_just_ended_is_no_error(server: Server) -> None:
    async with server.client().full(audio="none") as talk:
        await talk.send("event", trigger="boss_appear", mode="canned")
        await talk.until("line.end")
        await talk.send("interrupt", line=1)
        assert await talk.silent()


async def test_a_vanished_client_frees_the_engine(serve: Serve) -> None:
    thinking = {"engine": {"engines": ["scripted:?ttft_ms=60000"]}}
    async with serve(**thinking) as server:
        async with server.client().full() as talk:
            await talk.send("say", text="hello?")
            await server.until_busy()
        await server.until_idle()


async def test_what_the_player_heard_is_what_is_remembered(server: Server) -> None:
    async with server.client().full(audio="binary") as talk:
        await talk.send("event", trigger="boss_appear", mode="verbatim", text="One two three four five six seven.")
        sent = await talk.until("line.sent")
        await talk.send("heard", line=1, status="cut", at_ms=sent["duration_ms"] // 2)
        end = await talk.until("line.end")
    assert end["end"] == "interrupted"
    assert end["heard"] == "One two three"


async def test_a_line_the_game_dropped_never_happened(server: Server) -> None:
    async with server.client().full(audio="binary") as talk:
        await talk.send("event", trigger="boss_appear")
        await talk.until("line.sent")
        await talk.send("heard", line=1, status="dropped")
        await talk.until("line.end")
        _, session = await server.client().request("GET", "/v1/sessions/player")
    assert session["history"] == []


async def test_state_is_answered_only_when_the_mood_changes(server: Server) -> None:
    async with server.client().full() as talk:
        await talk.send("state", state={"score": 10})
        await talk.send("state", state={"combo": 12})
        changed = await talk.next()
    assert (changed["type"], changed["mood"], changed["intensity"]) == ("state", "excited", 2)
    assert (changed["state"]["score"], changed["state"]["combo"]) == (10, 12)


async def test_an_event_in_its_cooldown_is_dropped_with_the_reason(server: Server) -> None:
    async with server.client().full(audio="none") as talk:
        await talk.send("event", trigger="good_shot")
        await talk.until("line.end")
        await talk.send("event", id="again", trigger="good_shot")
        outcome = await talk.until("outcome")
    assert (outcome["outcome"], outcome["reason"]) == ("dropped", "cooldown")


async def test_a_critical_event_takes_the_floor_and_a_low_one_does_not(server: Server) -> None:
    async with server.client().full(audio="url") as talk:
        await talk.send("event", trigger="start", priority="normal")
        await talk.until("line.sent", line=1)
        await talk.send("event", id="low", trigger="wall_bounce", priority="low")
        low = await talk.until("outcome")
        await talk.send("event", id="now", trigger="boss_appear", priority="critical")
        await talk.until("line.end", line=1, end="replaced")
        await talk.until("line.start", line=2)
    assert (low["outcome"], low["reason"]) == ("dropped", "priority")


async def test_an_unknown_trigger_goes_to_the_model_unless_a_canned_line_was_asked_for(server: Server) -> None:
    async with server.client().full(audio="none") as talk:
        await talk.send("event", trigger="dragon_lands", data={"colour": "red"})
        assert (await talk.until("line.start"))["source"] == "llm"
        await talk.until("line.end")
        await talk.send("event", id="x", trigger="bos_appear", mode="canned")
        error = await talk.until("error")
        assert [(o["id"], o["outcome"]) for o in talk.of("outcome")] == [("x", "failed")]
    assert (error["code"], error["id"]) == ("unknown_trigger", "x")
    assert "boss_appear" in error["hint"]


async def test_context_is_remembered_and_gets_no_line(server: Server) -> None:
    async with server.client().full() as talk:
        await talk.send("event", id="c", trigger="level_complete", mode="context", data={"level": 2})
        assert (await talk.until("outcome"))["outcome"] == "context"
        assert await talk.silent()


async def test_a_dead_engine_gets_a_fallback_line_and_says_so(serve: Serve) -> None:
    async with serve(engine={"engines": ["scripted:?fail=before"]}) as server:
        async with server.client().full(audio="none") as talk:
            await talk.send("say", id="s", text="are you there?")
            error = await talk.until("error")
            start = await talk.until("line.start")
            outcome = await talk.until("outcome")
            end = await talk.until("line.end")
    assert (error["retryable"], start["source"], outcome["outcome"], end["end"]) == (
        True,
        "fallback",
        "spoken",
        "complete",
    )


async def test_an_engine_that_breaks_off_ends_the_line_as_failed_with_what_was_said(serve: Serve) -> None:
    broken = {"engine": {"engines": ["scripted:?fail=after:4&text=One two three four five six."]}}
    async with serve(**broken) as server, server.client().full(audio="none") as talk:
        await talk.send("say", text="go on")
        end = await talk.until("line.end")
    assert (end["end"], end["text"]) == ("failed", "One two three four")


async def test_the_next_engine_answers_when_the_first_cannot(serve: Serve) -> None:
    two = {"engine": {"engines": ["openai+http://127.0.0.1:9/v1?model=none", "scripted:?text=Quite so."]}}
    async with serve(**two) as server, server.client().full(audio="none") as talk:
        await talk.send("say", text="anyone?")
        end = await talk.until("line.end")
    assert (end["end"], end["text"]) == ("complete", "Quite so.")
    assert len(talk.of("line.start")) == 1


async def test_a_line_that_cannot_begin_in_time_is_replaced_by_a_canned_one(serve: Serve) -> None:
    async with serve(engine={"engines": ["scripted:?ttft_ms=60000"]}) as server:
        async with server.client().full(audio="none") as talk:
            await talk.send("event", id="b", trigger="boss_appear", mode="llm", deadline_ms=60)
            start = await talk.until("line.start")
            await server.until_idle()
    assert start["source"] == "canned"


async def test_resampled_frames_have_the_asked_rate(server: Server) -> None:
    async with server.client().chat() as talk:
        await talk.send("hello", protocol=1, audio="binary", sample_rate=48000)
        assert (await talk.next())["voice"]["sample_rate"] == 48000
        await talk.send("event", trigger="boss_appear")
        sent = await talk.until("line.sent")
    last = unpack(talk.frames[-1])
    assert abs(last.first_sample / 48 - sent["duration_ms"]) <= 2


async def test_opus_frames_carry_the_whole_line(server: Server) -> None:
    async with server.client().chat() as talk:
        await talk.send("hello", protocol=1, audio="binary", format="opus")
        voice = (await talk.next())["voice"]
        assert (voice["format"], voice["sample_rate"]) == ("opus", 48000)
        await talk.send("event", trigger="boss_appear", mode="canned")
        sent = await talk.until("line.sent")
    frames = [unpack(frame) for frame in talk.frames]
    decoder = av.CodecContext.create("libopus", "r")
    samples = sum(
        part.samples for frame in frames if frame.payload for part in decoder.decode(av.Packet(frame.payload))
    )
    assert [frame.last for frame in frames] == [False] * (len(frames) - 1) + [True]
    assert 0 <= samples / 48 - sent["duration_ms"] <= 60


async def test_two_sessions_do_not_hear_each_other(server: Server) -> None:
    async with server.client().full("one") as one, server.client().full("two") as two:
        await one.send("event", trigger="boss_appear")
        await one.until("line.sent")
        assert await two.silent()


async def test_a_restart_keeps_the_session(serve: Serve) -> None:
    kept = {"store": {"url": "sqlite:"}}
    async with serve(**kept) as server, server.client().full(audio="none") as talk:
        await talk.send("state", state={"score": 77})
        await talk.send("say", text="remember me")
        said = (await talk.until("line.end"))["text"]
    async with serve(**kept) as server:
        _, session = await server.client().request("GET", "/v1/sessions/player")
        async with server.client().full(audio="none") as talk:
            await talk.send("say", text="and now?")
            line = await talk.until("line.start")
    assert session["state"]["score"] == 77
    assert [(turn["said"], turn["line"]) for turn in session["history"]] == [("remember me", said)]
    assert line["line"] == 2


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("{", "message"),
        ("[1]", "message"),
        ('{"type":"event"}', "trigger"),
        ('{"type":"event","trigger":7}', "trigger"),
        ('{"type":"event","trigger":"x","priority":"urgent"}', "priority"),
        ('{"type":"say","text":""}', "text"),
        ('{"type":"state","state":[]}', "state"),
        ('{"type":"heard","line":99,"status":"finished"}', "line"),
        ('{"type":"heard","line":"one","status":"finished"}', "line"),
        ('{"type":"interrupt","line":9}', "line"),
        ('{"type":"prepare","id":"p","trigger":"x"}', "prepare"),
        ('{"type":"sing"}', "sing"),
        ('{"type":"hello","protocol":1}', "hello"),
    ],
)
async def test_a_bad_message_gets_an_error_that_names_it_and_costs_nothing(
    server: Server, message: str, named: str
) -> None:
    async with server.client().full(audio="none") as talk:
        await talk.socket.send_str(message)
        error = await talk.next()
        assert error["type"] == "error"
        assert named in error["message"]
        await _still_answers(talk)


async def test_binary_junk_and_a_message_too_big_cost_nothing(server: Server) -> None:
    async with server.client().full(audio="none") as talk:
        await talk.socket.send_bytes(b"\x00\xff\xfe junk")
        assert (await talk.next())["code"] == "bad_message"
        await talk.socket.send_str(json.dumps({"type": "say", "text": "x" * 200_000}))
        assert (await talk.next())["code"] == "too_big"
        await _still_answers(talk)


async def test_a_frame_of_ten_megabytes_closes_only_its_own_connection(server: Server) -> None:
    async with server.client().full("other", audio="none") as other:
        async with server.client().full("big", audio="none") as talk:
            with pytest.raises(ConnectionError):
                await talk.socket.send_str("x" * 10_000_000)
                await talk.next()
        await _still_answers(other)


async def test_twenty_bad_messages_in_a_row_close_the_connection_and_nineteen_do_not(server: Server) -> None:
    async with server.client().full() as talk:
        for _ in range(19):
            await talk.socket.send_str("{")
        await talk.send("state", state={})
        for _ in range(20):
            await talk.socket.send_str("{")
        with pytest.raises(ConnectionError):
            while True:
                await talk.next()
        assert talk.socket.close_code == 4400
        assert len(talk.of("error")) == 39


async def test_a_page_from_elsewhere_is_refused_and_a_local_one_is_not(server: Server) -> None:
    for origin in ("http://localhost:5173", "tauri://localhost", server.base_url):
        async with server.client().chat(headers={"origin": origin}) as talk:
            await talk.send("hello", protocol=1)
            assert (await talk.next())["type"] == "welcome"
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with server.client().chat(headers={"origin": "https://elsewhere.example"}):
            pass


async def _still_answers(talk: Talk) -> None:
    await talk.send("event", trigger="boss_appear", mode="verbatim", text="Still here.", interrupt="now")
    while (await talk.until("line.end"))["text"] != "Still here.":
        pass
