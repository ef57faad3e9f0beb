import io
import math
import struct
from array import array
from itertools import pairwise

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fnlloyd.events import SoundFormat
from fnlloyd.voices.coding import CONTENT_TYPES, Codec, Encoder, OpusPackets, encode
from fnlloyd.voices.pcm import rms_dbfs
from fnlloyd.voices.resampling import Resampler

PIPER = SoundFormat(22_050)


def sine(format: SoundFormat, ms: int) -> bytes:
    samples = [
        round(8000 * math.sin(2 * math.pi * 220 * n / format.sample_rate))
        for n in range(format.sample_rate * ms // 1000)
        for _ in range(format.channels)
    ]
    return struct.pack(f"<{len(samples)}h", *samples)


def decoded_ms(blob: bytes) -> float:
    with av.open(io.BytesIO(blob)) as file:
        samples = sum(frame.samples for frame in file.decode(audio=0))
        return 1000 * samples / file.streams.audio[0].rate


@pytest.mark.parametrize("codec", ["opus", "mp3"])
@pytest.mark.parametrize("format", [SoundFormat(16_000), PIPER, SoundFormat(24_000), SoundFormat(44_100, 2)])
def test_a_whole_sound_is_coded_with_its_length(codec: Codec, format: SoundFormat) -> None:
    blob = encode(sine(format, 700), format, codec)
    assert decoded_ms(blob) == pytest.approx(700, abs=110)
    with av.open(io.BytesIO(blob)) as file:
        assert file.duration is not None
        assert file.duration / 1000 == pytest.approx(700, abs=110)


@pytest.mark.parametrize("codec", ["opus", "mp3"])
def test_the_same_sound_gives_the_same_bytes(codec: Codec) -> None:
    assert encode(sine(PIPER, 300), PIPER, codec) == encode(sine(PIPER, 300), PIPER, codec)


@pytest.mark.parametrize("codec", ["opus", "mp3"])
def test_sound_is_coded_while_it_is_made_however_it_is_cut(codec: Codec) -> None:
    encoder = Encoder(PIPER, codec)
    pcm = sine(PIPER, 2000)
    parts = [encoder.feed(pcm[at : at + 4001]) for at in range(0, len(pcm), 4001)]
    blob = b"".join(parts) + encoder.flush()
    assert decoded_ms(blob) == pytest.approx(2000, abs=110)
    # Half the sound in, at least a quarter of the bytes out: it is not held back to the end.
    assert len(b"".join(parts[: len(parts) // 2])) > len(blob) / 4


@pytest.mark.parametrize("codec", ["opus", "mp3"])
def test_no_sound_at_all_is_still_a_file(codec: Codec) -> None:
    assert Encoder(PIPER, codec).flush() is not None
    assert isinstance(encode(b"", PIPER, codec), bytes)


@given(st.lists(st.integers(0, 3000), max_size=12))
@settings(max_examples=25, deadline=None)
def test_opus_packets_are_twenty_milliseconds_each_however_the_sound_is_cut(sizes: list[int]) -> None:
    pcm = sine(PIPER, 200)
    packets = OpusPackets(PIPER)
    cuts = [0, *sorted(min(size, len(pcm)) for size in sizes), len(pcm)]
    made = [packet for start, end in pairwise(cuts) for packet in packets.feed(pcm[start:end])]
    made += packets.flush()
    assert len(made) == 11  # 200 ms and the coder's 6.5 ms of look-ahead
    decoder = av.CodecContext.create("opus", "r")
    decoder.sample_rate, decoder.layout = 48_000, "mono"  # type: ignore[attr-defined]
    frames = [frame for packet in made for frame in decoder.decode(av.Packet(packet))]  # type: ignore[attr-defined]
    assert {frame.samples for frame in frames} <= {OpusPackets.SAMPLES, OpusPackets.SAMPLES - OpusPackets.PRE_SKIP}


def test_every_ending_has_its_content_type() -> None:
    assert set(CONTENT_TYPES) == {"wav", "opus", "mp3", "pcm", "pcm16"}


@given(
    st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000]),
    st.integers(1, 2),
    st.lists(st.integers(0, 5000), max_size=8),
)
@settings(max_examples=40, deadline=None)
def test_resampling_gives_the_same_however_the_sound_is_cut(rate: int, channels: int, sizes: list[int]) -> None:
    format = SoundFormat(22_050, channels)
    pcm = sine(format, 150)
    whole = Resampler(format, rate)
    expected = whole.feed(pcm) + whole.flush()
    cut = Resampler(format, rate)
    cuts = [0, *sorted(min(size, len(pcm)) for size in sizes), len(pcm)]
    made = b"".join(cut.feed(pcm[a:b]) for a, b in pairwise(cuts)) + cut.flush()
    assert len(made) == len(expected)
    # The last bit is dithered.
    assert max(abs(a - b) for a, b in zip(array("h", made), array("h", expected), strict=True)) <= 2
    assert cut.format == SoundFormat(rate, channels)
    assert cut.format.duration_ms(len(expected)) == pytest.approx(150, abs=1)
    assert rms_dbfs(expected) == pytest.approx(rms_dbfs(pcm), abs=0.5)
