"""What a door makes of the one stream of nouns: a whole answer, or a part of the stream about one cue."""

from __future__ import annotations

from fnlloyd.events import (
    LineEnd,
    LineNoun,
    LineSent,
    LineStart,
    Mood,
    Noun,
    Outcome,
    OutcomeKind,
    Timings,
    Trouble,
)
from fnlloyd.session import Cue
from fnlloyd.wire import Answer, Link, timings_view, usage_view


class CueStream:
    """Which nouns are about one cue, and when the last of them has come."""

    def __init__(self) -> None:
        self.cue: Cue | None = None
        self.start: LineStart | None = None
        self.over = False

    def takes(self, noun: Noun) -> bool:
        """Whether the noun is about the cue."""
        cue = self.cue
        if cue is None:
            return False
        match noun:
            case LineStart():
                if noun.cue == cue.number:
                    self.start = noun
                return noun.cue == cue.number
            case Outcome():
                mine = noun.cue == cue.number
                self.over = self.over or (mine and noun.outcome is not OutcomeKind.SPOKEN)
                return mine
            case Trouble():
                return noun.id == cue.id
            case _:
                mine = self._of_line(noun)
                self.over = self.over or (mine and isinstance(noun, LineEnd))
                return mine

    def _of_line(self, noun: Noun) -> bool:
        return self.start is not None and isinstance(noun, LineNoun) and noun.line == self.start.line


class Folding:
    """The whole answer, once all of the line has been sent."""

    def __init__(self) -> None:
        self.stream = CueStream()
        self.trouble: Trouble | None = None
        self._done: LineSent | LineEnd | None = None

    def feed(self, noun: Noun) -> bool:
        """Take the next noun; True when the answer is complete."""
        if not self.stream.takes(noun):
            return False
        if isinstance(noun, Trouble):
            self.trouble = noun
        if isinstance(noun, LineSent | LineEnd):
            self._done = noun
        return self.complete

    @property
    def complete(self) -> bool:
        return self._done is not None or self.stream.over

    def answer(self, link: Link, mood: Mood) -> Answer:
        """The answer as it is sent; `mood` is the session's, for a cue without a line."""
        start, done, cue = self.stream.start, self._done, self.stream.cue
        if cue is None or cue.outcome is None:
            raise RuntimeError("the cue has no outcome yet")
        timings = done.timings if done else _NO_TIMINGS
        return Answer(
            line=start.line if start else None,
            text=done.text if done else None,
            source=start.source if start else None,
            mood=(start.mood if start else mood).name,
            intensity=(start.mood if start else mood).intensity,
            audio_url=link(start.sound) if start and start.sound else None,
            outcome=cue.outcome,
            reason=cue.reason,
            timings=timings_view(timings),
            usage=usage_view(done.usage) if done else None,
        )


_NO_TIMINGS = Timings()
