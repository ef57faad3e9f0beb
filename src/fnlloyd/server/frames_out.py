"""A line's sound as binary frames for one connection: in its coding, at its sample rate, in order."""

from __future__ import annotations

from fnlloyd.events import LineSound, SoundFormat
from fnlloyd.voices import OpusPackets, Resampler
from fnlloyd.wire import Codec, pack

OPUS_RATE = 48_000


class FramesOut:
    """`sample_rate` in Hz, None for the voice's own; Opus is always 48,000 Hz."""

    def __init__(self, codec: Codec, sample_rate: int | None) -> None:
        self.codec = codec
        self.sample_rate = OPUS_RATE if codec is Codec.OPUS else sample_rate
        self._line = 0
        self._sentence = 0
        self._samples = 0
        self._resampler: Resampler | None = None
        self._opus: OpusPackets | None = None
        self._format: SoundFormat | None = None

    def feed(self, sound: LineSound) -> list[bytes]:
        """Frames for one chunk; none when a coder still waits for more."""
        if sound.line != self._line:
            self._begin(sound)
        self._sentence = sound.sentence
        pcm = self._resampler.feed(sound.pcm) if self._resampler else sound.pcm
        return self._frames(pcm)

    def finish(self, line: int) -> list[bytes]:
        """What is still in the coders, then the frame that says the line is over. None for a line without sound."""
        if line != self._line:
            return []
        frames = self._frames(self._resampler.flush()) if self._resampler else []
        if self._opus:
            frames += [self._pack(packet, self._count_opus()) for packet in self._opus.flush()]
        frames.append(
            pack(b"", line=line, sentence=self._sentence, first_sample=self._samples, codec=self.codec, last=True)
        )
        self._line = 0
        return frames

    def _begin(self, sound: LineSound) -> None:
        self._line, self._samples, self._format = sound.line, 0, sound.format
        rate = self.sample_rate
        if self.codec is Codec.OPUS:
            self._opus, self._resampler = OpusPackets(sound.format), None
        elif rate is not None and rate != sound.format.sample_rate:
            self._format = SoundFormat(rate, sound.format.channels)
            self._resampler = Resampler(sound.format, rate)
        else:
            self._resampler = None

    def _frames(self, pcm: bytes) -> list[bytes]:
        if self._opus:
            return [self._pack(packet, self._count_opus()) for packet in self._opus.feed(pcm)]
        if not pcm or self._format is None:
            return []
        first, self._samples = self._samples, self._samples + self._format.samples(len(pcm))
        return [self._pack(pcm, first)]

    def _count_opus(self) -> int:
        first, self._samples = self._samples, self._samples + OpusPackets.SAMPLES
        return first

    def _pack(self, payload: bytes, first: int) -> bytes:
        return pack(payload, line=self._line, sentence=self._sentence, first_sample=first, codec=self.codec)
