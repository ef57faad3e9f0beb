"""Child servers, with children that are a few lines of Python."""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.errors import SetupError
from fnlloyd.launch.child import MOVES, Child, ChildState, Patience
from fnlloyd.launch.log_tail import MAX_CHARS, MAX_LINES, LogTail

QUICK = Patience(healthy_s=20, probe_every_s=0.01, stop_s=5, backoff_s=0.01, backoff_max_s=0.02)
SERVES = "import sys; print('up', flush=True); sys.stdin.read()"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


class Watched:
    """A child that counts as healthy once its log says `up`."""

    def __init__(self, code: str, *, patience: Patience = QUICK, **options: object) -> None:
        self.states: list[ChildState] = []
        self.ups = 0
        self.child = Child(
            "the child",
            python(code),
            probe=self._up,
            patience=patience,
            on_change=self.states.append,
            on_line=self._heard,
            **options,  # type: ignore[arg-type]
        )

    def _heard(self, line: str) -> None:
        self.ups += line == "up"

    async def _up(self) -> bool:
        return self.ups > self.child.deaths


@asynccontextmanager
async def running(watched: Watched) -> AsyncIterator[Child]:
    with anyio.fail_after(30):
        async with anyio.create_task_group() as group:
            await group.start(watched.child.run)
            yield watched.child
            group.cancel_scope.cancel()


async def changes_to(child: Child, state: ChildState) -> None:
    while True:
        if child.state is state:
            return
        await anyio.sleep(0.005)


async def test_a_child_becomes_ready_and_is_stopped() -> None:
    watched = Watched(SERVES)
    async with running(watched) as child:
        await child.wait_ready()
        pid = child.pid
        assert pid is not None
    assert watched.states == [ChildState.STARTING, ChildState.READY, ChildState.STOPPED]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_killed_child_comes_back() -> None:
    watched = Watched(SERVES)
    async with running(watched) as child:
        await child.wait_ready()
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await changes_to(child, ChildState.RESTARTING)
        await changes_to(child, ChildState.READY)
        assert child.pid != first
        assert child.deaths == 1


async def test_a_child_that_ignores_sigterm_is_killed() -> None:
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SERVES}; import time; time.sleep(60)"
    watched = Watched(code, patience=Patience(probe_every_s=0.01, stop_s=0.1))
    async with running(watched) as child:
        await child.wait_ready()


async def test_why_it_died_is_told_with_its_last_words_and_without_its_secrets() -> None:
    watched = Watched("import sys; print('the key is hush-hush'); sys.exit('no such file')", secrets=["hush-hush"])
    async with running(watched) as child:
        with pytest.raises(SetupError) as caught:
            await child.wait_ready()
    assert "ended with code 1" in str(caught.value)
    assert "no such file" in str(caught.value)
    assert "the key is ***" in str(caught.value)


async def test_a_child_that_is_never_healthy_is_killed_and_tried_again() -> None:
    watched = Watched("import time; time.sleep(60)", patience=Patience(healthy_s=0.3, backoff_s=0.01))
    async with running(watched) as child:
        with pytest.raises(SetupError, match="not healthy within"):
            await child.wait_ready()
        await changes_to(child, ChildState.STARTING)


async def test_a_command_that_is_not_there_is_told_and_tried_again(tmp_path: Path) -> None:
    watched = Watched("")
    watched.child.command = (str(tmp_path / "no-such-program"),)
    async with running(watched) as child:
        with pytest.raises(SetupError, match="no-such-program"):
            await child.wait_ready()


async def test_our_own_settings_do_not_reach_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FNLLOYD_API_KEY", "ours")
    monkeypatch.setenv("FOREIGN", "theirs")
    code = f"import os; print(os.environ.get('FNLLOYD_API_KEY'), os.environ['FOREIGN'], os.environ['MORE']); {SERVES}"
    watched = Watched(code, env={"MORE": "added"})
    async with running(watched) as child:
        await child.wait_ready()
        assert "None theirs added" in child.log.lines()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
async def test_a_child_dies_with_its_parent_though_it_never_reads_its_input(tmp_path: Path) -> None:
    parent = tmp_path / "parent.py"
    parent.write_text(
        "import subprocess, sys\n"
        "from fnlloyd.launch.tether import tethered\n"
        "child = subprocess.Popen(tethered([sys.executable, '-c', 'import time; time.sleep(60)']))\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    process = await anyio.open_process([sys.executable, str(parent)], stderr=None)
    assert process.stdout is not None
    pid = int(await process.stdout.receive())
    with anyio.fail_after(20):
        await _sleeping(pid)
        process.kill()
        await process.aclose()
        while True:
            if not await _is_alive(pid):
                break
            await anyio.sleep(0.01)


async def _sleeping(pid: int) -> None:
    """Wait until the tether has become the command: before that there is nothing to die."""
    while True:
        if b"tether" not in await anyio.Path(f"/proc/{pid}/cmdline").read_bytes():
            return
        await anyio.sleep(0.01)


async def _is_alive(pid: int) -> bool:
    try:
        stat = await anyio.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"  # nobody may be there to bury it


def test_every_state_can_be_left_and_only_along_the_table() -> None:
    assert set(MOVES) == set(ChildState)
    assert all(MOVES.values())
    child = Child("x", ["x"], probe=anyio.lowlevel.checkpoint)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="no way"):
        child._move(ChildState.READY)


@given(st.binary(max_size=300), st.integers(0, 300))
def test_a_log_is_the_same_however_it_is_chopped(text: bytes, cut: int) -> None:
    whole, parts = LogTail(), LogTail()
    whole.feed(text)
    parts.feed(text[:cut])
    parts.feed(text[cut:])
    assert parts.lines() == whole.lines()


def test_a_log_is_bounded() -> None:
    tail = LogTail()
    for number in range(1000):
        tail.feed(f"{number}\n".encode() + b"x" * 3000)
    lines = tail.lines()
    assert len(lines) <= MAX_LINES + 1
    assert sum(map(len, lines)) <= MAX_CHARS + 3000
    assert tail.lines(1) == ["x" * 2000]
