"""Sound as Opus and MP3, whole or as it is made. All of it computes: call it in a worker thread, not on the loop.

Opus has no sample rate of its own choosing: it is always 48 kHz here, whatever the voice gives.
"""

from __future__ import annotations

import io
from typing import Any, Literal

import av
from av.error import FFmpegError

from fnlloyd.errors import VoiceFailed
from fnlloyd.events import SoundFormat

Codec = Literal["opus", "mp3"]

CONTENT_TYPES = {
    "wav": "audio/wav",
    "opus": "audio/ogg; codecs=opus",
    "mp3": "audio/mpeg",
    "pcm": "audio/pcm",
    "pcm16": "audio/pcm",
}
OPUS_RATE = 48_000
OPUS_PACKET_MS = 20
OPUS_BITS_PER_SECOND = 40_000  # a channel; speech is transparent from about 32,000
MP3_BITS_PER_SECOND = 64_000

_MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_CONTAINERS: dict[Codec, tuple[str, str, int]] = {
    "opus": ("ogg", "libopus", OPUS_BITS_PER_SECOND),
    "mp3": ("mp3", "libmp3lame", MP3_BITS_PER_SECOND),
}
# The same sound gives the same bytes (Ogg numbers its streams at random otherwise): addresses and ranges rely on it.
_WHOLE = {"fflags": "+bitexact"}
# The first: no page holds back more than 200 ms. The others: nothing that is written last into the beginning.
_STREAMED: dict[Codec, dict[str, str]] = {
    "opus": {"page_duration": "200000"},
    "mp3": {"write_xing": "0", "id3v2_version": "0"},
}


class Encoder:
    """Codes one sound as it is made: `feed` its PCM, cut anywhere, then `flush` once. For one thread at a time."""

    def __init__(self, format: SoundFormat, codec: Codec) -> None:
        self._sink = _Sink()
        self._container, self._stream = _open(self._sink, format, codec, _STREAMED[codec])
        self._frames = _Frames(format)

    def feed(self, pcm: bytes) -> bytes:
        """What can be sent now; often nothing, since coders look ahead. Raises VoiceFailed."""
        try:
            for frame in self._frames.feed(pcm):
                self._container.mux(self._stream.encode(frame))
        except FFmpegError as trouble:
            raise VoiceFailed(f"the sound cannot be coded: {trouble}") from trouble
        return self._sink.take()

    def flush(self) -> bytes:
        """The rest. Raises VoiceFailed."""
        _finish(self._container, self._stream)
        return self._sink.take()


def encode(pcm: bytes, format: SoundFormat, codec: Codec) -> bytes:
    """Code a whole sound, with its length written where players look for it. Raises VoiceFailed."""
    file = io.BytesIO()
    container, stream = _open(file, format, codec, _WHOLE)
    try:
        for frame in _Frames(format).feed(pcm):
            container.mux(stream.encode(frame))
    except FFmpegError as trouble:
        raise VoiceFailed(f"the sound cannot be coded: {trouble}") from trouble
    _finish(container, stream)
    return file.getvalue()


class OpusPackets:
    """Bare Opus packets of 20 ms, 48 kHz, for transports with frames of their own. For one thread at a time.

    A decoder gives `PRE_SKIP` samples of silence before the sound; a player may drop them.
    """

    PRE_SKIP = 312
    SAMPLES = OPUS_RATE * OPUS_PACKET_MS // 1000  # of each channel, in one packet

    def __init__(self, format: SoundFormat) -> None:
        coder: Any = av.CodecContext.create("libopus", "w")
        coder.sample_rate = OPUS_RATE
        coder.layout = _layout(format)
        coder.format = "s16"
        coder.bit_rate = OPUS_BITS_PER_SECOND * format.channels
        coder.options = {"frame_duration": str(OPUS_PACKET_MS)}
        self._coder = coder
        self._frames = _Frames(format)

    def feed(self, pcm: bytes) -> list[bytes]:
        """The packets that are full. Raises VoiceFailed."""
        try:
            return [bytes(packet) for frame in self._frames.feed(pcm) for packet in self._coder.encode(frame)]
        except FFmpegError as trouble:
            raise VoiceFailed(f"the sound cannot be coded: {trouble}") from trouble

    def flush(self) -> list[bytes]:
        """The last packets; the very last is filled up with silence. Nothing can be fed afterwards."""
        try:
            return [bytes(packet) for packet in self._coder.encode(None)]
        except FFmpegError as trouble:
            raise VoiceFailed(f"the sound cannot be coded: {trouble}") from trouble


class _Sink:
    """What FFmpeg writes into: it cannot be rewound, like a connection."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, part: bytes) -> int:
        self._written += part
        return len(part)

    def take(self) -> bytes:
        written = bytes(self._written)
        self._written.clear()
        return written


class _Frames:
    """PCM, cut anywhere, as FFmpeg's frames; half a sample waits for its other half."""

    def __init__(self, format: SoundFormat) -> None:
        self._format = format
        self._rest = b""

    def feed(self, pcm: bytes) -> list[Any]:
        pcm = self._rest + pcm
        samples = self._format.samples(len(pcm))
        whole = samples * self._format.frame_bytes
        self._rest = pcm[whole:]
        if samples == 0:
            return []
        frame: Any = av.AudioFrame(format="s16", layout=_layout(self._format), samples=samples)
        frame.sample_rate = self._format.sample_rate
        # A plane may be longer than its samples: FFmpeg rounds it up.
        frame.planes[0].update(pcm[:whole].ljust(frame.planes[0].buffer_size, b"\0"))
        return [frame]


def _open(file: Any, format: SoundFormat, codec: Codec, options: dict[str, str]) -> tuple[Any, Any]:
    kind, coder, bits_per_second = _CONTAINERS[codec]
    rate = OPUS_RATE if codec == "opus" else next((r for r in _MP3_RATES if r >= format.sample_rate), _MP3_RATES[-1])
    container: Any = av.open(file, "w", format=kind, container_options=options)
    stream: Any = container.add_stream(coder, rate=rate)
    stream.layout = _layout(format)
    stream.bit_rate = bits_per_second * format.channels
    return container, stream


def _finish(container: Any, stream: Any) -> None:
    try:
        container.mux(stream.encode(None))
        container.close()
    except FFmpegError as trouble:
        raise VoiceFailed(f"the sound cannot be coded: {trouble}") from trouble


def _layout(format: SoundFormat) -> str:
    return "mono" if format.channels == 1 else "stereo"
