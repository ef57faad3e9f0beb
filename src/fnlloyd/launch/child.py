"""A child server: started, waited for, its log's tail kept, restarted when it dies, stopped.

A crash of a child is never a crash of Fnlloyd: `run` restarts it for as long as it is wanted and never gives up.
Who cannot do without the child asks `wait_ready`, which does give up, with the reason.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import anyio
from anyio.abc import Process, TaskStatus

from fnlloyd.errors import SetupError
from fnlloyd.launch.log_tail import LogTail
from fnlloyd.launch.tether import tethered

SHOWN_LINES = 12  # of the log, in an error
LAST_WORDS_S = 0.5  # how long a dead child's log may stay open: what it started may still hold it
PRIVATE_PREFIX = "FNLLOYD_"  # our own settings, keys among them, are none of a child's business


class ChildState(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"


MOVES: Mapping[ChildState, frozenset[ChildState]] = {
    ChildState.STOPPED: frozenset({ChildState.STARTING}),
    ChildState.STARTING: frozenset({ChildState.READY, ChildState.RESTARTING, ChildState.STOPPED}),
    ChildState.READY: frozenset({ChildState.RESTARTING, ChildState.STOPPED}),
    ChildState.RESTARTING: frozenset({ChildState.STARTING, ChildState.STOPPED}),
}


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds. A child not healthy within `healthy_s` is killed and started again; the wait before a start doubles
    from `backoff_s` to `backoff_max_s` and is forgotten after `settled_s` of health.
    """

    healthy_s: float = 300.0
    probe_every_s: float = 0.05
    stop_s: float = 5.0
    backoff_s: float = 0.25
    backoff_max_s: float = 15.0
    settled_s: float = 60.0


class Child:
    """One server process. `probe` says whether it is healthy; `secrets` are blotted out of its log.

    `env` is added to the environment inherited. `on_change` hears of every state, `on_line` of every line of its log.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        probe: Callable[[], Awaitable[bool]],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        patience: Patience | None = None,
        secrets: Sequence[str] = (),
        on_change: Callable[[ChildState], None] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self.command = tuple(command)
        self.state = ChildState.STOPPED
        self.log = LogTail(secrets)
        self.deaths = 0
        self.exit_code: int | None = None  # of its last death; negative is the signal that killed it
        self.pid: int | None = None
        self._probe = probe
        self._env = dict(env or {})
        self._cwd = cwd
        self._patience = patience or Patience()
        self._on_change = on_change
        self._on_line = on_line
        self._news = anyio.Event()
        self._log_ended = anyio.Event()

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Keep the child running until cancelled, then stop it. Start it in a task group: `await group.start(run)`."""
        backoff = self._patience.backoff_s
        task_status.started()
        try:
            while True:
                self._move(ChildState.STARTING)
                healthy_s = await self._live()
                if healthy_s >= self._patience.settled_s:
                    backoff = self._patience.backoff_s
                self.deaths += 1
                self._move(ChildState.RESTARTING)
                await anyio.sleep(backoff)
                backoff = min(2 * backoff, self._patience.backoff_max_s)
        finally:
            self._move(ChildState.STOPPED)

    async def wait_ready(self) -> None:
        """Return once the child is healthy. Raises SetupError with the log's tail if it dies first."""
        deaths = self.deaths
        while self.state is not ChildState.READY:
            news = self._news
            if self.deaths > deaths:
                raise self.failure()
            await news.wait()

    def failure(self) -> SetupError:
        """Make the error that says how it died and what it wrote last."""
        how = "was not healthy in time" if self.exit_code is None else f"ended with code {self.exit_code}"
        tail = "\n".join(f"  {line}" for line in self.log.lines(SHOWN_LINES)) or "  (it wrote nothing)"
        return SetupError(f"{self.name} {how}. It wrote:\n{tail}")

    async def _live(self) -> float:
        """Run the child once; return the seconds it was healthy."""
        self.exit_code = None
        try:
            process = await self._start()
        except OSError as error:
            self._note(f"cannot start {self.command[0]}: {error.strerror}\n".encode())
            return 0.0
        self.pid = process.pid
        ready_at: list[float] = []
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._read_log, process)
                group.start_soon(self._await_health, process, ready_at)
                self.exit_code = await process.wait()
                # The log may still hold its last words: let the reader finish, not for ever.
                with anyio.move_on_after(LAST_WORDS_S):
                    await self._log_ended.wait()
                group.cancel_scope.cancel()
        finally:
            self.pid = None
            with anyio.CancelScope(shield=True):
                await self._end(process)
        return time.monotonic() - ready_at[0] if ready_at else 0.0

    async def _start(self) -> Process:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(PRIVATE_PREFIX)}
        self._log_ended = anyio.Event()
        return await anyio.open_process(
            tethered(self.command),
            stdin=subprocess.PIPE,  # never written to: its end tells the child that we are gone
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._cwd,
            env={**inherited, **self._env},
            start_new_session=True,  # Ctrl-C in a terminal is ours to pass on, when the lines have ended
        )

    async def _read_log(self, process: Process) -> None:
        assert process.stdout is not None
        with contextlib.suppress(anyio.EndOfStream, anyio.ClosedResourceError):
            while True:
                self._note(await process.stdout.receive())
        self._log_ended.set()

    async def _await_health(self, process: Process, ready_at: list[float]) -> None:
        with anyio.move_on_after(self._patience.healthy_s):
            while True:
                if await self._probe():
                    break
                await anyio.sleep(self._patience.probe_every_s)
            ready_at.append(time.monotonic())
            self._move(ChildState.READY)
            return
        self._note(f"not healthy within {self._patience.healthy_s:g} s: killed\n".encode())
        _kill_all(process)

    async def _end(self, process: Process) -> None:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with anyio.move_on_after(self._patience.stop_s):
                await process.wait()
        if process.returncode is None:
            _kill_all(process)
        await process.aclose()

    def _note(self, chunk: bytes) -> None:
        for line in self.log.feed(chunk):
            if self._on_line is not None:
                self._on_line(line)

    def _move(self, state: ChildState) -> None:
        if state not in MOVES[self.state]:
            raise AssertionError(f"{self.name}: no way from {self.state} to {state}")
        self.state = state
        news, self._news = self._news, anyio.Event()
        news.set()
        if self._on_change is not None:
            self._on_change(state)


def _kill_all(process: Process) -> None:
    """Kill the child and what it started: it leads a process group of its own."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
