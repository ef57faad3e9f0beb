"""The Piper process and its keeper, with a stand-in for Piper itself: these are about pipes, crashes and order."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import anyio
import pytest

from fnlloyd.errors import SetupError, VoiceFailed
from fnlloyd.voices.piper import MOST_LETTERS, PiperVoice

pytestmark = pytest.mark.anyio

STAND_IN = '''
"""Says each word as its letters, a chunk a word. Not Piper: only what the Piper process asks of it."""
import os, sys, time
from types import SimpleNamespace
print("a library that prints where it should not", flush=True)

class SynthesisConfig:
    def __init__(self, **options): pass

class PiperVoice:
    def __init__(self, session, config): pass

    def synthesize(self, text, style):
        for word in text.split():
            os.write(1, b"noise")
            if word == "crash":
                print("it hurts", file=sys.stderr)
                os._exit(3)
            if word == "fail":
                raise ValueError("no such word")
            if word == "slow":
                time.sleep(0.2)
            yield SimpleNamespace(audio_int16_bytes=word.encode("utf-16-le"))
'''
CONFIG = """
import os
from types import SimpleNamespace

class PiperConfig:
    @staticmethod
    def from_dict(facts):
        return SimpleNamespace(length_scale=1.0, sample_rate=facts["audio"]["sample_rate"])
"""
ONNX = """
class SessionOptions:
    def add_session_config_entry(self, name, value): pass

class RunOptions:
    terminate = False

class InferenceSession:
    def __init__(self, model, options, providers):
        if "broken" in model: raise RuntimeError("not a network")
"""


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., PiperVoice]:
    """Call it before the event loop runs, or in a thread."""
    library = tmp_path / "library"
    (library / "piper").mkdir(parents=True)
    (library / "piper" / "__init__.py").write_text(STAND_IN)
    (library / "piper" / "config.py").write_text(CONFIG)
    (library / "onnxruntime.py").write_text(ONNX)
    monkeypatch.setenv("PYTHONPATH", str(library))

    def make_one(name: str = "voice.onnx", **options: Any) -> PiperVoice:
        model = tmp_path / name
        model.write_bytes(b"")
        Path(f"{model}.json").write_text(json.dumps({"audio": {"sample_rate": 16_000}}))
        return PiperVoice(model, **options)

    return make_one


@pytest.fixture
def unopened(make: Callable[..., PiperVoice]) -> PiperVoice:
    return make()


@pytest.fixture
async def voice(unopened: PiperVoice) -> AsyncGenerator[PiperVoice]:
    with anyio.fail_after(20):
        await unopened.start()
    yield unopened
    await unopened.aclose()


async def said(voice: PiperVoice, text: str) -> str:
    with anyio.fail_after(20):
        async with aclosing(voice.speak(text)) as chunks:
            return b"".join([chunk async for chunk in chunks]).decode("utf-16-le")


async def test_what_a_library_prints_cannot_spoil_the_sound(voice: PiperVoice) -> None:
    assert await said(voice, "  Tally\n ho ") == "Tallyho"


async def test_a_sentence_that_fails_fails_alone(voice: PiperVoice) -> None:
    with pytest.raises(VoiceFailed, match="no such word"):
        await said(voice, "please fail now")
    assert await said(voice, "Tally ho") == "Tallyho"


async def test_a_crash_is_told_with_what_the_process_said_last_and_the_next_sentence_is_spoken(
    voice: PiperVoice,
) -> None:
    with pytest.raises(VoiceFailed, match=r"ended with code 3(.|\n)*it hurts"):
        await said(voice, "please crash now")
    assert await said(voice, "Tally ho") == "Tallyho"


async def test_a_listener_who_leaves_stops_the_making_at_the_next_chunk(voice: PiperVoice) -> None:
    async with aclosing(voice.speak("slow " * 180)) as chunks:
        await anext(chunks)
    # 180 of them would take 36 seconds.
    assert await said(voice, "Tally ho") == "Tallyho"


async def test_two_brackets_are_not_read_as_phonemes(voice: PiperVoice) -> None:
    assert await said(voice, "a [[b]] c") == "a[b]c"


async def test_a_text_beyond_the_bound_is_refused(voice: PiperVoice) -> None:
    assert await said(voice, "a" * MOST_LETTERS) == "a" * MOST_LETTERS
    with pytest.raises(VoiceFailed, match="1001 letters"):
        await said(voice, "a" * (MOST_LETTERS + 1))


async def test_closing_fails_whoever_still_waits(voice: PiperVoice) -> None:
    failures: list[str] = []

    async def ask() -> None:
        try:
            await said(voice, "slow " * 180)
        except VoiceFailed as trouble:
            failures.append(trouble.message)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        await voice.aclose()
    assert failures == ["the voice is closed"] * 3
    with pytest.raises(VoiceFailed, match="closed"):
        await said(voice, "Tally ho")


async def test_without_piper_the_error_says_what_to_install(unopened: PiperVoice, tmp_path: Path) -> None:
    await anyio.Path(tmp_path / "library" / "piper" / "__init__.py").write_text("raise ImportError('no piper here')")
    try:
        with pytest.raises(SetupError, match="Piper is not installed") as caught:
            await unopened.start()
        assert "fnlloyd[local]" in (caught.value.hint or "")
        assert "GPL-3.0" in (caught.value.hint or "")
        with pytest.raises(VoiceFailed, match="Piper is not installed"):
            await said(unopened, "Tally ho")
        facts = await unopened.probe()
        assert not facts.ready
        assert "fnlloyd[local]" in (facts.detail or "")
    finally:
        await unopened.aclose()


async def test_a_process_that_ends_before_it_can_speak_fails_those_who_wait(
    unopened: PiperVoice, tmp_path: Path
) -> None:
    await anyio.Path(tmp_path / "library" / "piper" / "__init__.py").write_text("import os; os._exit(7)")
    try:
        with pytest.raises(VoiceFailed, match="ended with code 7"):
            await said(unopened, "Tally ho")
        with pytest.raises(VoiceFailed, match="ended with code 7"):
            await unopened.start()
    finally:
        await unopened.aclose()


async def test_it_can_be_closed_before_it_was_ever_used(unopened: PiperVoice) -> None:
    await unopened.aclose()
    await unopened.aclose()
    assert not (await unopened.probe()).ready
