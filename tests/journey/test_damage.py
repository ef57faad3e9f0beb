"""Damaged files and a store that is away: the character goes on speaking, and what can be mended is."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from structlog.testing import capture_logs

from fnlloyd.errors import StoreFailed
from fnlloyd.stores import MemoryStore
from fnlloyd.turn import spoken_form
from fnlloyd.voices import clip_key
from tests.journey.client import Client, Json, Talk
from tests.journey.conftest import Serve, Server

SQLITE = {"store": {"url": "sqlite:"}}


class Away(MemoryStore):
    """A store that can be away."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    async def load(self, session: str) -> dict[str, Any] | None:
        self._here()
        return await super().load(session)

    async def save(self, session: str, record: dict[str, Any]) -> None:
        self._here()
        await super().save(session, record)

    async def delete(self, session: str) -> bool:
        self._here()
        return await super().delete(session)

    async def ids(self) -> list[str]:
        self._here()
        return await super().ids()

    def _here(self) -> None:
        if self.away:
            raise StoreFailed("the store is away")


async def say(talk: Talk, text: str) -> Json:
    await talk.send("say", text=text)
    return await talk.until("line.end")


async def verbatim(talk: Talk, text: str) -> None:
    await talk.send("event", trigger="start", mode="verbatim", text=text)
    assert (await talk.until("line.end"))["text"] == text


async def store_health(client: Client) -> str:
    status, health = await client.request("GET", "/health")
    assert status == 200
    return str(health["store"])


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    with anyio.fail_after(15):
        while not await true():
            await anyio.sleep(0.02)


async def until_health(server: Server, store: str) -> None:
    async def it_is() -> bool:
        return await store_health(server.client()) == store

    await until(it_is)


def files_of(server: Server, folder: Path) -> list[Path]:
    """Where the sound of each of the card's lines is kept."""
    house = server.house
    assert house.voice is not None
    voice = house.voice.id
    spoken = [spoken_form(house.card, line) for line in house.card.book.all_lines()]
    return [folder / f"{clip_key(voice, text)}.wav" for text in spoken]


@pytest.mark.parametrize("left", [0, 20, 2000])
async def test_a_half_written_clip_is_made_again_and_the_line_has_its_sound(
    serve: Serve, tmp_path: Path, left: int
) -> None:
    def damage(files: list[Path]) -> None:
        files[0].parent.mkdir(parents=True, exist_ok=True)
        for file in files:
            file.write_bytes((b"RIFF" + bytes(4000))[:left])

    async with serve() as server, server.client().full(audio="binary") as talk:
        files = files_of(server, tmp_path / "clips")
        await anyio.to_thread.run_sync(damage, files)
        await talk.send("event", trigger="boss_appear", mode="canned")
        sent = await talk.until("line.sent")
        assert sent["duration_ms"] > 0
        assert sum(map(len, talk.frames)) > 2 * 16 * sent["duration_ms"]

        def mended() -> list[Path]:
            return [file for file in files if file.exists() and file.stat().st_size > 4000]

        async def one_is_mended() -> bool:
            return len(await anyio.to_thread.run_sync(mended)) == 1

        await until(one_is_mended)
        (key,) = [file.stem for file in await anyio.to_thread.run_sync(mended)]
        status, sound, _ = await server.client().sound(f"/audio/{key}.wav")
    assert (status, len(sound) - 44) == (200, 2 * 16 * sent["duration_ms"])


async def test_a_damaged_clip_is_not_found_by_its_address(serve: Serve, tmp_path: Path) -> None:
    async with serve() as server:
        file = files_of(server, tmp_path / "clips")[0]

        def damage() -> None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"RIFF\0\0")

        await anyio.to_thread.run_sync(damage)
        status, _, _ = await server.client().sound(f"/audio/{file.name}")
    assert status == 404


async def test_a_damaged_database_is_kept_aside_and_the_server_starts(serve: Serve, tmp_path: Path) -> None:
    junk = b"SQLite format 3\0" + b"\xde\xad" * 4000
    await anyio.to_thread.run_sync((tmp_path / "fnlloyd.db").write_bytes, junk)
    with capture_logs() as logs:
        async with serve(**SQLITE) as server, server.client().full(audio="none") as talk:
            await say(talk, "good morning")
            assert await store_health(server.client()) == "ok"
    told = [log for log in logs if log["log_level"] == "error"]
    assert len(told) == 1
    aside = Path(told[0]["moved_to"])
    assert (await anyio.to_thread.run_sync(aside.read_bytes), aside.parent) == (junk, tmp_path)
    async with serve(**SQLITE) as server:
        status, session = await server.client().request("GET", "/v1/sessions/player")
    assert (status, session["history"][0]["said"]) == (200, "good morning")


async def test_a_database_damaged_while_it_is_used_costs_no_line(serve: Serve, tmp_path: Path) -> None:
    def damage() -> None:
        for ending in ("", "-wal", "-shm"):
            (tmp_path / f"fnlloyd.db{ending}").write_bytes(b"\xde\xad" * 8000)

    async with serve(**SQLITE) as server, server.client().full(audio="none") as talk:
        await say(talk, "before")
        await anyio.to_thread.run_sync(damage)
        await say(talk, "after")
        status, session = await server.client().request("GET", "/v1/sessions/player")
    assert (status, [turn["said"] for turn in session["history"]]) == (200, ["before", "after"])


