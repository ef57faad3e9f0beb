"""An HTTP client that does nothing but POST and take times: whatever it cost would be counted as the server's.

One connection, kept open; one request at a time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

WITHIN_S = 60.0
_END_OF_CHUNKS = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Posted:
    """In milliseconds from sending to the first content, and to the end."""

    first_ms: float
    whole_ms: float


@dataclass(frozen=True, slots=True)
class Door:
    """A way to ask for an answer. The first content is there when `mark` has come once, and `after` times before."""

    port: int
    path: str
    body: bytes
    mark: bytes
    accept: str = "text/event-stream"
    after: int = 0

    def request(self) -> bytes:
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
            f"Accept: {self.accept}\r\nContent-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


class Posting(asyncio.Protocol):
    """Open it with `posting`; `leave` closes the connection whatever is going on."""

    def __init__(self) -> None:
        self.on_first: Callable[[], None] | None = None
        self._transport: asyncio.Transport | None = None
        self._done: asyncio.Future[None] | None = None
        self._door: Door | None = None
        self._seen = b""
        self._length: int | None = None
        self._first = 0.0
        self._last = 0.0

    async def post(self, door: Door) -> Posted:
        """Raises RuntimeError for an answer that is not a 200, ConnectionError when it breaks off."""
        sent = self.begin(door)
        await self.until_done()
        return Posted(1000 * (self._first - sent), 1000 * (self._last - sent))

    def begin(self, door: Door) -> float:
        """Send the request only, and return when, on `time.perf_counter`."""
        assert self._transport is not None
        self._door, self._seen, self._length, self._first = door, b"", None, 0.0
        self._done = asyncio.get_running_loop().create_future()
        request = door.request()
        sent = time.perf_counter()
        self._transport.write(request)
        return sent

    async def until_done(self) -> None:
        assert self._done is not None
        async with asyncio.timeout(WITHIN_S):
            await self._done

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def leave(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass

    def connection_lost(self, error: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(error or ConnectionResetError("the server closed the connection"))
            self._done.exception()  # whoever left on purpose does not ask

    def data_received(self, arrived: bytes) -> None:
        now = time.perf_counter()
        self._seen += arrived
        if self._door is not None and not self._first and self._seen.count(self._door.mark) > self._door.after:
            self._first = now
            if self.on_first is not None:
                self.on_first()
        if self._is_whole():
            self._last = now
            self._finish()

    def _is_whole(self) -> bool:
        if self._length is None:
            head, blank, _ = self._seen.partition(b"\r\n\r\n")
            if not blank:
                return False
            self._length = _content_length(head)
            if self._length:
                self._length += len(head) + len(blank)
        return len(self._seen) >= self._length if self._length else self._seen.endswith(_END_OF_CHUNKS)

    def _finish(self) -> None:
        if self._done is None or self._done.done():
            return
        status = self._seen[:12].decode()
        if status != "HTTP/1.1 200":
            self._done.set_exception(RuntimeError(f"{status}: {self._seen[-400:].decode(errors='replace')}"))
        elif not self._first:
            self._done.set_exception(RuntimeError(f"no content came: {self._seen[-400:].decode(errors='replace')}"))
        else:
            self._done.set_result(None)


async def posting(port: int) -> Posting:
    """Connect to a server of this machine."""
    _, protocol = await asyncio.get_running_loop().create_connection(Posting, "127.0.0.1", port)
    return protocol


def _content_length(head: bytes) -> int:
    """0 for an answer in chunks."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0
