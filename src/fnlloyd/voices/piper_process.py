"""One Piper process, from its start to its end, as the server sees it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import deque
from pathlib import Path

import anyio

from fnlloyd.errors import FnlloydError, SetupError, VoiceFailed
from fnlloyd.voices.piper_pipe import LENGTHS, Header, lengths_in, pack, unpack

START_S = 60.0
CLOSE_S = 2.0
TAIL_LINES = 12


class PiperProcess:
    """Made by `start`; whoever has it runs `keep_tail` beside it and ends it with `aclose`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._process = process
        self._orders = process.stdin
        self._answers = process.stdout
        self._chatter = process.stderr
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._chatter_ended = asyncio.Event()

    @classmethod
    async def start(
        cls, model: Path, config: Path, *, threads: int, speed: float, speaker: int | None
    ) -> PiperProcess:
        """Start it; it loads and warms up meanwhile, and `ready` waits for that. Raises VoiceFailed."""
        # -P: a folder called `piper` where the server happens to be started must not be imported.
        command = [sys.executable, "-P", "-m", "fnlloyd.voices.piper_child", str(model), "--config", str(config)]
        command += ["--threads", str(threads), "--speed", str(speed), "--parent", str(os.getpid())]
        if speaker is not None:
            command += ["--speaker", str(speaker)]
        pipe = asyncio.subprocess.PIPE
        try:
            return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe))
        except OSError as trouble:
            raise VoiceFailed(f"the Piper process cannot be started: {trouble}") from trouble

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ready(self) -> int:
        """The sample rate in Hz, once it can speak. Raises SetupError when it never will, VoiceFailed when it ended."""
        with anyio.move_on_after(START_S):
            header, _ = await self.receive()
            if "refused" in header:
                raise SetupError(str(header["refused"]), hint=str(header["hint"]))
            return int(header["ready"])
        raise VoiceFailed(f"the Piper process was not ready within {START_S:.0f} s")

    def send(self, header: Header) -> None:
        """Never waits: an order is small and the child always reads. One that has ended is met by `receive`."""
        if not self._orders.is_closing():
            self._orders.write(pack(header))

    async def receive(self) -> tuple[Header, bytes]:
        """The next message. Raises VoiceFailed when there is none: the process ended or talks nonsense."""
        try:
            header, sound = lengths_in(await self._answers.readexactly(LENGTHS.size))
            return unpack(await self._answers.readexactly(header)), await self._answers.readexactly(sound)
        except (asyncio.IncompleteReadError, OSError):
            raise await self._ended() from None
        except ValueError as nonsense:
            self.kill()
            raise VoiceFailed(f"the Piper process: {nonsense}") from nonsense

    async def keep_tail(self) -> None:
        """Read what the process prints, and keep the last lines for the error that may come."""
        try:
            while piece := await self._chatter.read(4096):
                self._tail.extend(piece.decode(errors="replace").splitlines())
        finally:
            self._chatter_ended.set()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def aclose(self) -> None:
        """End it: first by closing its input, then by force. Its pipes are read to their end, so nothing leaks."""
        self._orders.close()
        with anyio.move_on_after(CLOSE_S):
            await self._process.wait()
        self.kill()
        await self._process.wait()
        with contextlib.suppress(OSError):
            await self._orders.wait_closed()
        await self._answers.read()
        await self._chatter.read()

    async def _ended(self) -> FnlloydError:
        with anyio.move_on_after(CLOSE_S):
            code = await self._process.wait()
            await self._chatter_ended.wait()
            how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            said = "\n".join(self._tail)
            return VoiceFailed(f"the Piper process {how}" + (f":\n{said}" if said else ""))
        return VoiceFailed("the Piper process closed its pipe")
