import json
from pathlib import Path

import pytest

from fnlloyd import voices
from fnlloyd.errors import SetupError
from fnlloyd.voices.open import open_voice
from fnlloyd.voices.piper import PiperFiles, PiperVoice
from fnlloyd.voices.settings import VoiceSettings
from fnlloyd.voices.tone import ToneVoice
from fnlloyd.voices.voice import Patient


def nowhere(name: str) -> PiperFiles:
    raise AssertionError(f"asked for {name}")


@pytest.fixture
def files(tmp_path: Path) -> PiperFiles:
    model = tmp_path / "en_XX-nobody-low.onnx"
    model.write_bytes(b"not a network")
    Path(f"{model}.json").write_text(json.dumps({"audio": {"sample_rate": 16_000}}))
    return PiperFiles(model)


def test_tone_takes_its_rate_and_pace_from_the_address() -> None:
    voice = open_voice("tone:?rate=8000&ms_per_word=90", resolve=nowhere)
    assert isinstance(voice, ToneVoice)
    assert voice.id == ToneVoice(sample_rate=8_000, ms_per_word=90).id
    plain = open_voice("tone:", resolve=nowhere)
    assert plain is not None
    assert plain.id == ToneVoice().id


def test_none_is_text_only() -> None:
    assert open_voice("none:", resolve=nowhere) is None


def test_a_piper_voice_is_found_by_name_and_by_path(files: PiperFiles) -> None:
    by_name = open_voice("piper:en_XX-nobody-low?speed=1.5", resolve=lambda _: files)
    by_path = open_voice(f"piper:{files.model}", resolve=nowhere)
    assert isinstance(by_name, PiperVoice)
    assert isinstance(by_path, PiperVoice)
    assert isinstance(by_name, Patient)
    assert by_name.format.sample_rate == by_path.format.sample_rate == 16_000
    assert by_name.id == "piper:en_XX-nobody-low:speed=1.5:speaker=0"
    assert "bytes=13" in by_path.id


def test_the_address_wins_over_the_settings(files: PiperFiles) -> None:
    settings = VoiceSettings(speed=2.0)
    from_settings = open_voice("piper:x", resolve=lambda _: files, settings=settings)
    from_address = open_voice("piper:x?speed=0.5", resolve=lambda _: files, settings=settings)
    assert from_settings is not None
    assert from_address is not None
    assert "speed=2:" in from_settings.id
    assert "speed=0.5:" in from_address.id


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("pipre:joe", "did you mean piper:"),
        ("tone", "tone:"),
        ("", "tone:, piper:, none:"),
        ("piper:", "piper:en_GB"),
        ("tone:?rate=fast", "8000 to 96000"),
        ("tone:?rate=nan", "8000 to 96000"),
        ("tone:?rate=1", "8000 to 96000"),
        ("tone:?rate=8000.5", "whole"),
        ("tone:?pace=3", "known: rate, ms_per_word"),
        ("none:?rate=8000", "none here"),
        ("piper:/nowhere/at/all.onnx", "two files"),
    ],
)
def test_a_wrong_address_says_what_would_be_right(url: str, hint: str) -> None:
    with pytest.raises(SetupError) as caught:
        open_voice(url, resolve=nowhere)
    assert hint in (caught.value.hint or "")


def test_a_config_that_is_none_is_refused(files: PiperFiles) -> None:
    Path(f"{files.model}.json").write_text('{"audio": 3}')
    with pytest.raises(SetupError, match="does not describe"):
        PiperVoice(files.model)


def test_every_name_of_the_room_is_found() -> None:
    assert all(getattr(voices, name) is not None for name in voices.__all__)
    with pytest.raises(AttributeError, match="Voicebox"):
        voices.Voicebox  # noqa: B018
