"""The one call for a sentence's sound: from memory, else from disk, else from the voice."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fnlloyd.voices.clips import ClipStore, clip_key
from fnlloyd.voices.pcm import pieces
from fnlloyd.voices.voice import Voice


async def sound_of(voice: Voice, clips: ClipStore, text: str, *, keep: bool) -> AsyncGenerator[bytes]:
    """Yield the text's sound in chunks of at most a second, as `voice.format`; consume it inside `aclosing`.

    What is in memory comes without giving up control once. With `keep`, what had to be made is put into the
    store, and all who ask for the same text meanwhile hear the same making. Raises VoiceFailed; nothing else.
    """
    if not text.strip():
        return
    key = clip_key(voice.id, text)
    clip = clips.peek(key) or await clips.load(key)
    if clip is not None and clip.format == voice.format:
        for piece in pieces(clip.pcm, clip.format):
            yield piece
        return

    async def put(pcm: bytes) -> None:
        await clips.put(key, pcm, voice.format)

    making = clips.takes.join(key, lambda: voice.speak(text), put).listen() if keep else voice.speak(text)
    async with aclosing(making) as chunks:
        async for chunk in chunks:
            for piece in pieces(chunk, voice.format):
                yield piece
