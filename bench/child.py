"""Child processes of the bench: a Fnlloyd server as its users start it, and the paced engine.

Ports are on loopback. A child is started in an empty folder and without FNLLOYD_* variables of the caller's, so that
nobody's own settings are measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

READY_WITHIN_S = 120.0
STOP_WITHIN_S = 8.0
POLL_S = 0.005
PACED_ENGINE = Path(__file__).with_name("paced_engine.py")

_open = build_opener(ProxyHandler({})).open


@dataclass(frozen=True, slots=True)
class Child:
    """`ready_s` is how long it took from the start of the process until it said it was ready."""

    port: int
    pid: int
    ready_s: float

    async def ask(self, path: str, body: object = None, timeout_s: float = 5.0) -> Any:
        """GET a path, or POST a body as JSON, and return the JSON answered. Not for what is timed."""
        return await asyncio.to_thread(_ask, f"http://127.0.0.1:{self.port}{path}", body, timeout_s)

    def rss_mib(self) -> float:
        """Memory of the process that is its own and in RAM, in MiB. Linux only."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        assert found is not None
        return int(found[1]) / 1024


@asynccontextmanager
async def paced_engine() -> AsyncIterator[Child]:
    """The paced engine; POST /pace sets what it does."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, str(PACED_ENGINE), stdout=asyncio.subprocess.PIPE)
    async with _stopping(process):
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        yield Child(port, process.pid, time.perf_counter() - began)


@asynccontextmanager
async def fnlloyd(home: Path, *flags: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Child]:
    """A server with these flags of `fnlloyd serve`, ready to answer. `settings` by variable, without FNLLOYD_."""
    port = _free_port()
    command = [sys.executable, "-m", "fnlloyd", "serve", "--port", str(port), "--log-level", "error", *flags]
    began = time.perf_counter()
    with (home / "server.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=home, env=_environment(home, settings or {}), stdout=log, stderr=log
        )
    async with _stopping(process):
        await _until_ready(process, port, home / "server.log")
        yield Child(port, process.pid, time.perf_counter() - began)


async def run_fnlloyd(home: Path, *arguments: str) -> None:
    """Run a command of `fnlloyd` to its end. Raises RuntimeError with what it said if it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "fnlloyd",
        *arguments,
        cwd=home,
        env=_environment(home, {}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"fnlloyd {' '.join(arguments)}: {said.decode(errors='replace')[-500:]}")


def _environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FNLLOYD_")}
    return kept | {"FNLLOYD_HOME": str(home)} | {f"FNLLOYD_{name}": value for name, value in settings.items()}


async def _until_ready(process: Process, port: int, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while process.returncode is None and time.monotonic() < until:
        with contextlib.suppress(URLError, OSError):
            await asyncio.to_thread(_ask, f"http://127.0.0.1:{port}/health/ready", None, 1.0)
            return
        await asyncio.sleep(POLL_S)
    said = log.read_text(errors="replace")[-800:]  # noqa: ASYNC240  the run is over
    raise RuntimeError(f"the server did not become ready within {READY_WITHIN_S:.0f} s; it said:\n{said}")


@asynccontextmanager
async def _stopping(process: Process) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
            except TimeoutError:
                process.kill()
                await process.wait()


def _ask(url: str, body: object, timeout_s: float) -> Any:
    payload = None if body is None else json.dumps(body).encode()
    with _open(Request(url, payload, {"Content-Type": "application/json"}), timeout=timeout_s) as answer:
        return json.loads(answer.read())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
