"""The chat's ear: plays the frames of a line, keeps them in a WAV file, and says what was heard."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fnlloyd.cli.player import Player
from fnlloyd.errors import SetupError
from fnlloyd.wire import unpack

Message = dict[str, Any]


class Ear:
    """Hears one conversation. `tape` is the file all sound goes into, closed by `close`."""

    def __init__(self, player: Player | None, tape: Path | None, note: Callable[[str], None]) -> None:
        self._player = player
        self._path = tape
        self._tape: wave.Wave_write | None = None
        self._note = note
        self._voice: Message | None = None
        self._line: int | None = None
        self._gave_up = False

    @property
    def wants_sound(self) -> bool:
        return self._path is not None or (self._player is not None and self._player.can_play)

    def welcome(self, voice: Message | None) -> None:
        """Learn the shape of the sound that will come. Raises SetupError if the file cannot be written."""
        if self._tape is None and self._path is not None and voice is not None:
            try:
                self._tape = wave.open(str(self._path), "wb")  # noqa: SIM115  closed by close()
            except OSError as error:
                raise SetupError(f"{self._path} cannot be written: {error.strerror}") from None
            self._tape.setnchannels(voice["channels"])
            self._tape.setsampwidth(2)
            self._tape.setframerate(voice["sample_rate"])
        self._voice = voice

    async def hear(self, frame: bytes) -> int | None:
        """Take a binary frame. Returns the line's number if this is its first sound."""
        sound = unpack(frame)
        if not sound.payload or self._voice is None:
            return None
        first = sound.line != self._line
        if first:
            self._line = sound.line
            if self._player:
                await self._player.begin(self._voice["sample_rate"], self._voice["channels"])
        if self._player:
            self._player.feed(sound.payload)
        if self._tape:
            self._tape.writeframes(sound.payload)
        return sound.line if first else None

    async def finish(self, line: int) -> bool:
        """Wait until that line has been heard to its end. False if it was cut short, or never had sound."""
        if line != self._line:
            return False
        if self._player is None or not self._player.can_play:
            return True
        if await self._player.finish():
            return True
        if not self._player.can_play and not self._gave_up:
            self._gave_up = True
            self._note("  no program here can play sound, so there are only words (--save FILE.wav keeps the sound)")
        return False

    def stop(self) -> None:
        """Be silent at once."""
        if self._player:
            self._player.stop()

    def close(self) -> None:
        self.stop()
        if self._tape:
            self._tape.close()
