"""The process in which Piper runs: `python -m fnlloyd.voices.piper_child MODEL`. Speaks `piper_pipe` on its pipes.

Piper is GPL-3.0 and Fnlloyd is not, so this file is the only one that imports it, and only as a process of its own.
That process is also the place where a crash of native code stays, and where synthesis never blocks a server.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fnlloyd.voices.piper_pipe import LENGTHS, Header, lengths_in, pack, unpack

WARM_UP = "I say, what a splendid day."
# Piper raises each sentence to full scale; 1 dB below it, resampling and lossy coding can overshoot unclipped.
_VOLUME = 0.89
_PR_SET_PDEATHSIG = 1


class Refused(Exception):
    """This process will never speak, however often it is started."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class Job:
    """One sentence. It is stopped from the thread that reads, while the main thread makes its sound."""

    def __init__(self, number: int, text: str, run_options: Any) -> None:
        self.number = number
        self.text = text
        self.run_options = run_options
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True
        self.run_options.terminate = True


class Speaker:
    """Piper, loaded. `synthesise` is for one thread."""

    def __init__(self, model: Path, config: Path, *, threads: int, speed: float, speaker: int | None) -> None:
        try:
            onnxruntime = importlib.import_module("onnxruntime")  # has no types
            from piper import PiperVoice, SynthesisConfig
            from piper.config import PiperConfig
        except ImportError as missing:
            hint = "pip install 'fnlloyd[local]'; it brings Piper, which is GPL-3.0 and runs in a process of its own"
            raise Refused(f"Piper is not installed: {missing}", hint) from missing
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # A thread that spins while it waits takes the core from the engine beside it.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            facts = PiperConfig.from_dict(json.loads(config.read_text("utf-8")))
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as trouble:  # onnxruntime's own errors have no common class
            raise Refused(f"{model.name} cannot be loaded: {trouble}", "fetch the voice file again") from trouble
        self._new_run_options = onnxruntime.RunOptions
        self._style = SynthesisConfig(speaker_id=speaker, length_scale=facts.length_scale / speed, volume=_VOLUME)
        self._run_options: Any = None
        # Piper asks its session for nothing but `run`; through ours a sentence can be stopped in its middle.
        self._piper = PiperVoice(session=self, config=facts)
        self.sample_rate = facts.sample_rate

    def run(self, outputs: Any, inputs: Any) -> Any:
        return self._session.run(outputs, inputs, self._run_options)

    def job(self, number: int, text: str) -> Job:
        return Job(number, text, self._new_run_options())

    def synthesise(self, job: Job) -> Iterator[bytes]:
        """PCM, a chunk for each sentence that Piper finds in the text; ends early when the job is stopped."""
        self._run_options = job.run_options
        # Two brackets would make Piper read phonemes.
        text = job.text.replace("[[", "[").replace("]]", "]")
        try:
            for chunk in self._piper.synthesize(text, self._style):
                if job.stopped:
                    return
                yield chunk.audio_int16_bytes
        except Exception:
            if not job.stopped:
                raise


def serve(speaker: Speaker, inbox: BinaryIO, send: Callable[[bytes], None]) -> None:
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(speaker, inbox, jobs), daemon=True).start()
    while True:
        job = jobs.get()
        try:
            for sound in speaker.synthesise(job):
                send(pack({"sound": job.number}, sound))
        except Exception as trouble:  # whatever Piper raises fails this sentence only
            send(pack({"failed": job.number, "reason": f"{type(trouble).__name__}: {trouble}"[:500]}))
        else:
            send(pack({"done": job.number}))


def _read(speaker: Speaker, inbox: BinaryIO, jobs: queue.SimpleQueue[Job]) -> None:
    """Take orders until the pipe ends; then the server is gone and so is this process, in mid-word if need be."""
    job: Job | None = None
    with contextlib.suppress(Exception):
        for order in _messages(inbox):
            if "speak" in order:
                job = speaker.job(order["speak"], order["text"])
                jobs.put(job)
            elif job is not None and order.get("stop") == job.number:
                job.stop()
    os._exit(0)


def _messages(inbox: BinaryIO) -> Iterator[Header]:
    while len(prefix := inbox.read(LENGTHS.size)) == LENGTHS.size:
        header, sound = lengths_in(prefix)
        yield unpack(inbox.read(header))
        inbox.read(sound)


def _die_with_parent(parent: int) -> None:
    """Linux: be killed when the parent is, however it ends. Elsewhere the end of standard input does it."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(0)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes for ourselves: what a library prints goes to standard error and cannot break a message."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return inbox, outbox


def main() -> None:
    parser = argparse.ArgumentParser(description="Speak sentences with Piper, over pipes. Started by Fnlloyd.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--speed", type=float, required=True)
    parser.add_argument("--speaker", type=int)
    parser.add_argument("--parent", type=int, required=True)
    options = parser.parse_args()
    _die_with_parent(options.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends this process
    inbox, outbox = _take_pipes()

    def send(message: bytes) -> None:
        outbox.write(message)
        outbox.flush()

    try:
        speaker = Speaker(
            options.model, options.config, threads=options.threads, speed=options.speed, speaker=options.speaker
        )
        for _ in speaker.synthesise(speaker.job(0, WARM_UP)):
            pass
    except Refused as refusal:
        send(pack({"refused": refusal.reason, "hint": refusal.hint}))
        return
    send(pack({"ready": speaker.sample_rate}))
    serve(speaker, inbox, send)


if __name__ == "__main__":
    main()
