"""The journey of one turn, from a cue to the last sound of its line.

    prompt -> engine -> text -> guard -> voice -> out

`improvise` makes a line while it is being spoken: writing and speaking run side by side, with at most two
sentences between them. `recite` speaks a line whose words are known. Both only ever add to a `Line`; what goes
wrong with the engine comes back as a value, because by then half a line may have been heard.
Cancelling the task stops the engine and the voice.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from fnlloyd.character import Budget, Card, Guard, LineBook, TokenCounts, Watch
from fnlloyd.engines import Engine
from fnlloyd.errors import EngineError, VoiceFailed
from fnlloyd.events import Piece, Source, Usage
from fnlloyd.line import Line, Stand
from fnlloyd.text import Reading, Sentence, Step, speakable
from fnlloyd.voices import Clip, ClipStore, Recording, Recordings, Voice, clip_key, pieces, sound_of

SENTENCES_AHEAD = 2
"""How far writing may be ahead of speaking."""

SENTENCE_ENDS = frozenset(".!?…。！？\"'”’)")

Words = AsyncGenerator[Piece | Usage]
ToSpeak = MemoryObjectSendStream[Sentence]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone who takes part in a turn. `voice` is None where a character is only read."""

    card: Card
    book: LineBook
    guard: Guard
    engine: Engine
    voice: Voice | None
    clips: ClipStore
    recordings: Recordings
    budget: Budget
    counts: TokenCounts
    small_model: bool = False
    """The engine's model is too small for the long persona."""


@dataclass(slots=True)
class Turn:
    """One turn at work. `record_sound` keeps live sound for clients that fetch it by URL."""

    cast: Cast
    line: Line
    source: Source
    voice: Voice | None
    """None where nobody listens, or after the voice failed: the text goes on without it."""
    deflection: str
    """What he says instead when the guard stops a sentence."""
    watch: Watch
    """The guard, looking at this line."""
    record_sound: bool = False
    trouble: EngineError | None = None
    voice_failure: VoiceFailed | None = None
    recording: Recording | None = None

    @property
    def recording_name(self) -> str | None:
        return self.recording.name if self.recording is not None else None

    def voice_trouble(self, failure: VoiceFailed) -> None:
        self.voice_failure = failure
        self.voice = None


async def improvise(turn: Turn, words: Words) -> None:
    """Make a line from words as they come. Leaves `turn.trouble` set when they broke off."""
    to_speak, to_hear = anyio.create_memory_object_stream[Sentence](SENTENCES_AHEAD)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_speak, turn, to_hear)
        async with to_speak:
            await _write(turn, words, to_speak)
    _close_recording(turn)
    if turn.trouble is None and turn.line.stand is Stand.STARTED:
        turn.line.finish()


async def recite(turn: Turn, text: str) -> None:
    """Speak a canned line; its sound comes from the clips, or is made now and kept there."""
    spoken = spoken_form(turn.cast.card, text)
    clip = await _kept_clip(turn, spoken)
    if clip is not None:
        turn.line.start(turn.source, text=text, sound=clip.key, expected_ms=clip.duration_ms)
        for pcm in pieces(clip.pcm, clip.format):
            turn.line.sound(pcm, clip.format)
        turn.line.close_sentence(text, clip.key)
    else:
        _open_recording(turn)
        turn.line.start(turn.source, text=text, sound=turn.recording_name)
        await _say_sentence(turn, Sentence(text, spoken), keep=True)
        _close_recording(turn)
    turn.line.finish()


async def _kept_clip(turn: Turn, spoken: str) -> Clip | None:
    if turn.voice is None or not spoken:
        return None
    key = clip_key(turn.voice.id, spoken)
    return turn.cast.clips.peek(key) or await turn.cast.clips.load(key)


async def given(text: str) -> Words:
    """Words that need no engine: a text the game wrote itself."""
    yield Piece(text)


