import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fnlloyd.text import Thoughts

PARTS = st.sampled_from(
    [
        "<think>", "</think>", "<THINKING a='b'>", "</Thinking>", "◁think▷", "◁/think▷", "[THINK]", "[/THINK]",
        "<|channel|>", "analysis", "final", "<|message|>", "<|end|>", "<|start|>", "assistant", "<|return|>",
        "analysisA", "assistantfinal", "<", "<th", "[", "◁", " ", "\n", "word", "x < y", "<b>", "é", "<think", ">",
    ]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=25).map("".join)


def said(pieces: list[str], *, starts_inside: bool = False) -> str:
    thoughts = Thoughts(starts_inside=starts_inside)
    return "".join(map(thoughts.feed, pieces)) + thoughts.flush()


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.booleans(), st.integers(1, 9))
def test_the_chopping_changes_nothing(text: str, starts_inside: bool, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert said(pieces, starts_inside=starts_inside) == said([text], starts_inside=starts_inside)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.text(alphabet="abc <>/|[]", max_size=40), st.integers(1, 9))
def test_a_thought_is_never_shown(before: str, rest: str, size: int) -> None:
    text = f"{before}<think>SECRET{rest}"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "SECRET" not in said(pieces)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="Abc.,!? \n*_()", max_size=200))
def test_text_without_tags_passes_untouched_and_at_once(text: str) -> None:
    assert Thoughts().feed(text) == text


@pytest.mark.parametrize("name", ["think", "thinking", "thought", "reasoning", "Think", "REASONING"])
def test_every_tag_of_thought_is_known(name: str) -> None:
    assert said([f"a<{name}>b</{name}>c"]) == "ac"


def test_only_what_may_become_a_tag_is_held_back() -> None:
    thoughts = Thoughts()
    assert [thoughts.feed(char) for char in "b<thx"] == ["b", "", "", "", "<thx"]


def test_thoughts_nest() -> None:
    assert said(["<think>a<think>b</think>c</think>d"]) == "d"


def test_an_orphan_closing_tag_is_removed() -> None:
    assert said(["a</think>b"]) == "ab"


def test_a_text_may_begin_inside_a_thought() -> None:
    assert said(["hm</think>Hello"], starts_inside=True) == "Hello"


def test_a_model_that_repeats_the_opening_tag_of_its_template_is_not_silenced() -> None:
    assert said(["\n<think>hm</think>Hello"], starts_inside=True) == "Hello"


def test_only_the_final_channel_is_speech() -> None:
    text = (
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary to=f<|message|>{}<|call|>"
        "<|start|>assistant<|channel|>final<|message|>Hello"
    )
    assert said([text]) == "Hello"


def test_a_header_without_a_message_does_not_swallow_the_answer() -> None:
    assert said(["<|channel|>final\nHello there."]) == "Hello there."


@pytest.mark.parametrize("size", [1, 5, 100])
def test_channels_without_their_tokens_are_known_at_the_start(size: int) -> None:
    text = "analysisThey want a joke.assistantfinalHello there."
    assert said([text[at : at + size] for at in range(0, len(text), size)]) == "Hello there."
    assert said(["analysisNever finished"]) == ""
    assert said(["Analysis is dull."]) == "Analysis is dull."
    assert said(["analysis"]) == "analysis"


def test_little_is_kept_of_a_long_thought() -> None:
    thoughts = Thoughts()
    thoughts.feed("<think>")
    for _ in range(1000):
        assert thoughts.feed("<thinking " * 10) == ""
        assert len(thoughts._held) < 120
