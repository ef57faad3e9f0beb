"""One process at a time: a lock on a file, held until released or until the process dies. Blocks for no time."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.to_thread

POLL_S = 0.2

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Hold the lock at `path`, waiting for whoever has it. The file stays: deleting it would let two in."""
    descriptor = await anyio.to_thread.run_sync(_open, path)
    try:
        while True:
            if await anyio.to_thread.run_sync(_taken, descriptor):
                break
            await anyio.sleep(POLL_S)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)


def _taken(descriptor: int) -> bool:
    try:
        _try(descriptor)
    except OSError:
        return False
    return True
