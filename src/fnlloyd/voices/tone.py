"""A voice without a model: a soft tone shaped like speech, the same for the same text, at once.

It ships for games' own tests: its sound has the length, the pauses and the pieces of speech, so everything
after the voice works as with a real one.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from collections.abc import AsyncGenerator, Iterator

from anyio.lowlevel import checkpoint

from fnlloyd.events import SoundFormat, VoiceFacts

LETTER_MS = 62
LETTERS_PER_SYLLABLE = 3
CHUNK_MS = 200

# A pentatonic scale around a man's speaking voice: any order of these sounds agreeable.
_PITCHES_HZ = (98.0, 110.0, 123.5, 146.8, 164.8, 196.0)
# About as loud, on average, as a voice recorded with headroom (-21 dBFS).
_AMPLITUDE = 7_000
_MOST_SYLLABLES = 6
_WORD = re.compile(r"(\w+(?:['’]\w+)*)([^\w]*)")
_PAUSE_MS = 40
_COMMA_MS = 130
_STOP_MS = 220


class ToneVoice:
    """Speaks in tones. `ms_per_word` None lets a word last as long as its letters; else each lasts that long.

    Making one builds its table of syllables (a few milliseconds, more at high rates).
    """

    def __init__(self, *, sample_rate: int = 16_000, ms_per_word: int | None = None) -> None:
        self._format = SoundFormat(sample_rate)
        self._ms_per_word = ms_per_word
        self._syllables = {
            (ms, pitch): _syllable(sample_rate, ms, hz)
            for ms in _syllable_lengths(ms_per_word)
            for pitch, hz in enumerate(_PITCHES_HZ)
        }

    @property
    def format(self) -> SoundFormat:
        return self._format

    @property
    def id(self) -> str:
        return f"tone:1:rate={self._format.sample_rate}:ms_per_word={self._ms_per_word}"

    async def speak(self, sentence: str) -> AsyncGenerator[bytes]:
        """Yield the tones of the sentence, several chunks of about 200 ms; nothing for a text without a word."""
        chunk = bytearray()
        for word in self._words(sentence):
            chunk += word
            if self._format.duration_ms(len(chunk)) >= CHUNK_MS:
                await checkpoint()
                yield bytes(chunk)
                chunk.clear()
        if chunk:
            await checkpoint()
            yield bytes(chunk)

    async def probe(self) -> VoiceFacts:
        return VoiceFacts(name="tone", id=self.id, format=self._format)

    async def aclose(self) -> None:
        """Nothing runs."""

    def _words(self, sentence: str) -> Iterator[bytes]:
        for match in _WORD.finditer(sentence):
            word, between = match.groups()
            lengths = _split(len(word), self._ms_per_word)
            tune = zlib.crc32(word.encode())
            for index, ms in enumerate(lengths):
                yield self._syllables[ms, (tune >> 4 * index) % len(_PITCHES_HZ)]
            yield self._silence(_pause_ms(between))

    def _silence(self, ms: int) -> bytes:
        return bytes(self._format.sample_rate * ms // 1000 * self._format.frame_bytes)


def _split(letters: int, ms_per_word: int | None) -> list[int]:
    """The length of each syllable of a word, in milliseconds."""
    if ms_per_word is not None:
        syllables = min(_MOST_SYLLABLES, math.ceil(letters / LETTERS_PER_SYLLABLE))
        return [max(1, ms_per_word // syllables)] * syllables
    # A number or a run of letters longer than any word keeps its pace: more syllables, each of full length.
    whole, rest = divmod(letters, LETTERS_PER_SYLLABLE)
    return [LETTERS_PER_SYLLABLE * LETTER_MS] * whole + ([rest * LETTER_MS] if rest else [])


def _syllable_lengths(ms_per_word: int | None) -> list[int]:
    if ms_per_word is None:
        return [letters * LETTER_MS for letters in range(1, LETTERS_PER_SYLLABLE + 1)]
    return sorted({max(1, ms_per_word // count) for count in range(1, _MOST_SYLLABLES + 1)})


def _syllable(sample_rate: int, ms: int, hz: float) -> bytes:
    """One vowel-like tone that swells and fades within its length (a squared half sine)."""
    count = sample_rate * ms // 1000
    turn = 2 * math.pi * hz / sample_rate
    bow = math.pi / max(1, count)
    sin = math.sin
    samples = [
        int(_AMPLITUDE * sin(bow * n) ** 2 * (sin(turn * n) + 0.5 * sin(2 * turn * n) + 0.25 * sin(3 * turn * n)))
        for n in range(count)
    ]
    return struct.pack(f"<{count}h", *samples)


def _pause_ms(between: str) -> int:
    if any(mark in between for mark in ".!?…"):
        return _STOP_MS
    if any(mark in between for mark in ",;:—–"):
        return _COMMA_MS
    return _PAUSE_MS
