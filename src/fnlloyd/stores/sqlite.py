"""Sessions in one SQLite file, the default. Every call runs in a worker thread, one at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import structlog

from fnlloyd.errors import SetupError, StoreFailed
from fnlloyd.stores.database import BUSY_S, Database, move_aside
from fnlloyd.stores.faults import Damaged, in_use, is_damage
from fnlloyd.stores.record import read_record, write_record

_log = structlog.get_logger(__name__)
_T = TypeVar("_T")


class SqliteStore:
    """Keeps sessions in the file at `path`.

    A save that has returned survives a killed process; with `flush_each_save` also a power cut (see `database.py`).
    A damaged file is moved aside, never deleted: `damaged` is then where it went, and the log says so.
    """

    def __init__(self, path: Path, *, flush_each_save: bool = False, busy_s: float = BUSY_S) -> None:
        """`busy_s`: how many seconds to wait while another process holds the file."""
        self.path = path
        self.damaged: Path | None = None
        self._flush_each_save = flush_each_save
        self._busy_s = busy_s
        self._database: Database | None = None
        self._closed = False
        self._one_at_a_time = anyio.CapacityLimiter(1)

    async def open(self) -> None:
        """Open the file now rather than at the first call. Raises SetupError if that cannot be done."""
        await anyio.to_thread.run_sync(self._opened, limiter=self._one_at_a_time)

    async def load(self, session: str) -> dict[str, Any] | None:
        text = await self._run(lambda database: database.load(session))
        return None if text is None else read_record(session, text)

    async def save(self, session: str, record: dict[str, Any]) -> None:
        text = write_record(session, record)  # before the first await, so that a later change is not half in it
        await self._run(lambda database: database.save(session, text))

    async def delete(self, session: str) -> bool:
        return await self._run(lambda database: database.delete(session))

    async def ids(self) -> list[str]:
        return await self._run(lambda database: database.ids())

    async def aclose(self) -> None:
        """Finish what is under way and close the file; safe to call again, and when being cancelled."""
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self._close, limiter=self._one_at_a_time)

    async def _run(self, work: Callable[[Database], _T]) -> _T:
        # Not abandoned when cancelled: work that has begun is always finished, so a cancelled save is whole.
        return await anyio.to_thread.run_sync(self._work, work, limiter=self._one_at_a_time)

    def _work(self, work: Callable[[Database], _T]) -> _T:
        try:
            try:
                return work(self._opened())
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._begin_afresh(str(error))
                return work(self._opened())
        except sqlite3.Error as error:
            raise in_use(error, str(self.path)) from error
        except SetupError as error:
            raise StoreFailed(error.message, hint=error.hint) from error
        except UnicodeEncodeError as error:
            raise StoreFailed(f"the store {self.path} cannot keep text that is not Unicode: {error.reason}") from error

    def _opened(self) -> Database:
        if self._closed:
            raise StoreFailed(f"the store {self.path} is closed")
        if self._database is None:
            try:
                self._database = self._connect()
            except Damaged as damage:
                self._begin_afresh(str(damage))
                self._database = self._connect()
        return self._database

    def _connect(self) -> Database:
        return Database(self.path, flush_each_save=self._flush_each_save, busy_s=self._busy_s)

    def _begin_afresh(self, why: str) -> None:
        self._let_go()
        self.damaged = move_aside(self.path)
        _log.error(
            "the store was damaged; it was moved aside and an empty one begun",
            store=str(self.path),
            moved_to=str(self.damaged),
            why=why,
            hint=f"sessions in it may be recovered with: sqlite3 {self.damaged} .recover",
        )

    def _close(self) -> None:
        self._closed = True
        self._let_go()

    def _let_go(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()
