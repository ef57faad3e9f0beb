"""The shape of the database file, and how an older file is brought up to it.

`PRAGMA user_version` counts the steps a file has been through. To change the shape, add a step; never edit one.
`PRAGMA application_id` marks the file as one of ours, so that nobody else's database is ever written to.
"""

from __future__ import annotations

import sqlite3

from fnlloyd.errors import SetupError

APPLICATION_ID = 0x466E6C6C  # "Fnll"

STEPS = (
    """
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        record TEXT NOT NULL,
        saved_order INTEGER NOT NULL,
        saved_at REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX sessions_by_saved_order ON sessions (saved_order);
    """,
)


def refuse_strangers(db: sqlite3.Connection, name: str) -> None:
    """Raise SetupError for another program's database; nothing has been written to it by then."""
    (owner,) = db.execute("PRAGMA application_id").fetchone()
    if owner != APPLICATION_ID and db.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise SetupError(f"{name} is another program's database", hint="point the store at a file of its own")


def bring_up_to_date(db: sqlite3.Connection, name: str, steps: tuple[str, ...] = STEPS) -> None:
    """Run the steps the file has not had, each whole or not at all. Raises SetupError for a file of a newer Fnlloyd."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(steps):
        raise SetupError(
            f"{name} was written by a newer Fnlloyd (version {version} of the file; this one knows {len(steps)})",
            hint="install that newer version, or point the store at another file",
        )
    while version < len(steps):
        _step(db, steps, version)
        (version,) = db.execute("PRAGMA user_version").fetchone()


def _step(db: sqlite3.Connection, steps: tuple[str, ...], version: int) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("PRAGMA user_version").fetchone() == (version,):  # another process may have just done it
            for statement in steps[version].split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {version + 1}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