async def _write(turn: Turn, words: Words, to_speak: ToSpeak) -> None:
    reading = Reading(names=(turn.cast.card.name,))
    length = Length(turn.cast.card.sentences(small_model=turn.cast.small_model))
    try:
        async with aclosing(words) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    turn.line.usage = piece
                    continue
                turn.line.first_token()
                step = length.measure(reading.feed(piece.text))
                if not await _pass_on(turn, step, to_speak) or reading.ended or length.reached:
                    return
        await _pass_on(turn, reading.flush(), to_speak)
    except EngineError as error:
        turn.trouble = error


@dataclass(slots=True)
class Length:
    """Ends a line after `most` sentences. A clause spoken early does not count as one."""

    most: int
    reached: bool = False
    _shown: int = 0
    _whole: int = 0

    def measure(self, step: Step) -> Step:
        """The step, without what already belongs to one sentence too many."""
        kept: list[Sentence] = []
        shown = self._shown + len(step.shown)
        for sentence in step.sentences:
            kept.append(sentence)
            self._whole += len(sentence.shown)
            if sentence.shown.rstrip()[-1:] in SENTENCE_ENDS:
                self.most -= 1
            if self.most == 0:
                self.reached = True
                excess = max(0, shown - self._whole)
                return Step(step.shown[: max(0, len(step.shown) - excess)], tuple(kept))
        self._shown = shown
        return step


async def _pass_on(turn: Turn, step: Step, to_speak: ToSpeak) -> bool:
    """Show a step and hand its sentences to the voice. False when the guard ended the line."""
    if step.shown and not turn.watch.feed(step.shown).ok:
        await _deflect(turn, to_speak)
        return False
    _show(turn, step.shown)
    for sentence in step.sentences:
        turn.line.first_sentence()
        await to_speak.send(sentence)
    return True


def _show(turn: Turn, shown: str) -> None:
    """The first visible text starts the line, so a line that never comes was never announced."""
    if turn.line.stand is Stand.ASKED:
        shown = shown.lstrip()
        if not shown:
            return
        _open_recording(turn)
        turn.line.start(turn.source, sound=turn.recording_name)
    if shown:
        turn.line.show(shown)


async def _deflect(turn: Turn, to_speak: ToSpeak) -> None:
    """Leave the subject in character; what was not yet spoken of it never is."""
    _show(turn, f" {turn.deflection}")
    await to_speak.send(Sentence(turn.deflection, turn.deflection))


async def _speak(turn: Turn, sentences: MemoryObjectReceiveStream[Sentence]) -> None:
    async with sentences:
        async for sentence in sentences:
            await _say_sentence(turn, Sentence(sentence.shown, turn.cast.card.pronounce(sentence.spoken)), keep=False)


async def _say_sentence(turn: Turn, sentence: Sentence, *, keep: bool) -> None:
    """Speak one sentence. A voice that fails is told once and the text goes on without it."""
    voice = turn.voice
    recording = turn.cast.recordings.begin(voice.format) if voice and turn.record_sound and sentence.spoken else None
    try:
        if voice and sentence.spoken:
            async with aclosing(sound_of(voice, turn.cast.clips, sentence.spoken, keep=keep)) as chunks:
                async for pcm in chunks:
                    turn.line.sound(pcm, voice.format)
                    for kept in (turn.recording, recording):
                        if kept is not None:
                            kept.append(pcm)
    except VoiceFailed as failure:
        turn.voice_trouble(failure)
    finally:
        if recording is not None:
            recording.finish()
    turn.line.close_sentence(sentence.shown.strip(), recording.name if recording is not None else None)


@lru_cache(maxsize=4096)
def spoken_form(card: Card, text: str) -> str:
    """A canned line as the voice is given it, and as its sound is kept under."""
    return card.pronounce(speakable(text))


def _open_recording(turn: Turn) -> None:
    if turn.voice and turn.record_sound:
        turn.recording = turn.cast.recordings.begin(turn.voice.format)


def _close_recording(turn: Turn) -> None:
    if turn.recording is not None:
        turn.recording.finish()
