"""A line says its nouns in one order, and nothing after its end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.events import (
    End,
    LineDelta,
    LineEnd,
    LineNoun,
    LineSent,
    LineSentence,
    LineSound,
    LineStart,
    LineStop,
    Mood,
    Priority,
    SoundFormat,
    Source,
)
from fnlloyd.line import Billing, Line, Stand

FORMAT = SoundFormat(22_050)
FRAMES = st.integers(0, 30_000).map(lambda samples: bytes(2 * samples))
SENTENCES = st.lists(st.tuples(st.sampled_from(["To arms!", "I say.", "Bricks."]), st.lists(FRAMES, max_size=3)))


class Stage:
    """A line on a clock that is moved by hand, and what it published."""

    def __init__(self, priority: Priority = Priority.NORMAL, intensity: int = 0) -> None:
        self.now = 100.0
        self.nouns: list[LineNoun] = []
        billing = Billing(1, priority, Mood("worried", intensity), asked_at=self.now, trigger="boss_appear", event="e1")
        self.line = Line(7, billing, self.nouns.append, lambda: self.now)

    def speak(self, sentences: list[tuple[str, list[bytes]]]) -> None:
        self.line.start(Source.LLM)
        for text, chunks in sentences:
            self.line.show(text + " ")
            for pcm in chunks:
                self.line.sound(pcm, FORMAT)
            self.line.close_sentence(text)
        self.line.finish()

    def of(self, kind: type[LineNoun]) -> list[LineNoun]:
        return [noun for noun in self.nouns if isinstance(noun, kind)]


@given(SENTENCES)
def test_a_line_starts_first_ends_last_and_has_one_of_each(sentences: list[tuple[str, list[bytes]]]) -> None:
    stage = Stage()
    stage.speak(sentences)
    stage.line.end(End.COMPLETE)
    kinds = [type(noun) for noun in stage.nouns]
    assert (kinds[0], kinds[-2:]) == (LineStart, [LineSent, LineEnd])
    assert [kinds.count(kind) for kind in (LineStart, LineSent, LineEnd)] == [1, 1, 1]
    assert {noun.line for noun in stage.nouns} == {7}
    assert "".join(noun.text for noun in stage.of(LineDelta) if isinstance(noun, LineDelta)).strip() == stage.line.text


@given(SENTENCES)
def test_sound_has_no_gaps_and_sentences_lie_end_to_end(sentences: list[tuple[str, list[bytes]]]) -> None:
    stage = Stage()
    stage.speak(sentences)
    at = 0
    for noun in stage.of(LineSound):
        assert isinstance(noun, LineSound)
        assert noun.first_sample == at
        at += FORMAT.samples(len(noun.pcm))
    ends = [0]
    for sentence in stage.line.sentences:
        assert sentence.start_ms == ends[-1]
        ends.append(sentence.start_ms + sentence.duration_ms)
    assert ends[-1] == stage.line.duration_ms == round(1000 * at / 22_050)


@given(SENTENCES)
def test_every_sound_carries_the_number_of_the_sentence_it_belongs_to(sentences: list[tuple[str, list[bytes]]]) -> None:
    stage = Stage()
    stage.speak(sentences)
    numbers = [noun.sentence for noun in stage.nouns if isinstance(noun, LineSound)]
    assert numbers == [index for index, (_, chunks) in enumerate(sentences) for _ in chunks]
    assert [noun.index for noun in stage.nouns if isinstance(noun, LineSentence)] == list(range(len(sentences)))


def test_nothing_of_a_line_comes_after_its_end_whoever_is_late() -> None:
    stage = Stage()
    stage.line.start(Source.LLM)
    stage.line.show("To arms")
    stage.line.end(End.INTERRUPTED, heard="To", fade_ms=80)
    told, text = list(stage.nouns), stage.line.text
    stage.line.show(", my friend!")
    stage.line.sound(bytes(200), FORMAT)
    stage.line.close_sentence("To arms, my friend!")
    stage.line.finish()
    stage.line.end(End.COMPLETE)
    assert stage.nouns == told
    assert (stage.line.stand, stage.line.text) == (Stand.ENDED, text)


def test_a_line_that_never_started_leaves_no_trace() -> None:
    stage = Stage()
    stage.line.begin_work()
    stage.line.first_token()
    stage.line.end(End.FAILED, fade_ms=0)
    assert stage.nouns == []


def test_players_are_told_to_stop_before_they_are_told_of_the_end() -> None:
    stage = Stage()
    stage.line.start(Source.CANNED, text="To arms!")
    stage.line.end(End.REPLACED, fade_ms=120)
    assert [type(noun) for noun in stage.nouns] == [LineStart, LineStop, LineEnd]
    assert stage.nouns[1] == LineStop(7, 120)


def test_timings_count_from_the_asking_and_only_the_first_of_each_counts() -> None:
    stage = Stage()
    stage.now += 0.010
    stage.line.begin_work()
    for _ in range(2):
        stage.now += 0.010
        stage.line.first_token()
        stage.now += 0.010
        stage.line.first_sentence()
        stage.now += 0.010
        stage.line.sound(bytes(2), FORMAT)
    stage.now = 101.0
    timings = stage.line.timings
    assert (timings.queued_ms, timings.first_token_ms, timings.first_sentence_ms, timings.first_audio_ms) == (
        10.0,
        20.0,
        30.0,
        40.0,
    )
    assert timings.total_ms == 1000.0


def test_a_silent_line_has_no_length_and_no_first_sound() -> None:
    stage = Stage()
    stage.speak([("To arms!", [])])
    assert (stage.line.duration_ms, stage.line.timings.first_audio_ms) == (0, None)


@pytest.mark.parametrize(
    ("priority", "intensity", "duck_db"),
    [(Priority.LOW, 0, -4.0), (Priority.NORMAL, 0, -6.0), (Priority.HIGH, 1, -10.0), (Priority.CRITICAL, 3, -15.0)],
)
def test_music_makes_more_room_for_what_matters_more(priority: Priority, intensity: int, duck_db: float) -> None:
    stage = Stage(priority, intensity)
    stage.line.start(Source.CANNED, text="To arms!", expected_ms=900)
    (start,) = stage.nouns
    assert isinstance(start, LineStart)
    assert (start.mix.duck_db, start.mix.expected_ms, start.event) == (duck_db, 900, "e1")
