from fnlloyd.stores.memory import MemoryStore


async def test_the_session_saved_longest_ago_makes_room() -> None:
    store = MemoryStore(limit=2)
    for name in ("ada", "bob", "ada", "cyd"):
        await store.save(name, {"name": name})
    assert await store.ids() == ["cyd", "ada"]
    assert await store.load("bob") is None
