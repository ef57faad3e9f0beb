"""The embedded model and Piper behind the real doors: what a player on a laptop gets."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import pytest

from fnlloyd.events import SoundFormat
from fnlloyd.voices import rms_dbfs
from fnlloyd.wire import unpack
from tests.journey.client import Talk
from tests.journey.conftest import Server, serving

pytestmark = pytest.mark.real


@pytest.fixture
async def server(model_file: Path, piper_files: tuple[Path, Path], tmp_path: Path) -> AsyncGenerator[Server]:
    voice = f"piper:{piper_files[0]}"
    async with serving(
        tmp_path,
        engine={"engines": [f"llamacpp:{model_file}"], "context_tokens": 2048},
        voice={"urls": [voice], "render_ahead": False},
    ) as running:
        await until_ready(running)
        yield running


async def test_a_say_is_answered_with_words_and_with_sound_that_is_speech(server: Server) -> None:
    async with server.client().full("ada", audio="binary") as talk:
        await talk.send("say", text="Hello! Who are you?")
        sent = await until_sent(talk)
        start = talk.of("line.start")[0]
        await talk.send("heard", line=1, status="finished")
        end = await talk.until("line.end")
    pcm = b"".join(unpack(frame).payload for frame in talk.frames)
    spoken = SoundFormat(22050).duration_ms(len(pcm))
    letters = sum(letter.isalpha() for letter in sent["text"])
    assert start["source"] == "llm"
    assert letters > 0
    assert abs(spoken - sent["duration_ms"]) <= 1
    assert 25 * letters < spoken < 250 * letters + 1500  # people speak 10 to 20 letters a second
    assert -40 < rms_dbfs(pcm) < -6
    assert end["timings"]["first_token_ms"] < end["timings"]["first_audio_ms"] < end["timings"]["total_ms"]


async def test_eight_players_at_once_are_all_answered(server: Server) -> None:
    answers: dict[str, str] = {}

    async def play(name: str) -> None:
        async with server.client().full(name, audio="binary") as talk:
            await talk.send("say", text=f"My name is {name}. What do you see?")
            answers[name] = (await until_sent(talk))["text"]
            assert talk.frames

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(play, f"player{number}")
    assert sorted(answers) == [f"player{number}" for number in range(8)]
    assert all(answers.values())


async def test_a_canned_line_is_rendered_once_and_then_comes_from_the_store(server: Server) -> None:
    lines = []
    async with server.client().full("ada", audio="binary") as talk:
        for _ in range(2):
            await talk.send("event", trigger="boss_defeat", mode="canned")
            sent = await until_sent(talk)
            await talk.send("heard", line=sent["line"], status="finished")
            lines.append(await talk.until("line.end"))
    assert [line["end"] for line in lines] == ["complete", "complete"]
    assert all(line["timings"]["first_audio_ms"] is not None for line in lines)


async def test_a_killed_engine_costs_a_fallback_line_and_comes_back(server: Server) -> None:
    async with server.client().full("ada", audio="none") as talk:
        os.kill(child_of("llama_child"), signal.SIGKILL)
        await talk.send("say", text="Are you all right?")
        assert (await talk.until("line.start"))["source"] == "fallback"
        assert (await talk.until("line.end"))["end"] == "complete"
        await until_ready(server)
        await talk.send("say", text="And now?")
        assert (await talk.until("line.start"))["source"] == "llm"


async def test_a_killed_voice_lets_the_text_go_on_and_comes_back(server: Server) -> None:
    async with server.client().full("ada", audio="binary") as talk:
        await talk.send("event", trigger="start", mode="verbatim", text="Before the fall, all is well.")
        await until_sent(talk)
        os.kill(child_of("piper_child"), signal.SIGKILL)
        with anyio.fail_after(60):
            while True:
                before = len(talk.frames)
                await talk.send(
                    "event", trigger="start", mode="verbatim", text="Still here, dear friend.", interrupt="now"
                )
                start = await talk.until("line.start")
                await talk.until("line.sent", line=start["line"])
                if len(talk.frames) > before:
                    break


async def until_ready(server: Server) -> None:
    with anyio.fail_after(120):
        while (await server.client().request("GET", "/health/ready"))[0] != 200:
            await anyio.sleep(0.2)


async def until_sent(talk: Talk) -> dict[str, object]:
    with anyio.fail_after(60):
        while True:
            try:
                return await talk.until("line.sent")
            except TimeoutError:
                continue


def child_of(name: str) -> int:
    """The process id of this process's child whose command names that."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
                parent = int((entry / "stat").read_text().rpartition(") ")[2].split()[1])
            except (OSError, IndexError):
                continue
            if name.encode() in command and parent == os.getpid():
                return int(entry.name)
    raise LookupError(f"no child runs {name}")
