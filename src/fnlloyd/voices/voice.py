"""The Voice protocol: where sound comes from. Synthesis never runs on the event loop."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol, runtime_checkable

from fnlloyd.events import SoundFormat, VoiceFacts


class Voice(Protocol):
    @property
    def format(self) -> SoundFormat:
        """The one format of every chunk this voice gives."""
        ...

    @property
    def id(self) -> str:
        """Names this voice and all that changes its sound; part of every clip's address."""
        ...

    def speak(self, sentence: str) -> AsyncGenerator[bytes]:
        """Yield the sentence as PCM chunks (see `events.sounds`), as soon as they are made.

        Consume it inside `contextlib.aclosing`. Raises VoiceFailed; nothing else.
        """
        ...

    async def probe(self) -> VoiceFacts:
        """Say what the voice is and whether it can speak. Never raises for a dead voice: `ready` is False."""
        ...

    async def aclose(self) -> None:
        """Stop what the voice runs. It is not used afterwards."""
        ...


@runtime_checkable
class Patient(Protocol):
    """What a voice may also be: one that tells work nobody waits for from a sentence somebody is to hear now."""

    def render(self, sentence: str) -> AsyncGenerator[bytes]:
        """Like `speak`, but gives way to every `speak` that is waiting."""
        ...
