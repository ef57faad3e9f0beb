"""How one connection sees a session: in full, message by message, or in simple mode, as whole lines."""

from __future__ import annotations

from typing import Protocol

from fnlloyd.errors import FnlloydError
from fnlloyd.events import LineEnd, LineSent, LineSound, LineStart, Outcome, Trouble
from fnlloyd.server.addresses import link_as
from fnlloyd.server.doors import Doors
from fnlloyd.server.frames_out import FramesOut
from fnlloyd.session import Ears, Session, Stamped
from fnlloyd.wire import (
    AudioFormat,
    AudioWay,
    CharacterView,
    Codec,
    EngineView,
    Hello,
    VoiceView,
    Welcome,
    encode,
    error_message,
    simple_line,
    to_message,
)

Out = list[str | bytes]


class View(Protocol):
    """What a connection is sent: text frames as str, binary frames as bytes."""

    ears: Ears
    codes_sound: bool
    """Showing sound takes a coder's time."""

    def greeting(self) -> Out:
        """What to send first."""
        ...

    def show(self, stamped: Stamped) -> Out:
        """What a noun becomes; nothing, often."""
        ...

    def complain(self, error: FnlloydError, id: str | None = None) -> Stamped:
        """What an error of this connection's own becomes, to be shown like all the rest."""
        ...


class FullView:
    def __init__(self, session: Session, hello: Hello, doors: Doors, base: str) -> None:
        way = hello.audio
        self.ears = Ears(plays=way is not AudioWay.NONE, frames=way is AudioWay.BINARY, urls=way is AudioWay.URL)
        self._session = session
        self._doors = doors
        self._link = link_as(hello.format, base) if way is AudioWay.URL else None
        codec = Codec.OPUS if way is AudioWay.BINARY and hello.format is AudioFormat.OPUS else Codec.PCM16
        self._frames = FramesOut(codec, hello.sample_rate)
        self.codes_sound = codec is Codec.OPUS
        self._coding = _coding(hello)

    def greeting(self) -> Out:
        seq, t_ms = self._session.audience.stamp()
        card, engine = self._session.cast.card, self._doors.engine()
        return [
            encode(
                Welcome(
                    seq=seq,
                    t_ms=t_ms,
                    session=self._session.id,
                    character=CharacterView(name=card.name, greeting=card.greeting),
                    engine=EngineView(name=engine.name, model=engine.model, rung=engine.rung),
                    voice=self._voice(),
                    resumed=False,
                )
            )
        ]

    def show(self, stamped: Stamped) -> Out:
        noun = stamped.noun
        if isinstance(noun, LineSound):
            return list(self._frames.feed(noun))
        if isinstance(noun, Outcome) and noun.id is None:
            return []
        message = to_message(noun, seq=stamped.seq, t_ms=stamped.t_ms, audio_url=self._link)
        if isinstance(noun, LineSent) and self.ears.frames:
            return [*self._frames.finish(noun.line), message]
        return [message]

    def complain(self, error: FnlloydError, id: str | None = None) -> Stamped:
        return Stamped(*self._session.audience.stamp(), trouble_of(error, id))

    def _voice(self) -> VoiceView | None:
        voice = self._session.cast.voice
        if voice is None or not self.ears.wants_sound:
            return None
        rate = self._frames.sample_rate if self.ears.frames else None
        return VoiceView(
            name=self._doors.voice_name or "voice",
            sample_rate=rate or voice.format.sample_rate,
            channels=voice.format.channels,
            format=self._coding,
        )


class SimpleView:
    """The four-line client: one message a line, with an address that can be played at once."""

    ears = Ears(urls=True)
    codes_sound = False

    def __init__(self, base: str) -> None:
        self._start: LineStart | None = None
        self._link = link_as(None, base)

    def greeting(self) -> Out:
        return []

    def show(self, stamped: Stamped) -> Out:
        noun = stamped.noun
        if isinstance(noun, LineStart):
            self._start = noun
        elif isinstance(noun, LineSent | LineEnd) and self._start and self._start.line == noun.line:
            start, self._start = self._start, None
            if noun.text:
                return [encode(simple_line(start, noun.text, self._link(start.sound) if start.sound else None))]
        elif isinstance(noun, Trouble):
            return [encode(error_message(noun))]
        return []

    def complain(self, error: FnlloydError, id: str | None = None) -> Stamped:
        return Stamped(0, 0, trouble_of(error, id))


def trouble_of(error: FnlloydError, id: str | None = None) -> Trouble:
    """An error as the noun that travels."""
    return Trouble(error.code, error.message, error.retryable, error.hint, id=id)


def _coding(hello: Hello) -> str:
    """The coding a client really gets: frames are PCM or Opus, addresses WAV, Opus or MP3."""
    if hello.audio is AudioWay.BINARY:
        return "opus" if hello.format is AudioFormat.OPUS else "pcm16"
    return (hello.format if hello.format not in (None, AudioFormat.PCM16) else AudioFormat.WAV) or "wav"
