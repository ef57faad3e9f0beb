from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.voices.pcm import peak_dbfs, rms_dbfs
from fnlloyd.voices.tone import ToneVoice

pytestmark = pytest.mark.anyio
SENTENCE = "I say, we're rather doomed, aren't we?"


async def chunks_of(voice: ToneVoice, text: str) -> list[bytes]:
    async with aclosing(voice.speak(text)) as chunks:
        return [chunk async for chunk in chunks]


async def test_the_same_text_always_sounds_the_same_and_another_one_differs() -> None:
    first = await chunks_of(ToneVoice(), SENTENCE)
    assert await chunks_of(ToneVoice(), SENTENCE) == first
    assert await chunks_of(ToneVoice(), SENTENCE.replace("doomed", "booked")) != first


async def test_a_sentence_comes_in_several_chunks_of_whole_samples() -> None:
    voice = ToneVoice()
    chunks = await chunks_of(voice, SENTENCE)
    assert len(chunks) >= 4
    assert all(100 <= voice.format.duration_ms(len(chunk)) <= 500 for chunk in chunks)
    assert all(len(chunk) % voice.format.frame_bytes == 0 for chunk in chunks)


async def test_it_is_about_as_loud_and_as_long_as_speech() -> None:
    voice = ToneVoice()
    sound = b"".join(await chunks_of(voice, SENTENCE))
    assert -30 < rms_dbfs(sound) < -14
    assert peak_dbfs(sound) < -3
    assert 2000 <= voice.format.duration_ms(len(sound)) <= 3500


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 48_000])
async def test_the_rate_changes_the_samples_and_not_the_length(rate: int) -> None:
    voice = ToneVoice(sample_rate=rate)
    sound = b"".join(await chunks_of(voice, SENTENCE))
    reference = b"".join(await chunks_of(ToneVoice(), SENTENCE))
    assert voice.format.sample_rate == rate
    assert voice.format.duration_ms(len(sound)) == pytest.approx(ToneVoice().format.duration_ms(len(reference)), abs=20)


async def test_a_fixed_pace_gives_every_word_its_length() -> None:
    voice = ToneVoice(ms_per_word=120)
    sound = b"".join(await chunks_of(voice, "a catastrophe"))
    assert voice.format.duration_ms(len(sound)) == pytest.approx(2 * 120 + 2 * 40, abs=2)


def test_what_changes_the_sound_changes_the_id() -> None:
    assert len({ToneVoice().id, ToneVoice(sample_rate=8_000).id, ToneVoice(ms_per_word=100).id}) == 3


@pytest.mark.parametrize("text", ["", "   ", "...", "?!"])
async def test_a_text_without_a_word_has_no_sound(text: str) -> None:
    assert await chunks_of(ToneVoice(), text) == []


@given(st.text(max_size=60))
async def test_no_text_makes_it_fail(text: str) -> None:
    assert all(await chunks_of(_VOICE, text))


_VOICE = ToneVoice(sample_rate=8_000)
