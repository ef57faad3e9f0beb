from pathlib import Path

import pytest

from fnlloyd.errors import SetupError
from fnlloyd.stores.memory import MemoryStore
from fnlloyd.stores.open import open_store
from fnlloyd.stores.settings import StoreSettings
from fnlloyd.stores.sqlite import SqliteStore


async def test_memory_is_a_memory_store_of_the_size_set(tmp_path: Path) -> None:
    store = await open_store("memory:", default_path=tmp_path / "d.db", settings=StoreSettings(memory_sessions=1))
    await store.save("ada", {})
    await store.save("bob", {})
    assert isinstance(store, MemoryStore)
    assert await store.ids() == ["bob"]


async def test_sqlite_alone_means_the_default_file(tmp_path: Path) -> None:
    store = await open_store("sqlite:", default_path=tmp_path / "deep" / "d.db")
    await store.aclose()
    assert isinstance(store, SqliteStore)
    assert (tmp_path / "deep" / "d.db").is_file()


@pytest.mark.parametrize("slashes", ["", "//"])
async def test_sqlite_with_a_path_means_that_file(tmp_path: Path, slashes: str) -> None:
    store = await open_store(f"sqlite:{slashes}{tmp_path}/mine.db", default_path=tmp_path / "d.db")
    await store.aclose()
    assert isinstance(store, SqliteStore)
    assert store.path == tmp_path / "mine.db"


async def test_a_slip_of_the_pen_is_named_with_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        await open_store("sqllite:here.db", default_path=tmp_path / "d.db")
    assert caught.value.message == "no store is called 'sqllite:'; did you mean sqlite:?"
    assert caught.value.hint == "use sqlite:, sqlite:PATH or memory:"


@pytest.mark.parametrize("url", ["", "memory", "memory:x", "file.db", "oracle://user:secret@db/x"])
async def test_what_is_not_a_store_is_refused_without_repeating_a_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SetupError) as caught:
        await open_store(url, default_path=tmp_path / "d.db")
    assert "secret" not in str(caught.value)
