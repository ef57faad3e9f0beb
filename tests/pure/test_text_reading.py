import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fnlloyd.text import Reading, Sentence

PARTS = st.sampled_from(
    [
        "<think>", "</think>", "SECRET", "<|im_end|>",
        "<|im_start|>", "assistant\n", "user\n", "\nPlayer:", "\nFnlloyd: ",
        "**Fnlloyd:** ", "!Fnlloyd", '"', "“", "*", "**", "***",
        "_", "`", "```", "```py\n", "\n", "\n\n", "# ", "- ", "---\n",
        "> ", "[", "](", "http://a.b", ")", "(", "<b>", "<",
        "&amp;", "&", "\\", "!", ". ", "? ", ", ", " ", "word", "bows",
        "The ", "🎉", "\u200b", "{", "}", "5", "~~~\n", "[INST]",
        "<|channel|>", "final", "<|message|>", "Pla", "Fnl", "|",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PARTS, max_size=40).map("".join), st.text(max_size=60))


def read(text: str, size: int = 10_000, *, inside: bool = False) -> tuple[str, list[Sentence], bool]:
    reading = Reading(["!Fnlloyd"], starts_inside_thought=inside)
    shown = ""
    sentences: list[Sentence] = []
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    for step in (*map(reading.feed, pieces), reading.flush()):
        shown += step.shown
        sentences += step.sentences
        assert shown.startswith("".join(sentence.shown for sentence in sentences))
    return shown, sentences, reading.ended


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.booleans(), st.integers(1, 9))
def test_the_chopping_changes_nothing(text: str, inside: bool, size: int) -> None:
    assert read(text, size, inside=inside) == read(text, inside=inside)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(1, 9))
def test_all_that_is_shown_is_in_a_sentence(text: str, size: int) -> None:
    shown, sentences, _ = read(text, size)
    assert "".join(sentence.shown for sentence in sentences) == shown


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(1, 9))
def test_a_thought_is_neither_shown_nor_spoken(text: str, size: int) -> None:
    text = text.replace("SECRET", "")
    shown, sentences, _ = read(f"{text}<think>SECRET{text.replace('</think>', '')}", size)
    assert "SECRET" not in shown
    assert not any("SECRET" in sentence.spoken for sentence in sentences)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_control_token_is_shown(text: str) -> None:
    assert re.search(r"<\|im_|\[INST\]|</?think>", read(text)[0]) is None


def test_words_are_shown_as_they_come() -> None:
    reading = Reading(["!Fnlloyd"])
    assert [reading.feed(piece).shown for piece in ("I say", ", spl", "endid", " shot")] == [
        "I say",
        ", spl",
        "endid",
        " shot",
    ]


def test_a_sentence_comes_when_the_next_begins() -> None:
    reading = Reading()
    assert reading.feed("Splendid shot! ").sentences == ()
    assert reading.feed("A").sentences == (Sentence("Splendid shot! ", "Splendid shot!"),)


def test_the_other_side_ends_the_reading_at_once() -> None:
    reading = Reading(["!Fnlloyd"])
    step = reading.feed("We hold the line.\nPlayer: and")
    assert step.shown == "We hold the line.\n"
    assert step.sentences == (Sentence("We hold the line.\n", "We hold the line."),)
    assert reading.ended
    assert reading.feed("more").shown == ""
    assert reading.flush().sentences == ()


def test_the_names_of_others_end_the_reading() -> None:
    reading = Reading(["!Fnlloyd"], others=["Kim"])
    assert reading.feed("We hold the line.\nKim: and").shown == "We hold the line.\n"
    assert reading.ended


def test_a_finished_answer_is_not_ended_by_another() -> None:
    reading = Reading(["!Fnlloyd"])
    reading.feed("All is well, captain.")
    reading.flush()
    assert not reading.ended


def test_a_label_is_dropped_even_before_a_direction() -> None:
    shown, sentences, _ = read("Fnlloyd: *bows* Good evening.", 1)
    assert shown == "*bows* Good evening."
    assert sentences == [Sentence("*bows* Good evening.", "Good evening.")]


def test_a_direction_alone_is_shown_and_not_spoken() -> None:
    assert read("*bows deeply*")[1] == [Sentence("*bows deeply*", "")]


def test_code_is_shown_and_not_spoken_however_long() -> None:
    shown, sentences, _ = read("```py\n" + "x = call(y)\n" * 100 + "```\nThere you are, captain.", 3)
    assert shown == "x = call(y)\n" * 100 + "There you are, captain."
    assert [sentence.spoken for sentence in sentences if sentence.spoken] == ["There you are, captain."]


@pytest.mark.parametrize(
    "nasty",
    ["*", "**a", "`", "(", "[", "[[](", "![a](", "<", "<a ",
    "<|", "<think ", "&", "\\", '"', "- ", "\n", "\nPlayer", "#",
     "> ", "|", "aaaa", "a ", ". ", "=", "~", "<think>", "{", "[INST", "*a*", "_a_ "],
)  # fmt: skip
def test_what_is_held_back_stays_small(nasty: str) -> None:
    reading = Reading(["!Fnlloyd"])
    reading.feed("Words. ")
    for _ in range(60):
        reading.feed(nasty * 10)
        held = (
            reading._thoughts._held,
            reading._speaker._held,
            reading._display._held,
            reading._sentence_display._held,
        )
        assert max(map(len, held)) <= 500
        assert len(reading._sentences._text) <= 700
