import contextlib
import io
import math
import struct
import wave
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.events import SoundFormat
from fnlloyd.voices.pcm import (
    SILENCE_DBFS,
    WAV_HEADER_BYTES,
    fade_out,
    parse_wav,
    peak_dbfs,
    pieces,
    rms_dbfs,
    wav,
    wav_header,
)

MONO = SoundFormat(16_000)
STEREO = SoundFormat(44_100, 2)
formats = st.builds(SoundFormat, st.integers(8_000, 96_000), st.integers(1, 2))


def samples(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}h", *values)


@pytest.mark.parametrize("format", [MONO, STEREO])
def test_python_s_own_reader_understands_the_header(format: SoundFormat) -> None:
    pcm = samples(*range(100))
    with wave.open(io.BytesIO(wav_header(format, len(pcm)) + pcm)) as file:
        assert file.getframerate() == format.sample_rate
        assert file.getnchannels() == format.channels
        assert file.getsampwidth() == 2
        assert file.readframes(file.getnframes()) == pcm


def test_a_header_of_unknown_length_says_the_most_a_header_can_say() -> None:
    header = wav_header(MONO, None)
    assert len(header) == WAV_HEADER_BYTES
    assert header[4:8] == header[40:44] == b"\xff\xff\xff\xff"
    assert header[8:40] == wav_header(MONO, 1000)[8:40]


def test_sound_beyond_four_gigabytes_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        wav_header(MONO, 2**32)


@given(formats, st.binary(max_size=400), st.none() | st.tuples(st.just(b"note"), st.binary(max_size=9)))
def test_what_is_written_is_read_back(format: SoundFormat, noise: bytes, extra: tuple[bytes, bytes] | None) -> None:
    pcm = noise[: len(noise) // format.frame_bytes * format.frame_bytes]
    file = parse_wav(wav(pcm, format, extra=extra))
    assert (file.format, file.pcm, file.extra) == (format, pcm, dict([extra] if extra else []))


@given(st.integers(0, 500))
def test_a_file_cut_short_anywhere_is_refused(at: int) -> None:
    blob = wav(samples(*range(200)), MONO, extra=(b"note", b"some"))
    with pytest.raises(ValueError):
        parse_wav(blob[: min(at, len(blob) - 1)])


@given(st.binary(max_size=200), st.integers(0, 60), st.binary(min_size=1, max_size=8))
def test_no_bytes_make_the_reader_fail_in_another_way(tail: bytes, at: int, patch: bytes) -> None:
    blob = wav(samples(1, 2, 3), MONO)
    for candidate in (tail, blob[:at] + patch + blob[at + len(patch) :], blob[:at] + tail):
        with contextlib.suppress(ValueError):
            parse_wav(candidate)


def test_loudness_is_in_decibels_of_full_scale() -> None:
    sine = samples(*(round(32767 * math.sin(2 * math.pi * n / 100)) for n in range(10_000)))
    assert rms_dbfs(sine) == pytest.approx(-3.01, abs=0.01)
    assert peak_dbfs(sine) == pytest.approx(0.0, abs=0.01)
    assert peak_dbfs(samples(-32768)) == 0.0
    assert rms_dbfs(samples(0, 0)) == rms_dbfs(b"") == peak_dbfs(b"") == SILENCE_DBFS


@pytest.mark.parametrize("format", [MONO, SoundFormat(16_000, 2)])
def test_a_fade_falls_evenly_to_silence_and_leaves_the_rest_alone(format: SoundFormat) -> None:
    pcm = samples(*[10_000] * (1000 * format.channels))
    faded = array("h", fade_out(pcm, format, 10))
    untouched = (1000 - 160) * format.channels
    assert set(faded[:untouched]) == {10_000}
    assert list(faded[untouched:]) == sorted(faded[untouched:], reverse=True)
    assert faded[-1] == 0
    assert len(faded) == 1000 * format.channels


def test_a_fade_longer_than_the_sound_fades_all_of_it() -> None:
    assert array("h", fade_out(samples(100, 100), MONO, 1000)).tolist() == [50, 0]
    assert fade_out(b"", MONO, 1000) == b""


@given(formats, st.integers(0, 3000), st.integers(1, 50))
def test_pieces_are_the_sound_cut_between_samples(format: SoundFormat, frames: int, piece_ms: int) -> None:
    pcm = bytes(frames * format.frame_bytes)
    cut = list(pieces(pcm, format, piece_ms=piece_ms))
    assert b"".join(cut) == pcm
    assert all(piece and len(piece) % format.frame_bytes == 0 for piece in cut)
    assert all(format.samples(len(piece)) <= max(1, format.sample_rate * piece_ms // 1000) for piece in cut)
