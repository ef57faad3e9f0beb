"""Storms of messages at one session: one line at a time, one end a line, one outcome an event, nothing left behind."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
import anyio
import pytest

from tests.journey.client import Json, Talk
from tests.journey.conftest import Serve, Server

HURRIED = {
    "engine": {"engines": ["scripted:?rate=400&ttft_ms=5"]},
    "voice": {"urls": ["tone:?ms_per_word=10"], "render_ahead": False},
}
TRIGGERS = ["boss_appear", "good_shot", "start", "wall_bounce", "level_complete", "dragon_lands"]
JUNK = ["{", "[1]", '{"type":"sing"}', '{"type":"event"}', '{"type":"state","state":7}', '{"type":"heard","line":1}']


class Storm:
    """Messages drawn from a seed, and the ids of those that must have an outcome."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._numbers = count(1)
        self.ids: list[str] = []

    def message(self) -> Json:
        kind = self._random.choices(["event", "say", "interrupt", "heard", "state"], [12, 3, 2, 2, 2])[0]
        return {"type": kind, **getattr(self, f"_{kind}")()}

    def junk(self) -> str:
        return self._random.choice(JUNK)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def _event(self) -> Json:
        pick = self._random.choice
        mode = pick(["auto", "auto", "verbatim", "llm", "context"])
        return self._named() | {
            "trigger": pick(TRIGGERS),
            "mode": mode,
            "text": "Have at them, one and all!" if mode == "verbatim" else None,
            "priority": pick([None, "low", "normal", "high", "critical"]),
            "interrupt": pick([None, None, "queue", "replace", "now"]),
            "deadline_ms": pick([None, None, 0, 3, 2000]),
            "on_late": pick(["canned", "drop", "context_only"]),
        }

    def _say(self) -> Json:
        return self._named() | {"text": "What now?", "deadline_ms": self._random.choice([None, 1])}

    def _named(self) -> Json:
        self.ids.append(f"e{next(self._numbers)}")
        return {"id": self.ids[-1]}

    def _interrupt(self) -> Json:
        return {"fade_ms": 0}

    def _heard(self) -> Json:
        at_ms = self._random.randrange(300)
        return {"line": 1, "status": self._random.choice(["started", "finished", "cut", "dropped"]), "at_ms": at_ms}

    def _state(self) -> Json:
        return {"state": {"lives": self._random.randrange(4), "combo": self._random.randrange(20)}}


@asynccontextmanager
async def nothing_left_behind(server: Server, caplog: pytest.LogCaptureFixture) -> AsyncGenerator[None]:
    """Afterwards there are as many tasks as before, the engine is idle, and nothing went wrong unseen."""
    before = tasks()
    with caplog.at_level(logging.ERROR):
        yield
        await until(lambda: server.running == 0)
        await until(lambda: tasks() <= before)
    assert [record.getMessage() for record in caplog.records] == []


def tasks() -> int:
    return len(asyncio.all_tasks())


