"""Addresses of sound: `/audio/NAME.ENDING`, where the name is a clip's key or a recording's secret."""

from __future__ import annotations

from starlette.websockets import WebSocket

from fnlloyd.wire import AudioFormat, Link

ENDINGS = {AudioFormat.WAV: "wav", AudioFormat.PCM16: "wav", AudioFormat.OPUS: "opus", AudioFormat.MP3: "mp3"}


def link_as(format: AudioFormat | None, base: str = "") -> Link:
    """How to name a sound's address for a client that wants that coding; WAV if it does not say.

    `base` makes it absolute, such as `http://localhost:8000`: a page from another port could not play it otherwise.
    """
    ending = ENDINGS[format or AudioFormat.WAV]

    def link(sound: str) -> str:
        return f"{base}/audio/{sound}.{ending}"

    return link


def base_of(socket: WebSocket) -> str:
    """Where a WebSocket's client reached this server, as the beginning of an HTTP address."""
    scheme = "https" if socket.url.scheme == "wss" else "http"
    return f"{scheme}://{socket.url.netloc}"
