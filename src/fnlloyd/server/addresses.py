"""Addresses of sound: `/audio/NAME.ENDING`, where the name is a clip's key or a recording's secret."""

from __future__ import annotations

from fnlloyd.wire import AudioFormat, Link

ENDINGS = {AudioFormat.WAV: "wav", AudioFormat.PCM16: "wav", AudioFormat.OPUS: "opus", AudioFormat.MP3: "mp3"}


def link_as(format: AudioFormat | None) -> Link:
    """How to name a sound's address for a client that wants that coding; WAV if it does not say."""
    ending = ENDINGS[format or AudioFormat.WAV]

    def link(sound: str) -> str:
        return f"/audio/{sound}.{ending}"

    return link