async def until(true: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while not true():
            await anyio.sleep(0.005)


async def until_all_is_said(server: Server, *talks: Talk) -> None:
    """Wait until the server has read everything, the session is quiet, and everybody has been told."""
    for talk in talks:
        await mark(talk, f"read {talks.index(talk)}")
    (session,) = server.house.sessions.live()
    with anyio.fail_after(20):
        await session.until_quiet()
    await mark(talks[0], "last")
    for talk in talks[1:]:
        await talk.until("outcome", id="last")


async def mark(talk: Talk, id: str) -> None:
    """An event that says nothing, to see where one is."""
    await talk.send("event", id=id, trigger="start", mode="context")
    await talk.until("outcome", id=id)


def asked(talk: Talk) -> Counter[str]:
    """How often each event got an outcome, as this connection heard it."""
    outcomes = Counter(outcome["id"] for outcome in talk.of("outcome"))
    return Counter({id: told for id, told in outcomes.items() if id != "last" and not id.startswith("read ")})


def check_lines(messages: list[Json]) -> None:
    """One line at a time; its start first, its end last, one of each."""
    speaking: int | None = None
    ended: list[int] = []
    for message in messages:
        line = message.get("line")
        match message["type"]:
            case "line.start":
                assert speaking is None
                speaking = line
            case "line.end":
                assert line == speaking
                speaking = None
                ended.append(message["line"])
            case "line.delta" | "line.sentence" | "line.sent" | "line.stop":
                assert line == speaking
    assert speaking is None
    assert ended == sorted(set(ended))


async def blow(storm: Storm, talks: list[Talk], gusts: int) -> None:
    """Bursts of messages, now on one connection and now on another."""
    for _ in range(gusts):
        for talk in talks:
            for _ in range(3):
                await talk.send(**storm.message())
            if storm.chance(0.3):
                await talk.socket.send_str(storm.junk())
        await anyio.sleep(0.004 if storm.chance(0.5) else 0)


@pytest.mark.parametrize("seed", range(3))
async def test_one_line_at_a_time_with_one_end_and_one_outcome_for_every_event(
    serve: Serve, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    storm = Storm(seed)
    async with serve(**HURRIED) as server, nothing_left_behind(server, caplog):
        full = server.client().full
        async with full(audio="url") as one, full(audio="binary") as two, full(audio="none") as three:
            await blow(storm, [one, two, three], 25)
            await until_all_is_said(server, one, two, three)
    for talk in (one, two, three):
        check_lines(talk.messages)
        assert asked(talk) == Counter(storm.ids)
    assert [m for m in one.messages if m["type"] == "line.end"] == [
        m | {"seq": mine["seq"], "t_ms": mine["t_ms"]}
        for m, mine in zip(two.of("line.end"), one.of("line.end"), strict=True)
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_one_connection_s_messages_are_numbered_without_a_gap_and_in_order(
    serve: Serve, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    storm = Storm(100 + seed)
    async with serve(**HURRIED) as server, nothing_left_behind(server, caplog):
        async with server.client().full(audio="none") as talk:
            await blow(storm, [talk], 60)
            await until_all_is_said(server, talk)
    numbers = [message["seq"] for message in talk.messages]
    assert numbers == list(range(1, len(numbers) + 1))
    times = [message["t_ms"] for message in talk.messages]
    assert times == sorted(times)
    check_lines(talk.messages)


async def test_clients_that_vanish_in_the_middle_leave_nothing_behind(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    storm = Storm(7)
    async with serve(**HURRIED) as server, nothing_left_behind(server, caplog):
        async with server.client().full(audio="none") as stays:
            for way in ("binary", "url", "none", "binary", "url", "none"):
                async with server.client().full(audio=way) as goes:
                    await blow(storm, [goes, stays], 4)
                    transport: Any = goes.socket._conn
                    transport.transport.abort()
            await until_all_is_said(server, stays)
    check_lines(stays.messages)
    # What a vanished client had sent may have been lost with it.
    assert set(asked(stays).values()) == {1}


async def test_doors_of_every_kind_at_once_do_not_mix_up_their_answers(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(**HURRIED) as server:
        async with nothing_left_behind(server, caplog), aiohttp.ClientSession() as http:
            path = f"{server.base_url}/v1/sessions/player/events"
            answers: dict[int, Json] = {}

            async def ask(number: int) -> None:
                event = {"trigger": "start", "mode": "verbatim", "text": f"Number {number}.", "interrupt": "queue"}
                async with http.post(path, json=event) as response:
                    assert response.status == 200
                    answers[number] = await response.json()

            async with server.client().full(audio="none") as talk:
                async with anyio.create_task_group() as group:
                    for number in range(20):
                        group.start_soon(ask, number)
                await until_all_is_said(server, talk)
    spoken = {number: answer for number, answer in answers.items() if answer["outcome"] == "spoken"}
    assert len(answers) == 20
    assert {number: answer["text"] for number, answer in spoken.items()} == {n: f"Number {n}." for n in spoken}
    assert {answer.get("reason") for number, answer in answers.items() if number not in spoken} <= {"full"}
    assert len(talk.of("line.end")) == len(spoken)
    assert json.dumps(talk.of("error")) == "[]"


async def test_a_burst_of_words_from_the_player_is_answered_once_and_last_things_last(server: Server) -> None:
    """Everything sent before the first answer begins is replaced by what comes after it."""
    async with server.client().full(audio="none") as talk:
        await talk.socket.send_str(json.dumps({"type": "say", "id": "s0", "text": "first"}))
        for number in range(1, 50):
            await talk.socket.send_str(json.dumps({"type": "say", "id": f"s{number}", "text": f"word {number}"}))
        await until_all_is_said(server, talk)
    starts = [start["event"] for start in talk.of("line.start")]
    assert starts == sorted(starts, key=lambda id: int(id[1:]))
    assert starts[-1] == "s49"
    assert asked(talk) == Counter(f"s{number}" for number in range(50))
    dropped = [outcome for outcome in talk.of("outcome") if outcome["outcome"] == "dropped"]
    assert {outcome["reason"] for outcome in dropped} == {"priority"}
    assert len(dropped) + len(starts) == 50


async def test_a_client_that_sends_too_fast_is_told_so_and_keeps_its_connection(server: Server) -> None:
    """What came too fast was not misunderstood; only what cannot be understood closes a connection."""
    async with server.client().full(audio="none") as talk:
        for _ in range(1500):
            await talk.socket.send_str('{"type":"state","state":{}}')
        assert (await talk.next())["code"] == "rate_limited"
        await until_it_is_heard(talk)
    assert {error["code"] for error in talk.of("error")} == {"rate_limited"}
    assert len(talk.of("error")) > 20


async def until_it_is_heard(talk: Talk) -> None:
    """Ask again and again, as a client does that was told to slow down."""
    with anyio.fail_after(10):
        while not talk.of("outcome"):
            await talk.send("event", id="now", trigger="start", mode="context")
            while (await talk.next()).get("id") not in ("now", None):
                pass


async def test_an_interruption_right_behind_the_words_it_takes_back_is_not_lost(serve: Serve) -> None:
    slow = {"engine": {"engines": ["scripted:?ttft_ms=300"]}}
    async with serve(**slow) as server, server.client().full(audio="none") as talk:
        for number in range(20):
            await talk.send("say", id=f"s{number}", text="never mind")
            await talk.send("interrupt")
            outcome = await talk.until("outcome", id=f"s{number}")
            assert outcome["outcome"] == "dropped"
        await server.until_idle()
    assert talk.of("line.start") == []
