"""What every store keeps to: one body, run against each."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fnlloyd.errors import StoreFailed, TooBig
from fnlloyd.stores.memory import MemoryStore
from fnlloyd.stores.sqlite import SqliteStore
from fnlloyd.stores.store import Store

RECORD: dict[str, Any] = {
    "state": {"score": 12, "accuracy": 0.25, "lastEvent": None, "boss": {"name": "Brick-Lien", "phases": [1, 2]}},
    "history": [{"line": "I say! \u00a1Ol\u00e9! \U0001f9f1", "cut": False}],
}


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "sessions.db")
    yield made
    await made.aclose()


async def test_a_record_comes_back_as_it_was_saved(store: Store) -> None:
    await store.save("ada", RECORD)
    assert await store.load("ada") == RECORD


async def test_a_session_nobody_saved_is_none(store: Store) -> None:
    assert await store.load("nobody") is None


async def test_the_last_save_counts(store: Store) -> None:
    await store.save("ada", {"score": 1})
    await store.save("ada", {"score": 2})
    assert await store.load("ada") == {"score": 2}


async def test_what_is_changed_after_a_save_is_not_in_it(store: Store) -> None:
    record: dict[str, Any] = {"history": []}
    await store.save("ada", record)
    record["history"].append("later")
    loaded = await store.load("ada")
    assert loaded == {"history": []}
    loaded["history"].append("elsewhere")
    assert await store.load("ada") == {"history": []}


async def test_a_deleted_session_is_gone_and_only_that_one(store: Store) -> None:
    await store.save("ada", {"a": 1})
    await store.save("bob", {"b": 1})
    assert await store.delete("ada") is True
    assert await store.delete("ada") is False
    assert await store.load("ada") is None
    assert await store.load("bob") == {"b": 1}


async def test_ids_come_with_the_most_recently_saved_first(store: Store) -> None:
    for name in ("ada", "bob", "cyd", "ada"):
        await store.save(name, {})
    assert await store.ids() == ["ada", "cyd", "bob"]


async def test_an_empty_store_has_no_ids(store: Store) -> None:
    assert await store.ids() == []


@pytest.mark.parametrize(
    "name",
    [
        "\u00e4\u00f6\u00fc",
        "\u30d7\u30ec\u30a4\u30e4\u30fc",
        "\U0001f9f1",
        "'; DROP TABLE sessions; --",
        "a b/c%20",
        "x" * 128,
    ],
)
async def test_any_name_will_do_for_a_session(store: Store, name: str) -> None:
    await store.save(name, {"name": name})
    assert await store.load(name) == {"name": name}
    assert await store.ids() == [name]


async def test_names_that_look_alike_are_different_sessions(store: Store) -> None:
    names = ["ada", "Ada", "ada ", "\u00e9", "e\u0301"]
    for name in names:
        await store.save(name, {"name": name})
    assert [await store.load(name) for name in names] == [{"name": name} for name in names]


async def test_many_sessions_can_be_saved_at_once(store: Store) -> None:
    async def play(name: str) -> None:
        for score in range(5):
            await store.save(name, {"score": score})

    names = [f"player-{number}" for number in range(40)]
    async with anyio.create_task_group() as players:
        for name in names:
            players.start_soon(play, name)
    assert sorted(await store.ids()) == sorted(names)
    assert [await store.load(name) for name in names] == [{"score": 4}] * 40


async def test_closing_twice_is_closing_once(store: Store) -> None:
    await store.save("ada", {})
    await store.aclose()
    await store.aclose()


async def test_a_record_of_more_than_a_mebibyte_is_refused_and_the_old_one_stays(store: Store) -> None:
    await store.save("ada", {"score": 1})
    with pytest.raises(TooBig, match="'ada' has 1048586 bytes; at most 1048576"):
        await store.save("ada", {"x": "y" * (1024 * 1024 + 2)})
    assert await store.load("ada") == {"score": 1}


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", float("nan"), float("inf"), "\ud800"])
async def test_what_json_cannot_say_is_refused_and_the_old_record_stays(store: Store, value: object) -> None:
    await store.save("ada", {"score": 1})
    with pytest.raises(StoreFailed, match="'ada' is not plain JSON"):
        await store.save("ada", {"x": value})
    assert await store.load("ada") == {"score": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=st.dictionaries(st.text(), JSON))
async def test_any_json_object_comes_back_equal(store: Store, record: dict[str, Any]) -> None:
    await store.save("ada", record)
    assert await store.load("ada") == record
