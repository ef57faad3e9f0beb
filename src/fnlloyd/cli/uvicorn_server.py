"""uvicorn, with the three things it leaves to us: a clean exit code, lines that may end, an error that is readable."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from socket import socket
from typing import Any

import anyio
import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send
from uvicorn.server import HANDLED_SIGNALS

MESSAGE_LIMIT_BYTES = 1024 * 1024
"""A larger WebSocket message is refused with 1009."""
PARTING_S = 2.0
"""How long clients have to be told, once all lines have ended."""
LATE_S = 5
"""What uvicorn waits for after that, in seconds."""


def run_app(app: FastAPI, sockets: list[socket], *, drain_s: float, on_started: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then return. Raises what the app raised if it could not start."""
    kept = _Kept(app, lambda: server.stop())
    config = uvicorn.Config(
        kept,
        loop="asyncio" if sys.platform == "win32" else "uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=MESSAGE_LIMIT_BYTES,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(drain_s) + LATE_S,
    )
    logging.getLogger("uvicorn.error").addFilter(_not_about_startup)
    server = _Server(config, app, drain_s, on_started)
    try:
        server.run(sockets)
    except SystemExit:
        if kept.error is None:
            raise
    if kept.error is not None:
        raise kept.error


class _Kept:
    """Keeps what the house raised. uvicorn would only log it, and serve on without a house."""

    def __init__(self, app: FastAPI, on_error: Callable[[], None]) -> None:
        self._app = app
        self._on_error = on_error
        self.error: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def without_traceback(message: MutableMapping[str, Any]) -> None:
            await send({"type": message["type"]})

        try:
            await self._app(scope, receive, without_traceback)
        except Exception as error:
            self.error = error
            self._on_error()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: FastAPI, drain_s: float, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._drain_s = drain_s
        self._on_started = on_started

    def stop(self) -> None:
        """Stop as if asked to."""
        self.should_exit = True

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._on_started()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Let lines end and tell every client before connections are closed; a second Ctrl-C cuts that short."""
        doors = getattr(self._app.state, "doors", None)
        if doors is not None:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._cut_short, tasks.cancel_scope)
                await doors.sessions.drain(self._drain_s)
                await self._until_parted()
                tasks.cancel_scope.cancel()
        await super().shutdown(sockets)

    async def _cut_short(self, scope: anyio.CancelScope) -> None:
        while not self.force_exit:  # noqa: ASYNC110  set by a signal handler, which can set no event of the loop
            await anyio.sleep(0.05)
        scope.cancel()

    async def _until_parted(self) -> None:
        """Until every open conversation has ended. Idle kept-alive connections have no task and are not waited for."""
        until = time.monotonic() + PARTING_S
        while self.server_state.tasks and time.monotonic() < until:  # noqa: ASYNC110  uvicorn tells nobody
            await anyio.sleep(0.02)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that ask to stop. Unlike uvicorn, do not raise them again: having stopped is success."""
        before = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _not_about_startup(record: logging.LogRecord) -> bool:
    return "startup failed" not in record.getMessage()
