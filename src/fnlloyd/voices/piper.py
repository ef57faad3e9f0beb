"""Piper: a local voice, in processes of its own, so that neither its crash nor its licence (GPL-3.0) is ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import anyio
import structlog

from fnlloyd.errors import FnlloydError, SetupError, VoiceFailed
from fnlloyd.events import SoundFormat, VoiceFacts
from fnlloyd.voices.pcm import pieces
from fnlloyd.voices.piper_process import PiperProcess
from fnlloyd.voices.queueing import Rank, Waiting

MOST_LETTERS = 1000
MOST_WAITING = 64
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 10.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PiperFiles:
    """A voice as Piper has it: the network, and the JSON beside it (None: the model's path with `.json` after it)."""

    model: Path
    config: Path | None = None


class PiperVoice:
    """Speaks with Piper. Makes one sentence at a time in each of its `processes`; live ones before background ones.

    It starts by itself when first used; `start` does it ahead of time and waits until it is warm. What it runs
    lives in one task that it owns, from then until `aclose`. `speed` 1.0 is the voice's own, 2.0 twice as fast.
    """

    def __init__(
        self,
        model: Path,
        config: Path | None = None,
        *,
        speed: float = 1.0,
        threads: int = 2,
        processes: int = 1,
        speaker: int | None = None,
        id: str | None = None,
    ) -> None:
        """Reads the config from disk, so not on a busy event loop. Raises SetupError for missing or wrong files."""
        self._model = model
        self._config = config or Path(f"{model}.json")
        self._speed = speed
        self._threads = threads
        self._processes = processes
        self._speaker = speaker
        self._format = SoundFormat(_sample_rate(model, self._config))
        self._id = f"{id or f'piper:{model.stem}'}:speed={speed:g}:speaker={speaker or 0}"
        self._waiting = Waiting(MOST_WAITING)
        self._able = 0  # processes that can speak now
        self._trouble: FnlloydError | None = None  # why none could be started
        self._tried = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def format(self) -> SoundFormat:
        return self._format

    @property
    def id(self) -> str:
        return self._id

    async def start(self) -> None:
        """Start and warm up. Raises SetupError when Piper is missing or the files are wrong, VoiceFailed otherwise."""
        self._run()
        await self._tried.wait()
        if self._trouble is not None:
            raise self._trouble

    def speak(self, sentence: str) -> AsyncGenerator[bytes]:
        return self._sound(sentence, Rank.LIVE)

    def render(self, sentence: str) -> AsyncGenerator[bytes]:
        return self._sound(sentence, Rank.BACKGROUND)

    async def probe(self) -> VoiceFacts:
        """Starts it if nobody has, and waits for the first start to succeed or fail."""
        detail = None
        if not self._closed:
            self._run()
            await self._tried.wait()
        if self._able == 0:
            detail = str(self._trouble) if self._trouble is not None else "starting again"
        ready = self._able > 0
        return VoiceFacts(name=self._model.stem, id=self._id, format=self._format, ready=ready, detail=detail)

    async def aclose(self) -> None:
        self._closed = True
        self._trouble = VoiceFailed("the voice is closed")
        self._tried.set()
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([running])
        self._waiting.fail_all(VoiceFailed("the voice is closed"))

    async def _sound(self, sentence: str, rank: Rank) -> AsyncGenerator[bytes]:
        text = " ".join(sentence.split())
        if not text:
            return
        if len(text) > MOST_LETTERS:
            raise VoiceFailed(f"a text of {len(text)} letters; {MOST_LETTERS} at most", hint="cut it into sentences")
        self._run()
        if self._trouble is not None:
            raise VoiceFailed(self._trouble.message, hint=self._trouble.hint)
        request = self._waiting.join(text, rank)
        try:
            while (chunk := await request.next()) is not None:
                for piece in pieces(chunk, self._format):
                    yield piece
        finally:
            self._waiting.leave(request)

    def _run(self) -> None:
        if self._running is None and not self._closed:
            self._running = asyncio.create_task(self._run_all(), name="piper")

    async def _run_all(self) -> None:
        try:
            async with anyio.create_task_group() as group:
                for _ in range(self._processes):
                    group.start_soon(self._keep_running)
        except Exception:  # a fault of ours: nobody may wait for a sound that cannot come
            _log.exception("voice_broken", voice=self._id)
            self._give_up(VoiceFailed("the voice stopped for a reason that is in the log"))

    async def _keep_running(self) -> None:
        """One process after the other, with a growing pause after each that did not speak a single sentence."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                spoke = await self._run_one()
            except SetupError as trouble:
                self._give_up(trouble)
                return  # the next would say the same
            except VoiceFailed as trouble:
                self._give_up(trouble)
                spoke = False
            pause_s = FIRST_PAUSE_S if spoke else pause_s
            await anyio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _give_up(self, trouble: FnlloydError) -> None:
        _log.warning("voice_down", voice=self._id, reason=str(trouble))
        if self._able == 0:
            self._trouble = trouble
            self._tried.set()
            self._waiting.fail_all(VoiceFailed(trouble.message, hint=trouble.hint))

    async def _run_one(self) -> bool:
        """Run a process until it ends; whether it spoke. Raises SetupError or VoiceFailed if it never could."""
        process = await PiperProcess.start(
            self._model, self._config, threads=self._threads, speed=self._speed, speaker=self._speaker
        )
        try:
            if await process.ready() != self._format.sample_rate:
                raise SetupError(f"{self._config} and {self._model.name} disagree on the sample rate")
            self._trouble = None
            self._tried.set()
            self._able += 1
            try:
                failure = await process.serve(self._waiting)
            finally:
                self._able -= 1
            _log.warning("voice_process_ended", voice=self._id, reason=str(failure))
            return process.spoke
        finally:
            with anyio.CancelScope(shield=True):
                await process.aclose()


def _sample_rate(model: Path, config: Path) -> int:
    """In Hz. Raises SetupError."""
    hint = "a Piper voice is two files: NAME.onnx and NAME.onnx.json"
    if not model.is_file():
        raise SetupError(f"there is no Piper voice at {model}", hint=hint)
    try:
        return int(json.loads(config.read_text("utf-8"))["audio"]["sample_rate"])
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        raise SetupError(f"{config} does not describe a Piper voice: {trouble!r}", hint=hint) from trouble
