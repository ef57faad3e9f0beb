"""The real app on a real port, in the test's own event loop, so that blocking it is seen."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
import uvicorn
from fastapi import FastAPI

from fnlloyd.build import House
from fnlloyd.config import Settings
from fnlloyd.server.app import build_app
from tests.journey.client import Client


class Server:
    """A running server: where it is, and the house behind it for looking at the engine."""

    def __init__(self, base_url: str, app: FastAPI) -> None:
        self.base_url = base_url
        self._app = app

    @property
    def house(self) -> House:
        house: House = self._app.state.doors.house
        return house

    @property
    def running(self) -> int:
        """Streams the scripted engine is writing now."""
        engine: Any = self.house.engine._members[0].engine
        return int(engine.running)

    async def until_idle(self) -> None:
        with anyio.fail_after(5):
            while self.running:
                await anyio.sleep(0.005)

    async def until_busy(self) -> None:
        with anyio.fail_after(5):
            while not self.running:
                await anyio.sleep(0.005)

    def client(self) -> Client:
        return Client(self.base_url)


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


async def _run(server: uvicorn.Server, listening: socket.socket) -> None:
    try:
        await server.serve([listening])
    except SystemExit:
        raise RuntimeError("the server did not start; its log says why") from None


@asynccontextmanager
async def serving(home: Path, **settings: Any) -> AsyncIterator[Server]:
    """Serve with the scripted engine and the tone voice unless told otherwise."""
    values: dict[str, Any] = {
        "home": home,
        "engine": {"engines": ["scripted:"]},
        "voice": {"urls": ["tone:"], "render_ahead": False},
        "store": {"url": "memory:"},
    } | settings
    app = await anyio.to_thread.run_sync(lambda: build_app(Settings(**values)))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="websockets-sansio", ws_max_size=1 << 20)
        server = _Quiet(config)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_run, server, listening)
            with anyio.fail_after(10):
                while not server.started:
                    await anyio.sleep(0.005)
            port = listening.getsockname()[1]
            try:
                yield Server(f"http://127.0.0.1:{port}", app)
            finally:
                server.should_exit = True


Serve = Callable[..., AbstractAsyncContextManager[Server]]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    def start(**settings: Any) -> AbstractAsyncContextManager[Server]:
        return serving(tmp_path, **settings)

    return start


@pytest.fixture
async def server(serve: Serve) -> AsyncGenerator[Server]:
    async with serve() as running:
        yield running


@pytest.fixture
def base_url(server: Server) -> str:
    return server.base_url
