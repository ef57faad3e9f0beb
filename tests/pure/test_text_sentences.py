import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fnlloyd.text import Sentences

MARKS = st.sampled_from(
    [
        ". ", "! ", "? ", "... ", "… ", ", ", " - ", "—",
        ": ", "; ", "\n", "\n\n", "*", "**", "(", ")", "[", "]", "<",
        ">", "`", "```", '"', "。", "！", "，", "Mr. ", "e.g. ",
        "3.5 ", "!Fnlloyd ", "bricks ", "The ", "A", "👍🏽", "你好",
        "https://a.b/c.d ", "  ",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(MARKS, max_size=80).map("".join), st.text(max_size=100))
LONGEST = 600


def cut(text: str, size: int = 1000) -> list[str]:
    sentences = Sentences()
    out = [one for at in range(0, len(text), size) for one in sentences.feed(text[at : at + size])]
    return out + sentences.flush()


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(1, 9))
def test_the_chopping_changes_nothing(text: str, size: int) -> None:
    assert cut(text, size) == cut(text)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_joined_the_sentences_are_the_text(text: str) -> None:
    sentences = cut(text)
    assert "".join(sentences) == text
    assert all(sentences)


@pytest.mark.parametrize("opening", ["(", "[", "*a", "<a ", "`", "a", "a ", "a, ", "(a ", "…", "\u0301", "**", "\n"])
def test_nothing_holds_text_back_for_long(opening: str) -> None:
    sentences = cut(opening + (opening + "b") * 2000)
    assert max(map(len, sentences)) <= LONGEST


def test_the_first_cut_comes_at_a_clause_of_some_length() -> None:
    assert cut("I rather think, captain, that we") == ["I rather think, ", "captain, that we"]


def test_a_short_clause_is_not_cut_off() -> None:
    assert cut("Oh, yes, we are rather doomed, old bean") == ["Oh, yes, we are rather doomed, ", "old bean"]


def test_later_cuts_come_at_sentences() -> None:
    text = "Good evening, captain. The bricks, I fear, are many. We are few."
    assert cut(text) == ["Good evening, ", "captain. The bricks, I fear, are many. ", "We are few."]


def test_a_sentence_is_whole_when_the_next_begins() -> None:
    sentences = Sentences()
    assert sentences.feed("Splendid shot! ") == []
    assert sentences.feed("A") == ["Splendid shot! "]


@pytest.mark.parametrize(
    "text",
    [
        "Then Mr. Brick met Dr. Lien.",
        "Take weapons e.g. Paddles.",
        "Exactly 3.5 million bricks.",
        "The writer J. R. Brickson.",
        "They call me !Fnlloyd in space.",
        "It was late... so very late.",
        "See https://example.com/a.b?c!d now",
        "Then comes No. 5 of them.",
        "approximately ten thousand approx. bricks",
    ],
)
def test_some_dots_end_nothing(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So say we all of us! And I.", ["So say we all of us! ", "And I."]),
        ('He said "never again." Then left.', ['He said "never again." ', "Then left."]),
        ("What was that noise?! A brick.", ["What was that noise?! ", "A brick."]),
        ("And so, my dear, do I. The end.", ["And so, my dear, ", "do I. The end."]),
        ("They all went home... The end.", ["They all went home... ", "The end."]),
        ("First of all this\nSecond that", ["First of all this\n", "Second that"]),
        ("砖块来了，快跑吧！现在就走。", ["砖块来了，", "快跑吧！现在就走。"]),
        ("砖块砖块来了！快跑快跑。", ["砖块砖块来了！", "快跑快跑。"]),
    ],
)
def test_these_are_cut(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_shouting_does_not_become_a_sentence_a_word() -> None:
    assert cut("NO! NO! NO! NO! NO! NO! NO!") == ["NO! NO! NO! NO! NO! ", "NO! NO!"]


@pytest.mark.parametrize(
    "span", ["*bows. Then rises. Slowly*", "(one. Two. Three.)", "[a. B. C.]", "<a b. C>", "`x. Y. Z`", "{a. B}"]
)
def test_nothing_is_cut_inside_a_span(span: str) -> None:
    text = f"Well now, dear captain {span} as I said"
    assert span in "".join(cut(text)[-1:])


def test_a_blank_line_ends_what_was_left_open() -> None:
    assert cut("(An aside that nobody closed\n\nNew paragraph here. Next one.") == [
        "(An aside that nobody closed\n\nNew paragraph here. ",
        "Next one.",
    ]


def test_a_long_breath_is_cut_at_a_word() -> None:
    sentences = cut("word " * 200)
    assert {len(one) for one in sentences} == {200}
