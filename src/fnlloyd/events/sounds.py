"""Sound as it travels inside: 16-bit signed little-endian PCM, interleaved if there is more than one channel."""

from __future__ import annotations

from dataclasses import dataclass

BYTES_PER_SAMPLE = 2


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """`sample_rate` in Hz; `channels` 1 or 2."""

    sample_rate: int
    channels: int = 1

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of every channel."""
        return BYTES_PER_SAMPLE * self.channels

    def samples(self, pcm_bytes: int) -> int:
        """Samples per channel in that many bytes."""
        return pcm_bytes // self.frame_bytes

    def duration_ms(self, pcm_bytes: int) -> int:
        """Milliseconds of sound in that many bytes, rounded to the nearest."""
        return round(1000 * self.samples(pcm_bytes) / self.sample_rate)


@dataclass(frozen=True, slots=True)
class VoiceFacts:
    """What a voice says of itself; `id` goes into the address of every clip made with it."""

    name: str
    id: str
    format: SoundFormat
    ready: bool = True
    detail: str | None = None
