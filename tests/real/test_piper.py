import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from fnlloyd.errors import SetupError, VoiceFailed
from fnlloyd.voices import Patient, PiperVoice, ToneVoice, rms_dbfs

pytestmark = [pytest.mark.anyio, pytest.mark.real]
SHORT = "Capital!"
LONG = "Chin up, old thing, for the Armada has not the faintest idea of what a cup of tea can do for a man " * 4


async def opened(model: Path, config: Path, **options: Any) -> PiperVoice:
    """Making one reads its config from disk, so not on the event loop."""
    return await anyio.to_thread.run_sync(partial(PiperVoice, model, config, **options))


@pytest.fixture
async def voice(piper_files: tuple[Path, Path]) -> AsyncGenerator[PiperVoice]:
    voice = await opened(*piper_files, threads=1)
    await voice.start()
    yield voice
    await voice.aclose()


async def sound(voice: PiperVoice, text: str, *, background: bool = False) -> bytes:
    with anyio.fail_after(60):
        async with aclosing(voice.render(text) if background else voice.speak(text)) as chunks:
            return b"".join([chunk async for chunk in chunks])


async def test_it_sounds_like_speech(voice: PiperVoice) -> None:
    pcm = await sound(voice, "I say, we're rather doomed, aren't we?")
    assert voice.format.sample_rate == 22_050
    assert 1500 <= voice.format.duration_ms(len(pcm)) <= 4000
    assert -30 < rms_dbfs(pcm) < -14
    # Speech has pauses and stresses; noise and a steady tone have not.
    step = voice.format.sample_rate // 50 * 2
    loudness = [rms_dbfs(pcm[at : at + step]) for at in range(0, len(pcm) - step, step)]
    assert max(loudness) - min(loudness) > 25


async def test_speed_changes_the_length(piper_files: tuple[Path, Path], voice: PiperVoice) -> None:
    quick = await opened(*piper_files, threads=1, speed=1.8)
    try:
        assert len(await sound(quick, LONG[:90])) < 0.75 * len(await sound(voice, LONG[:90]))
        assert quick.id != voice.id
    finally:
        await quick.aclose()


async def test_a_live_sentence_goes_before_background_ones_and_an_abandoned_one_is_never_made(
    voice: PiperVoice,
) -> None:
    order: list[str] = []

    async def ask(name: str, text: str, background: bool) -> None:
        await sound(voice, text, background=background)
        order.append(name)

    async with anyio.create_task_group() as group:
        group.start_soon(ask, "in progress", LONG, True)
        await anyio.wait_all_tasks_blocked()
        group.start_soon(ask, "background", SHORT, True)
        await anyio.wait_all_tasks_blocked()
        with anyio.move_on_after(0.01):
            await sound(voice, LONG)
        group.start_soon(ask, "live", SHORT, False)
    assert order == ["in progress", "live", "background"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_crash_fails_the_sentence_in_progress_and_the_next_is_spoken(
    voice: PiperVoice, how: signal.Signals
) -> None:
    async def kill() -> None:
        await anyio.sleep(0.1)
        os.kill(children_of(os.getpid())[0], how)

    async with anyio.create_task_group() as group:
        group.start_soon(kill)
        with pytest.raises(VoiceFailed, match=f"killed by signal {how.value}"):
            await sound(voice, LONG)
    assert await sound(voice, SHORT)
    assert (await voice.probe()).ready


async def test_two_processes_carry_on_when_one_is_killed(piper_files: tuple[Path, Path]) -> None:
    voice = await opened(*piper_files, threads=1, processes=2)
    try:
        await voice.start()
        os.kill(children_of(os.getpid())[0], signal.SIGKILL)
        with suppress(VoiceFailed):  # the killed one may be given a sentence before its end is noticed
            await sound(voice, SHORT)
        for _ in range(3):
            assert await sound(voice, SHORT)
    finally:
        await voice.aclose()
    assert children_of(os.getpid()) == []


async def test_a_damaged_voice_file_is_said_at_the_start_and_for_every_sentence(
    tmp_path: Path, piper_files: tuple[Path, Path]
) -> None:
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"not a network")
    voice = await opened(damaged, piper_files[1])
    try:
        with pytest.raises(SetupError, match="cannot be loaded"):
            await voice.start()
        with pytest.raises(VoiceFailed, match="cannot be loaded"):
            await sound(voice, SHORT)
        facts = await voice.probe()
        assert not facts.ready
        assert "damaged.onnx" in (facts.detail or "")
    finally:
        await voice.aclose()


async def test_closing_fails_whoever_still_waits(voice: PiperVoice) -> None:
    async def ask() -> None:
        with pytest.raises(VoiceFailed, match="closed"):
            await sound(voice, LONG)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        await voice.aclose()
    with pytest.raises(VoiceFailed, match="closed"):
        await sound(voice, SHORT)
    assert children_of(os.getpid()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_dies_with_a_server_that_is_killed(piper_files: tuple[Path, Path]) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path; from fnlloyd.voices import PiperVoice\n"
        "async def main():\n"
        f"    voice = PiperVoice(Path({str(piper_files[0])!r}), threads=1)\n"
        "    await voice.start()\n"
        "    print('speaks', flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"speaks\n"
        (child,) = children_of(server.pid)
        watch = os.pidfd_open(child)
        server.kill()
    try:
        # The kernel says when it is gone, so there is nothing to poll.
        assert select.select([watch], [], [], 10)[0] == [watch]
    finally:
        os.close(watch)


def test_a_tone_is_no_patient_voice_but_piper_is(piper_files: tuple[Path, Path]) -> None:
    assert isinstance(PiperVoice(*piper_files), Patient)
    assert not isinstance(ToneVoice(), Patient)


def children_of(pid: int) -> list[int]:
    """The Piper processes of that one, by asking the kernel."""
    text = "".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    children = [int(word) for word in text.split()]
    return sorted(child for child in children if b"piper_child" in Path(f"/proc/{child}/cmdline").read_bytes())
