"""What every voice keeps to, whatever makes its sound."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from importlib.util import find_spec
from pathlib import Path

import anyio
import pytest

from fnlloyd.assets import Assets
from fnlloyd.errors import FnlloydError, VoiceFailed
from fnlloyd.voices import PiperVoice, ToneVoice, Voice, peak_dbfs, rms_dbfs
from tests.real.conftest import absent

pytestmark = pytest.mark.anyio
SHORT = "Capital!"
LONG = "I say, we're rather doomed, aren't we? Not a word to the bricks. Chin up, though: there is always tea."


@pytest.fixture(scope="session")
def piper_model() -> Path:
    if find_spec("piper") is None:
        absent("piper is not installed: it comes with the extra `local`")

    async def fetch() -> Path:
        return (await Assets().voice("en_US-joe-medium")).model

    try:
        return anyio.run(fetch)
    except FnlloydError as trouble:
        absent(f"no Piper voice: {trouble}")


@pytest.fixture(params=["tone", pytest.param("piper", marks=pytest.mark.real)])
def unopened(request: pytest.FixtureRequest) -> Voice:
    if request.param == "tone":
        return ToneVoice()
    return PiperVoice(request.getfixturevalue("piper_model"), threads=1)


@pytest.fixture
async def voice(unopened: Voice) -> AsyncGenerator[Voice]:
    yield unopened
    await unopened.aclose()


async def said(voice: Voice, text: str) -> list[bytes]:
    with anyio.fail_after(60):
        async with aclosing(voice.speak(text)) as chunks:
            return [chunk async for chunk in chunks]


async def test_every_chunk_is_whole_samples_of_the_one_format(voice: Voice) -> None:
    before = voice.format
    chunks = await said(voice, LONG)
    assert voice.format == before
    assert all(chunk and len(chunk) % voice.format.frame_bytes == 0 for chunk in chunks)


async def test_a_long_text_comes_in_several_chunks(voice: Voice) -> None:
    assert len(await said(voice, LONG)) >= 3


async def test_the_sound_is_as_long_as_speech_would_be_and_can_be_heard(voice: Voice) -> None:
    short, long = b"".join(await said(voice, SHORT)), b"".join(await said(voice, LONG))
    assert 300 <= voice.format.duration_ms(len(short)) <= 1500
    assert 4000 <= voice.format.duration_ms(len(long)) <= 11_000
    assert -35 < rms_dbfs(long) < -12
    assert peak_dbfs(long) < -0.5


@pytest.mark.parametrize("text", ["", "  \n "])
async def test_an_empty_text_has_no_sound(voice: Voice, text: str) -> None:
    assert await said(voice, text) == []


async def test_a_listener_who_leaves_frees_the_voice(voice: Voice) -> None:
    await said(voice, SHORT)
    endless = "and on and on and on " * 40
    for _ in range(3):
        async with aclosing(voice.speak(LONG)) as chunks:
            await anext(chunks)
        with anyio.move_on_after(0.05):
            await said(voice, endless)
    # Making what those three asked for would take far longer than this.
    with anyio.fail_after(5):
        assert await said(voice, SHORT)


async def test_a_listener_who_stops_listening_does_not_hold_the_voice(voice: Voice) -> None:
    async with aclosing(voice.speak(LONG)) as chunks:
        await anext(chunks)
        assert await said(voice, SHORT)


async def test_several_may_ask_at_once_and_each_hears_its_own(voice: Voice) -> None:
    lengths: dict[str, int] = {}

    async def ask(text: str) -> None:
        lengths[text] = voice.format.duration_ms(len(b"".join(await said(voice, text))))

    async with anyio.create_task_group() as group:
        for text in (SHORT, LONG, "Tally ho!"):
            group.start_soon(ask, text)
    assert lengths[LONG] > 4000
    assert 300 <= lengths[SHORT] <= 1500
    assert 300 <= lengths["Tally ho!"] <= 1500


@pytest.mark.parametrize("text", ["...", "💥", "[[nonsense]]", "\0\x1b[31m", "a" * 1001, "Ça alors! 你好。"])
async def test_whatever_the_text_it_is_said_or_refused_as_voice_failed(voice: Voice, text: str) -> None:
    with suppress(VoiceFailed):
        await said(voice, text)
    assert await said(voice, SHORT)


async def test_it_says_what_it_is_and_that_it_is_ready(voice: Voice) -> None:
    facts = await voice.probe()
    assert (facts.id, facts.format, facts.ready, facts.detail) == (voice.id, voice.format, True, None)
    assert facts.name


async def test_it_can_be_closed_at_any_time_and_twice(unopened: Voice) -> None:
    async with aclosing(unopened.speak(LONG)) as chunks:
        await anext(chunks)
        await unopened.aclose()
        await unopened.aclose()
    assert (await unopened.probe()).id == unopened.id