async def test_a_store_that_is_away_costs_no_line_and_gets_everything_when_it_is_back(serve: Serve) -> None:
    async with serve() as server, server.client().full(audio="none") as talk:
        store = Away()
        server.house.sessions.store = store
        await say(talk, "before")
        store.away = True
        await say(talk, "meanwhile")
        await until_health(server, "degraded")
        async with server.client().full("newcomer", audio="none") as newcomer:
            await say(newcomer, "hello?")
        store.away = False
        await until_health(server, "ok")

        async def all_is_kept() -> bool:
            return await store.ids() != [] and {"player", "newcomer"} <= set(await store.ids())

        await until(all_is_kept)
        record = await store.load("player")
    assert record is not None
    assert [exchange["said"] for exchange in record["history"]] == ["before", "meanwhile"]


async def test_a_session_begun_while_the_store_is_away_does_not_write_over_the_stored_one(serve: Serve) -> None:
    async with serve() as server:
        store = Away()
        server.house.sessions.store = store
        async with server.client().full(audio="none") as talk:
            await say(talk, "before")

        async def it_is_kept() -> bool:
            record = await store.load("player")
            return record is not None and bool(record["history"])

        await until(it_is_kept)
        server.house.sessions._open.clear()  # as after a restart, or when nobody listened for long
        store.away = True
        async with server.client().full(audio="none") as talk:
            await say(talk, "meanwhile")
            await until_health(server, "degraded")
        store.away = False
        await until_health(server, "ok")
        record = await store.load("player")
    assert record is not None
    assert [exchange["said"] for exchange in record["history"]] == ["before", "meanwhile"]


async def test_a_locked_database_costs_no_line_and_is_written_when_it_is_free(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "fnlloyd.db"

    def lock() -> sqlite3.Connection:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        database.execute("BEGIN IMMEDIATE")
        return database

    def let_go(database: sqlite3.Connection) -> None:
        database.execute("ROLLBACK")
        database.close()

    async with serve(**SQLITE) as server, server.client().full(audio="none") as talk:
        database = await anyio.to_thread.run_sync(lock)
        await say(talk, "meanwhile")
        await until_health(server, "degraded")
        await anyio.to_thread.run_sync(let_go, database)
        await until_health(server, "ok")
    async with serve(**SQLITE) as server:
        _, session = await server.client().request("GET", "/v1/sessions/player")
    assert [turn["said"] for turn in session["history"]] == ["meanwhile"]


async def test_requests_that_need_a_store_that_is_away_are_told_to_try_again(serve: Serve) -> None:
    async with serve() as server:
        client = server.client()
        await client.request("POST", "/v1/sessions/a/say", {"text": "hello"})
        store = Away()
        server.house.sessions.store, store.away = store, True
        answers = [
            await client.request("DELETE", "/v1/sessions/a"),
            await client.request("GET", "/api/history"),
            await client.request("POST", "/api/clear"),
        ]
    assert [status for status, _ in answers] == [503, 503, 503]


async def test_a_session_deleted_while_it_speaks_stays_deleted(serve: Serve) -> None:
    slow = {"engine": {"engines": ["scripted:?rate=20"]}} | SQLITE
    async with serve(**slow) as server:
        async with server.client().full(audio="none") as talk:
            await say(talk, "remember this")
            await talk.send("say", text="and this")
            await talk.until("line.delta")
            assert (await server.client().request("DELETE", "/v1/sessions/player"))[0] == 204
            await server.until_idle()
        assert (await server.client().request("GET", "/v1/sessions/player"))[0] == 404
    async with serve(**SQLITE) as server:
        assert (await server.client().request("GET", "/v1/sessions/player"))[0] == 404


async def test_the_game_s_state_has_a_bound_however_it_is_filled(server: Server) -> None:
    """Patch by patch it could else grow for ever, in one field of one session."""
    client, statuses = server.client(), set()
    for number in range(40):
        patch = {"state": {"log": {f"entry {number}": "x" * 10_000}}}
        status, _ = await client.request("PATCH", "/v1/sessions/a/state", patch)
        statuses.add(status)
    assert statuses == {200, 413}
    assert (await client.request("PATCH", "/v1/sessions/a/state", {"state": {"log": None}}))[0] == 200
    assert (await client.request("PATCH", "/v1/sessions/a/state", {"state": {"lives": 2}}))[0] == 200


async def test_a_session_that_is_too_big_to_keep_does_not_mark_the_store_as_down(server: Server) -> None:
    """Two hundred events with all the data they may carry are more than a record holds."""
    async with server.client().full("big", audio="none") as big, server.client().full(audio="none") as talk:
        for number in range(100):
            data = {"log": "x" * 15_000, "number": number}
            await big.send("event", id=f"{number}", trigger="start", mode="context", data=data)
            await big.until("outcome", id=f"{number}")
        await say(talk, "me too")

        async def all_is_tried() -> bool:
            return not server.house.sessions._changed

        await until(all_is_tried)
        assert await store_health(server.client()) == "ok"
    assert await server.house.sessions.store.load("player") is not None
    kept = await server.house.sessions.store.load("big")
    assert kept is not None
    assert kept["history"][-1]["data"]["number"] == 99
