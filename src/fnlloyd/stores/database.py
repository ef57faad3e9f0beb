"""The database file itself, as blocking calls. One thread at a time may use it; `sqlite.py` sees to that.

An acknowledged save survives a killed process because SQLite has handed it to the operating system by then: WAL with
`synchronous=NORMAL` gives that. `synchronous=FULL` also waits for the disk, so that it survives a power cut; it
costs a flush per save.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path

from fnlloyd.errors import SetupError
from fnlloyd.stores.faults import Damaged, at_start, is_damage
from fnlloyd.stores.schema import bring_up_to_date, refuse_strangers

BUSY_S = 2.0
_CHECKED_BYTES = 64 * 1024 * 1024  # a bigger file is not read through at start; damage then shows when it is met

_SAVE = """
INSERT INTO sessions (id, record, saved_order, saved_at)
VALUES (?, ?, (SELECT coalesce(max(saved_order), 0) + 1 FROM sessions), ?)
ON CONFLICT (id) DO UPDATE
SET record = excluded.record, saved_order = excluded.saved_order, saved_at = excluded.saved_at
"""


class Database:
    """An open file. Every method raises sqlite3.Error when SQLite does."""

    def __init__(self, path: Path, *, flush_each_save: bool = False, busy_s: float = BUSY_S) -> None:
        """Open the file, making it if need be. Raises SetupError, or Damaged if it is not a sound database."""
        _make_private(path)
        try:
            self._db = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise at_start(error, str(path)) from error
        try:
            self._prepare(path, flush_each_save)
        except BaseException as error:
            self._db.close()
            if isinstance(error, sqlite3.Error):
                raise (Damaged(str(error)) if is_damage(error) else at_start(error, str(path))) from error
            raise

    def _prepare(self, path: Path, flush_each_save: bool) -> None:
        refuse_strangers(self._db, str(path))
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(f"PRAGMA synchronous = {'FULL' if flush_each_save else 'NORMAL'}")
        if path.stat().st_size <= _CHECKED_BYTES:
            (verdict,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise Damaged(verdict)
        bring_up_to_date(self._db, str(path))
        self._db.execute("SELECT id, record, saved_order, saved_at FROM sessions LIMIT 1").fetchone()

    def load(self, session: str) -> str | None:
        row = self._db.execute("SELECT record FROM sessions WHERE id = ?", (session,)).fetchone()
        return None if row is None else row[0]

    def save(self, session: str, record: str) -> None:
        self._db.execute(_SAVE, (session, record, time.time()))

    def delete(self, session: str) -> bool:
        return self._db.execute("DELETE FROM sessions WHERE id = ?", (session,)).rowcount > 0

    def ids(self) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT id FROM sessions ORDER BY saved_order DESC")]

    def close(self) -> None:
        self._db.close()


def move_aside(path: Path) -> Path:
    """Rename a damaged file, with what SQLite keeps beside it, to `<name>.damaged-<time>`; nothing is deleted."""
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    target = path.with_name(f"{path.name}.damaged-{stamp}")
    count = 1
    while target.exists():
        count += 1
        target = path.with_name(f"{path.name}.damaged-{stamp}-{count}")
    try:
        for ending in ("-wal", "-shm"):  # before the file itself: a log left behind would be played into the new file
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + ending).rename(target.with_name(target.name + ending))
        path.rename(target)
    except OSError as error:
        raise SetupError(
            f"the store {path} is damaged and cannot be moved aside: {error}", hint="move it away by hand"
        ) from error
    return target


def _make_private(path: Path) -> None:
    """What players said is nobody else's to read: a new file is its owner's alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise SetupError(
            f"the store {path} cannot be opened for writing: {error.strerror}",
            hint="check that the folder exists and that this user may write there",
        ) from error
