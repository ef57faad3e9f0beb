"""Another sample rate, as the sound comes. A file of its own because its libraries take long to import."""

from __future__ import annotations

import numpy as np
import soxr

from fnlloyd.events import SoundFormat

_SAMPLE = np.dtype("<i2")


class Resampler:
    """Turns PCM of `format` into PCM of `sample_rate` Hz: `feed` it, cut anywhere, then `flush` once.

    A second of sound takes well under a millisecond, so it may run on the event loop. Where the rate is right
    already it gives back what it gets. It holds back a few milliseconds until `flush`.
    """

    def __init__(self, format: SoundFormat, sample_rate: int) -> None:
        self._from = format
        self.format = SoundFormat(sample_rate, format.channels)
        self._rest = b""
        same = sample_rate == format.sample_rate
        self._stream = (
            None if same else soxr.ResampleStream(format.sample_rate, sample_rate, format.channels, dtype="int16")
        )

    def feed(self, pcm: bytes) -> bytes:
        pcm = self._rest + pcm
        whole = self._from.samples(len(pcm)) * self._from.frame_bytes
        self._rest = pcm[whole:]
        return self._resample(pcm[:whole], last=False)

    def flush(self) -> bytes:
        return self._resample(b"", last=True)

    def _resample(self, pcm: bytes, *, last: bool) -> bytes:
        if self._stream is None:
            return pcm
        samples = np.frombuffer(pcm, _SAMPLE).astype(np.int16).reshape(-1, self._from.channels)
        return bytes(self._stream.resample_chunk(samples, last=last).astype(_SAMPLE).tobytes())
