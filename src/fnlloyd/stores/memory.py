"""Sessions kept in this process only: for tests, and for games that need no memory between runs."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from fnlloyd.stores.record import read_record, write_record


class MemoryStore:
    """Holds `limit` sessions at most; beyond that the one saved longest ago is forgotten."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._records: OrderedDict[str, str] = OrderedDict()  # as text, so that nobody shares a dict with the store

    async def load(self, session: str) -> dict[str, Any] | None:
        text = self._records.get(session)
        return None if text is None else read_record(session, text)

    async def save(self, session: str, record: dict[str, Any]) -> None:
        self._records[session] = write_record(session, record)
        self._records.move_to_end(session)
        while len(self._records) > self._limit:
            self._records.popitem(last=False)

    async def delete(self, session: str) -> bool:
        return self._records.pop(session, None) is not None

    async def ids(self) -> list[str]:
        return list(reversed(self._records))

    async def aclose(self) -> None:
        self._records.clear()
