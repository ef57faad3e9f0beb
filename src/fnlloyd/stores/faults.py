"""What SQLite's errors mean, said as this project's errors."""

from __future__ import annotations

import sqlite3

from fnlloyd.errors import SetupError, StoreFailed

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL = {sqlite3.SQLITE_FULL}
_FORBIDDEN = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH}


class Damaged(Exception):
    """The file is not a sound database. Stays inside this room: the store moves the file aside."""


def is_damage(error: sqlite3.Error) -> bool:
    return _kind(error) in _DAMAGED


def at_start(error: sqlite3.Error, name: str) -> SetupError:
    """Why the store cannot be opened, and what to do."""
    kind = _kind(error)
    if kind in _LOCKED:
        return SetupError(
            f"the store {name} is locked by another process",
            hint="stop the other program that has it open, or give this server a file of its own",
        )
    if kind in _FORBIDDEN:
        return SetupError(
            f"the store {name} cannot be opened for writing: {error}",
            hint="check that the folder exists and that this user may write there",
        )
    if kind in _FULL:
        return SetupError(f"the disk of the store {name} is full", hint="free some space")
    return SetupError(f"the store {name} cannot be opened: {error}", hint="check the disk, or use another file")


def in_use(error: sqlite3.Error, name: str) -> StoreFailed:
    """Why one operation did not work, after the store was opened."""
    kind = _kind(error)
    if kind in _LOCKED:
        return StoreFailed(f"the store {name} is locked by another process", hint="stop the other program")
    if kind in _FULL:
        return StoreFailed(f"the disk of the store {name} is full", hint="free some space")
    return StoreFailed(f"the store {name} failed: {error}", hint="check its disk and its permissions")


def _kind(error: sqlite3.Error) -> int | None:
    """The primary result code; the finer ones carry it in their lowest byte."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
