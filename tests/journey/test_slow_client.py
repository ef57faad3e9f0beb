"""A client that does not read is told so and cut off; nobody else notices."""

from __future__ import annotations

import json
from typing import Any

import anyio

from fnlloyd.session import Session
from fnlloyd.session.outbox import BYTES_LIMIT, MESSAGES_LIMIT
from tests.journey.client import Talk
from tests.journey.conftest import Server
from tests.journey.raw import TEXT, RawSocket, raw_socket

OTHERS = 100
LONG = "Have at them, my friend, have at them. " * 50


async def opened(slow: RawSocket, audio: str) -> None:
    await slow.send(json.dumps({"type": "hello", "protocol": 1, "session": "shared", "audio": audio}).encode())
    kind, payload = await slow.read()
    assert (kind, json.loads(payload)["type"]) == (TEXT, "welcome")


async def flood(talk: Talk) -> None:
    """Lines of two minutes, each taking the place of the one before."""
    while True:
        await talk.send("event", trigger="start", mode="verbatim", text=LONG, interrupt="now")
        await talk.until("line.sent")


async def hear_one_line(server: Server, number: int, heard: list[str]) -> None:
    async with server.client().full(f"other {number}", audio="binary") as talk:
        await talk.send("event", trigger="boss_appear")
        heard.append((await talk.until("line.sent"))["text"])


async def watch(session: Session, most: dict[str, int]) -> None:
    """What waited for anybody at most; until only one listener is left."""
    while len(session.audience) > 1:
        for outbox in session.audience._outboxes:
            most["messages"] = max(most["messages"], len(outbox._waiting))
            most["bytes"] = max(most["bytes"], outbox._bytes)
        await anyio.sleep(0.001)


async def test_a_client_that_never_reads_is_told_and_cut_off_and_a_hundred_others_do_not_notice(server: Server) -> None:
    most, heard = {"messages": 0, "bytes": 0}, list[str]()
    async with raw_socket(server.base_url, small=True) as slow, server.client().full("shared", audio="none") as talk:
        await opened(slow, "binary")
        (session,) = server.house.sessions.live()
        async with anyio.create_task_group() as flooding:
            flooding.start_soon(flood, talk)
            with anyio.fail_after(30):
                async with anyio.create_task_group() as others:
                    others.start_soon(watch, session, most)
                    for number in range(OTHERS):
                        others.start_soon(hear_one_line, server, number, heard)
                assert len(heard) == OTHERS
                assert all(heard)
            code, frames = await slow.until_closed()
            flooding.cancel_scope.cancel()
        await talk.send("event", id="after", trigger="start", mode="verbatim", text="Still here.", interrupt="now")
        await talk.until("outcome", id="after", outcome="spoken")
    told: dict[str, Any] = json.loads(frames[-1][1])
    assert (told["type"], told["code"], code) == ("error", "slow_client", 1013)
    assert most["bytes"] <= BYTES_LIMIT
    assert most["messages"] <= MESSAGES_LIMIT
    assert most["bytes"] > BYTES_LIMIT // 2, "the client was cut off for something else"


async def test_a_client_that_never_reads_its_text_is_cut_off_too(server: Server) -> None:
    async with raw_socket(server.base_url, small=True) as slow, server.client().full("shared", audio="none") as talk:
        await opened(slow, "url")
        (session,) = server.house.sessions.live()
        with anyio.fail_after(30):
            async with anyio.create_task_group() as tasks:

                async def change_his_mood() -> None:
                    await talk.send("state", state={"note": "x" * 12_000})
                    for combo in range(10_000):
                        await talk.send("state", state={"combo": 12 * (combo % 2)})
                        if combo:
                            await talk.until("state")

                tasks.start_soon(change_his_mood)
                await watch(session, {"messages": 0, "bytes": 0})
                tasks.cancel_scope.cancel()
        code, frames = await slow.until_closed()
        assert (json.loads(frames[-1][1])["code"], code) == ("slow_client", 1013)
        await talk.send("event", id="after", trigger="start", mode="context")
        await talk.until("outcome", id="after")


async def test_a_slow_client_that_reads_at_last_was_never_sent_messages_out_of_order(server: Server) -> None:
    async with raw_socket(server.base_url, small=True) as slow, server.client().full("shared", audio="none") as talk:
        await opened(slow, "none")
        for number in range(200):
            await talk.send("event", id=f"{number}", trigger="start", mode="context")
            await slow.send(b"{" if number % 2 else b'{"type":"state","state":{}}')
        await talk.until("outcome", id="199")
        await slow.send(json.dumps({"type": "event", "id": "mine", "trigger": "start", "mode": "context"}).encode())
        messages: list[dict[str, Any]] = []
        while not messages or messages[-1].get("id") != "mine":
            messages.append(json.loads((await slow.read())[1]))
    numbers = [message["seq"] for message in messages]
    assert numbers == sorted(numbers)
    assert sum(message["type"] == "error" for message in messages) == 100
    assert sum(message["type"] == "outcome" for message in messages) == 201
