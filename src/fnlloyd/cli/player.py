"""Plays sound through whichever program of this machine can: raw PCM into its standard input."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
import wave
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

PROGRAMS = ("pw-play", "paplay", "aplay", "ffplay", "play", "afplay")
"""In the order in which they are tried; a program that is here but finds no device is not tried again."""


class Player:
    """One line at a time: `begin`, `feed` as sound comes, then `finish`, or `stop` to cut it short."""

    def __init__(self) -> None:
        self._able = [name for name in PROGRAMS if shutil.which(name)]
        self._playing: _Playing | None = None

    @property
    def can_play(self) -> bool:
        return bool(self._able)

    async def begin(self, sample_rate: int, channels: int) -> None:
        """Get ready for a line's sound."""
        self.stop()
        if self.can_play:
            self._playing = await _Playing.start(self._able[0], sample_rate, channels)

    def feed(self, pcm: bytes) -> None:
        """Give more sound. It waits in memory until it is played; a line is short enough for that."""
        if self._playing:
            self._playing.feed(pcm)

    async def finish(self) -> bool:
        """Wait until all of it has been heard. False if it was not, because it was stopped or nothing plays here."""
        playing = self._playing
        if playing is None:
            return False
        good = await playing.finish()
        if not good and not playing.stopped and playing.program in self._able:
            self._able.remove(playing.program)
        if self._playing is playing:
            self._playing = None
        return good

    def stop(self) -> None:
        """Be silent at once."""
        if self._playing:
            self._playing.stop()
            self._playing = None


class _Playing:
    """A program that plays one line."""

    def __init__(self, program: str, process: Process | None, sample_rate: int, channels: int) -> None:
        self.program = program
        self.stopped = False
        self._process = process
        self._shape = sample_rate, channels
        self._whole = bytearray()

    @classmethod
    async def start(cls, program: str, sample_rate: int, channels: int) -> _Playing:
        # afplay takes files only, so it is started when the whole line is there.
        process = None if program == "afplay" else await _run(command(program, sample_rate, channels))
        return cls(program, process, sample_rate, channels)

    def feed(self, pcm: bytes) -> None:
        if self.program == "afplay":
            self._whole += pcm
        elif self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(pcm)

    async def finish(self) -> bool:
        if self.program == "afplay":
            return await self._play_file()
        if self._process is None:
            return False
        if self._process.stdin:
            self._process.stdin.close()
        return await self._process.wait() == 0

    def stop(self) -> None:
        self.stopped = True
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _play_file(self) -> bool:
        with tempfile.TemporaryDirectory(prefix="fnlloyd-") as folder:
            path = Path(folder) / "line.wav"
            await asyncio.to_thread(_write, path, bytes(self._whole), *self._shape)
            if self.stopped:
                return False
            self._process = await _run(["afplay", str(path)])
            return self._process is not None and await self._process.wait() == 0


def command(program: str, sample_rate: int, channels: int) -> list[str]:
    """How each program is told to play 16-bit little-endian PCM from its standard input."""
    rate, count = str(sample_rate), str(channels)
    match program:
        case "pw-play":
            return [program, "--raw", "--format=s16", f"--rate={rate}", f"--channels={count}", "-"]
        case "paplay":
            return [program, "--raw", "--format=s16le", f"--rate={rate}", f"--channels={count}"]
        case "aplay":
            return [program, "-q", "-t", "raw", "-f", "S16_LE", "-r", rate, "-c", count, "-"]
        case "ffplay":
            shape = ["-f", "s16le", "-ar", rate, "-ch_layout", "mono" if channels == 1 else "stereo"]
            return [program, "-nodisp", "-autoexit", "-loglevel", "quiet", *shape, "-i", "pipe:0"]
        case _:
            return [program, "-q", "-t", "raw", "-e", "signed", "-b", "16", "-r", rate, "-c", count, "-"]


async def _run(arguments: list[str]) -> Process | None:
    try:
        return await asyncio.create_subprocess_exec(*arguments, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL)
    except OSError:
        return None


def _write(path: Path, pcm: bytes, sample_rate: int, channels: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(pcm)
