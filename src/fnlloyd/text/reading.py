"""Read a stream for the eye and the ear: what to show now, and the sentences to speak. Pure: no clock, no I/O.

    piece -> Thoughts -> Speaker -+-> Marks ---------------------> shown
                                  +-> Sentences -+-> Marks ------> sentence.shown
                                                 +-> speakable --> sentence.spoken

The eye is ahead of the ear: the same words are shown as they come, and sentence by sentence once they are whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fnlloyd.text.marks import Marks
from fnlloyd.text.sentences import Sentences
from fnlloyd.text.speakable import speakable
from fnlloyd.text.speaker import Speaker
from fnlloyd.text.thoughts import Thoughts
from fnlloyd.text.unseen import without_unseen

_FENCE = re.compile(r"`{3,}|~{3,}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`spoken` is '' if there is nothing to say; then it is shown only."""

    shown: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Step:
    """`shown` is what to add to the display; `sentences` are those that became whole."""

    shown: str
    sentences: tuple[Sentence, ...]


class Reading:
    """One answer, read as it is written.

    `names` are the character's own, for labels such as "!Fnlloyd:"; `others` those of whom it talks to.
    `ended` turns True when the model begins another's turn; what follows is swallowed, so its stream can be closed.
    """

    def __init__(
        self,
        names: Sequence[str] = (),
        starts_inside_thought: bool = False,
        others: Sequence[str] = (),
    ) -> None:
        self._names = tuple(names)
        self._thoughts = Thoughts(starts_inside=starts_inside_thought)
        self._speaker = Speaker(names, others)
        self._sentences = Sentences()
        self._display = Marks()
        self._sentence_display = Marks()
        self._in_code = False
        self._over = False

    @property
    def ended(self) -> bool:
        return self._speaker.ended

    def feed(self, piece: str) -> Step:
        if self._over:
            return Step("", ())
        words = self._speaker.feed(self._thoughts.feed(without_unseen(piece)))
        return self._read(words, final=self.ended)

    def flush(self) -> Step:
        """End the answer: the last words and the last sentence."""
        if self._over:
            return Step("", ())
        words = self._speaker.feed(self._thoughts.flush()) + self._speaker.flush()
        return self._read(words, final=True)

    def _read(self, words: str, *, final: bool) -> Step:
        shown = self._display.feed(words)
        cut = self._sentences.feed(words)
        if final:
            self._over = True
            shown += self._display.flush()
            cut += self._sentences.flush()
        sentences = [self._hear(text) for text in cut]
        if final and (rest := self._sentence_display.flush()):
            last = sentences.pop() if sentences else Sentence("", "")
            sentences.append(Sentence(last.shown + rest, last.spoken))
        return Step(shown, tuple(sentences))

    def _hear(self, text: str) -> Sentence:
        return Sentence(self._sentence_display.feed(text), speakable(self._outside_code(text), self._names))

    def _outside_code(self, text: str) -> str:
        """Code may be cut into several sentences; none of it is speech."""
        parts = _FENCE.split(text)
        outside = parts[self._in_code :: 2]
        self._in_code ^= len(parts) % 2 == 0
        return " ".join(outside)
