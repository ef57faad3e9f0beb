"""Raw sound: WAV around it, how loud it is, cutting it in pieces and fading it. Pure: no clock, no I/O.

PCM here is always what `events.sounds` says: 16-bit signed little-endian, channels interleaved.
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import mul

from fnlloyd.events import BYTES_PER_SAMPLE, SoundFormat

WAV_HEADER_BYTES = 44
SILENCE_DBFS = -120.0

_UNKNOWN = 0xFFFFFFFF
_PCM_TAG = 1
_FULL_SCALE = 32768
_RIFF = struct.Struct("<4sI4s")
_CHUNK = struct.Struct("<4sI")
_FMT = struct.Struct("<HHIIHH")


def wav_header(format: SoundFormat, pcm_bytes: int | None, *, trailing_bytes: int = 0) -> bytes:
    """The 44 bytes before the PCM. `pcm_bytes` None means not known yet: players then read until the end.

    `trailing_bytes` are those of the RIFF chunks that will follow the PCM. Raises ValueError beyond 4 GiB.
    """
    if pcm_bytes is None:
        riff, body = _UNKNOWN, _UNKNOWN
    else:
        # A chunk of odd length is followed by one byte of padding that its own size does not count.
        body = pcm_bytes
        riff = WAV_HEADER_BYTES - 8 + pcm_bytes + pcm_bytes % 2 + trailing_bytes
        if riff >= _UNKNOWN:
            raise ValueError(f"{pcm_bytes} bytes of sound do not fit into a WAV file")
    fmt = _FMT.pack(
        _PCM_TAG,
        format.channels,
        format.sample_rate,
        format.sample_rate * format.frame_bytes,
        format.frame_bytes,
        8 * BYTES_PER_SAMPLE,
    )
    return _RIFF.pack(b"RIFF", riff, b"WAVE") + _CHUNK.pack(b"fmt ", len(fmt)) + fmt + _CHUNK.pack(b"data", body)


def wav(pcm: bytes, format: SoundFormat, *, extra: tuple[bytes, bytes] | None = None) -> bytes:
    """A whole WAV file; `extra` is one more RIFF chunk (its four-byte name, its content) after the sound."""
    tail = b"" if extra is None else _CHUNK.pack(extra[0], len(extra[1])) + extra[1] + b"\0" * (len(extra[1]) % 2)
    padding = b"\0" * (len(pcm) % 2)
    return wav_header(format, len(pcm), trailing_bytes=len(tail)) + pcm + padding + tail


@dataclass(frozen=True, slots=True)
class Wav:
    """What a WAV file held; `extra` are the chunks that are neither format nor sound, by name."""

    format: SoundFormat
    pcm: bytes
    extra: Mapping[bytes, bytes] = field(default_factory=dict)


def parse_wav(blob: bytes) -> Wav:
    """Read a whole WAV file of 16-bit PCM. Raises ValueError on any other, and on one cut short."""
    if len(blob) < _RIFF.size:
        raise ValueError("too short for a WAV file")
    riff, size, kind = _RIFF.unpack_from(blob)
    if riff != b"RIFF" or kind != b"WAVE":
        raise ValueError("not a WAV file")
    if size + 8 > len(blob):
        raise ValueError(f"cut short: {len(blob)} bytes of {size + 8}")
    chunks = dict(_chunks(blob, size + 8))
    if b"fmt " not in chunks or b"data" not in chunks:
        raise ValueError("a WAV file without format or sound")
    format = _format_of(chunks.pop(b"fmt "))
    pcm = chunks.pop(b"data")
    if len(pcm) % format.frame_bytes:
        raise ValueError("the sound ends in the middle of a sample")
    return Wav(format, pcm, chunks)


def _chunks(blob: bytes, end: int) -> Iterator[tuple[bytes, bytes]]:
    at = _RIFF.size
    while at + _CHUNK.size <= end:
        name, size = _CHUNK.unpack_from(blob, at)
        at += _CHUNK.size
        if at + size > end:
            raise ValueError(f"the chunk {name!r} is longer than the file")
        yield name, blob[at : at + size]
        at += size + size % 2


def _format_of(fmt: bytes) -> SoundFormat:
    if len(fmt) < _FMT.size:
        raise ValueError("the WAV format is cut short")
    tag, channels, rate, _, frame_bytes, bits = _FMT.unpack_from(fmt)
    if tag != _PCM_TAG or bits != 8 * BYTES_PER_SAMPLE or channels not in (1, 2) or rate == 0:
        raise ValueError(f"only 16-bit PCM, mono or stereo, not tag {tag}, {bits} bits, {channels} channels, {rate} Hz")
    format = SoundFormat(rate, channels)
    if frame_bytes != format.frame_bytes:
        raise ValueError("the WAV format contradicts itself")
    return format


def rms_dbfs(pcm: bytes) -> float:
    """Loudness in decibels of full scale: 0 is a square wave at the limit, speech is about -30 to -14."""
    samples = _samples(pcm)
    if not samples:
        return SILENCE_DBFS
    return _dbfs(math.sqrt(sum(map(mul, samples, samples)) / len(samples)))


def peak_dbfs(pcm: bytes) -> float:
    """The loudest sample in decibels of full scale, 0 at most."""
    samples = _samples(pcm)
    return _dbfs(max(max(samples), -min(samples))) if samples else SILENCE_DBFS


def _dbfs(amplitude: float) -> float:
    return 20 * math.log10(amplitude / _FULL_SCALE) if amplitude > 0 else SILENCE_DBFS


def fade_out(pcm: bytes, format: SoundFormat, fade_ms: int) -> bytes:
    """The same sound, its last `fade_ms` (or all of it, if shorter) falling to silence in a straight line."""
    frames = min(format.sample_rate * fade_ms // 1000, format.samples(len(pcm)))
    samples = _samples(pcm)
    first = len(samples) - frames * format.channels
    for at in range(first, len(samples)):
        left = frames - 1 - (at - first) // format.channels
        samples[at] = samples[at] * left // frames
    return _bytes(samples)


def pieces(pcm: bytes, format: SoundFormat, *, piece_ms: int = 1000) -> Iterator[bytes]:
    """Cut sound into pieces of at most `piece_ms`, so that no message is huge; one piece is not copied."""
    step = max(1, format.sample_rate * piece_ms // 1000) * format.frame_bytes
    if 0 < len(pcm) <= step:
        yield pcm
        return
    for at in range(0, len(pcm), step):
        yield pcm[at : at + step]


def _samples(pcm: bytes) -> array[int]:
    samples = array("h")
    samples.frombytes(pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _bytes(samples: array[int]) -> bytes:
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
