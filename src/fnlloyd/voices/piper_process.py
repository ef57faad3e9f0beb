"""One Piper process, from its start to its end, as the server sees it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import deque
from pathlib import Path

import anyio

from fnlloyd.errors import SetupError, VoiceFailed
from fnlloyd.voices.piper_pipe import LENGTHS, Header, lengths_in, pack, unpack
from fnlloyd.voices.queueing import Request, Waiting

START_S = 60.0
CLOSE_S = 2.0
STALL_S = 60.0
TAIL_LINES = 12


class PiperProcess:
    """Made by `start`, ended by `aclose`. Owns the task that reads what the process prints."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._process = process
        self._orders = process.stdin
        self._answers = process.stdout
        self._chatter = process.stderr
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._keeping_tail = asyncio.create_task(self._keep_tail(), name="piper-stderr")
        self._current: Request | None = None
        self.spoke = False  # at least one sentence, to its end

    @classmethod
    async def start(cls, model: Path, config: Path, *, threads: int, speed: float, speaker: int | None) -> PiperProcess:
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

    async def serve(self, waiting: Waiting) -> VoiceFailed:
        """Make one waiting sentence after the other, until the process ends; says why it did. Run once."""
        failure = VoiceFailed("the voice is closed")
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._order, waiting)
                failure = await self._listen()
                group.cancel_scope.cancel()
        finally:
            # Also when we are cancelled or at fault: nobody may wait for a sound that cannot come.
            if self._current is not None:
                self._current.end(failure)
        return failure

    async def _order(self, waiting: Waiting) -> None:
        while True:
            request = self._current = await waiting.take()
            self.send({"speak": request.number, "text": request.text})
            stopped = False
            while not request.over:
                if request.left and not stopped:
                    stopped = True
                    self.send({"stop": request.number})
                with anyio.move_on_after(STALL_S) as silence:
                    await request.progress()
                if silence.cancelled_caught:
                    self.kill()
                    return  # `_listen` meets the end

    async def _listen(self) -> VoiceFailed:
        while True:
            try:
                header, sound = await self.receive()
            except VoiceFailed as failure:
                return failure
            request = self._current
            if request is None:
                continue
            if header.get("sound") == request.number:
                request.give(sound)
            elif header.get("done") == request.number:
                self.spoke = True
                request.end()
            elif header.get("failed") == request.number:
                request.end(VoiceFailed(f"Piper cannot say this: {header['reason']}"))

    async def _keep_tail(self) -> None:
        while piece := await self._chatter.read(4096):
            self._tail.extend(piece.decode(errors="replace").splitlines())

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
        await asyncio.wait([self._keeping_tail])

    async def _ended(self) -> VoiceFailed:
        with anyio.move_on_after(CLOSE_S):
            code = await self._process.wait()
            await asyncio.wait([self._keeping_tail])
            how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            said = "\n".join(self._tail)
            return VoiceFailed(f"the Piper process {how}" + (f":\n{said}" if said else ""))
        return VoiceFailed("the Piper process closed its pipe")
