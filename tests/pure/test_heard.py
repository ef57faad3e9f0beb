"""What was heard of a line that was cut: whole words from its beginning, more of them the later the cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.events import LineNoun, LineSentence, Mood, Priority, SoundFormat, Source
from fnlloyd.line import Billing, Line
from fnlloyd.text import heard_text

WORDS = st.lists(st.text("abcé,!’", min_size=1, max_size=7), min_size=1, max_size=8).map(" ".join)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """A line as it really comes about, so that its milliseconds are rounded as they really are."""
    nouns: list[LineNoun] = []
    line = Line(1, Billing(1, Priority.NORMAL, Mood(), 0.0), nouns.append, lambda: 0.0)
    format = SoundFormat(draw(st.sampled_from([8000, 16_000, 22_050, 44_100])))
    line.start(Source.LLM)
    for text in draw(st.lists(WORDS, min_size=1, max_size=5)):
        if samples := draw(st.integers(0, 60_000)):
            line.sound(bytes(2 * samples), format)
        line.close_sentence(text)
    return line


def spoken(line: Line) -> str:
    return " ".join(sentence.text for sentence in line.sentences)


@given(lines(), st.floats(-10, 40_000), st.floats(-10, 40_000))
def test_a_later_cut_never_heard_less(line: Line, one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert heard_text(line.sentences, late).startswith(heard_text(line.sentences, early))


@given(lines(), st.floats(-10, 40_000))
def test_what_was_heard_is_whole_words_from_the_beginning(line: Line, at_ms: float) -> None:
    heard = heard_text(line.sentences, at_ms).split(" ")
    assert heard == [""] or heard == spoken(line).split(" ")[: len(heard)]


@given(lines())
def test_at_its_end_all_of_a_line_was_heard(line: Line) -> None:
    assert heard_text(line.sentences, line.duration_ms) == spoken(line)


@given(lines())
def test_before_its_beginning_nothing_was_heard(line: Line) -> None:
    assert heard_text(line.sentences, -1) == ""


def test_a_word_counts_once_it_is_finished() -> None:
    sentences = [LineSentence(1, 0, "One two three four.", 0, 1900), LineSentence(1, 1, "Five.", 1900, 500)]
    assert [heard_text(sentences, at) for at in (299, 300, 699, 700, 1899, 1900, 2399, 2400)] == [
        "",
        "One",
        "One",
        "One two",
        "One two three",
        "One two three four.",
        "One two three four.",
        "One two three four. Five.",
    ]


def test_a_sentence_without_sound_is_heard_with_the_one_before_it() -> None:
    sentences = [LineSentence(1, 0, "Hush.", 0, 1000), LineSentence(1, 1, "(silence)", 1000, 0)]
    assert (heard_text(sentences, 999), heard_text(sentences, 1000)) == ("", "Hush. (silence)")
