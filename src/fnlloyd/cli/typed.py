"""Lines from standard input, typed or piped, without holding up the event loop."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable

AHEAD = 16
"""Lines read before anybody wants them; then whoever writes them has to wait."""
CHUNK_BYTES = 65536


async def typed_lines() -> AsyncIterator[str]:
    """Yield each line until the end of input."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    room = threading.Semaphore(AHEAD)

    def give(line: str | None) -> None:
        room.acquire()
        loop.call_soon_threadsafe(lines.put_nowait, line)

    # A daemon, since a thread that waits for a key cannot be told to stop; and no lock of sys.stdin is held, since
    # the interpreter would want it when it leaves.
    threading.Thread(target=_read, args=(sys.stdin.fileno(), give), daemon=True).start()
    while (line := await lines.get()) is not None:
        room.release()
        yield line


def _read(descriptor: int, give: Callable[[str | None], None]) -> None:
    rest = b""
    try:
        while chunk := os.read(descriptor, CHUNK_BYTES):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                give(line.decode("utf-8", "replace"))
        if rest:
            give(rest.decode("utf-8", "replace"))
        give(None)
    except (OSError, RuntimeError):
        return  # the terminal or the event loop has gone
