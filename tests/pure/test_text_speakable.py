import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fnlloyd.text import speakable

PARTS = st.sampled_from(
    [
        "*", "**", "***", "_", "__", "`", "```", "#", "# ",
        "~~", "> ", "- ", "|", "[", "](", "]", "(", ")", "<", ">", "<b>",
        "<think>", "</think>", "<|im_end|>", "[INST]", "&lt;",
        "&gt;", "&amp;", "&#42;", "http://", "https://a.b", "www.x.com",
        "a@b.co", "🎉", "👨‍👩‍👧", "🇬🇧", "1️⃣", "\u200d", "\ufe0f",
        "\u200b", "word", "Fnlloyd: ", "bows", "5", " ", "\n", "...",
        "!", "?", "'", '"', "“", "$x^2$", "\\(", "\\frac{1}{2}",
        "{", "}", '{"line": "', ":-)", "^", "\\", "@", "𝓗", "h", "ttp",
    ]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=25).map("".join)
WORDS = ("I", "say", "the", "bricks", "aren't", "well-known", "3.5", "10:30", "$5", "!Fnlloyd", "naïve", "50%")
NEVER_HEARD = re.compile(
    r"[*_`#~|\\^<>{}\[\]()\"“”\u200b-\u200f\u2060\ufeff\ufe0f\u20e3\n]"
    r"|://|www\.|[\U0001f000-\U0001faff]|[\u2600-\u27bf]|  "
)


@settings(max_examples=600, deadline=None)
@given(st.one_of(TEXTS, st.text(max_size=60)))
def test_no_mark_emoji_token_or_address_is_ever_heard(text: str) -> None:
    assert NEVER_HEARD.search(speakable(text)) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS)))
def test_ordinary_words_are_kept(words: list[str]) -> None:
    assert speakable(" ".join(words)) == " ".join(words)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab .,!?*_()"\n', max_size=60))
def test_saying_what_was_made_sayable_changes_nothing(text: str) -> None:
    once = speakable(text)
    assert speakable(once) == once


@pytest.mark.parametrize(
    "text", ["", " ", "...", "?!", "🎉", "---", "*", "**", '""', "()", "<b></b>", "\u200b", "`", "—"]
)
def test_without_a_word_there_is_nothing_to_say(text: str) -> None:
    assert speakable(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bows deeply*", ""),
        ("I *do* like it.", "I do like it."),
        ("*Never* give up.", "Never give up."),
        ("*Fire!* All guns.", "Fire! All guns."),
        ("*the lights go out* Ah.", "Ah."),
        ("Well, *of course*, yes.", "Well, of course, yes."),
        ("Well, *clears throat*, yes.", "Well, yes."),
        ("**sighs** Fine.", "Fine."),
        ("**the lights go out** Ah.", "the lights go out Ah."),
    ],
)
def test_a_stage_direction_is_dropped_and_emphasis_is_kept(text: str, expected: str) -> None:
    assert speakable(text) == expected


def test_the_names_of_the_speaker_are_labels() -> None:
    assert speakable("Bob: Hello.", ["Bob"]) == "Hello."
    assert speakable("Bob: Hello.") == "Bob: Hello."


@pytest.mark.parametrize(
    "nasty",
    [
        "*", "**a", "_a ", "`", "```", "(", "[", "](", "![",
        "<", "<a ", "<!--", "</", "&", "&#", "$", "$a=", "\\(", "\\a{",
        "a@", "a.", "a-", "http://", "www.", "'a ", "\"", "-",
        "- ", "=", "|", "|-", "#", "> ", ".", ". ", ", ", "!?", ":-", "¯",
        "\u0301", "👨\u200d", "\u200b", '{"line":"', "aaaa",
        " ", "\n", "<think", "<|", "~", "1", "1*", "é", "a(b", "…", "—",
    ],
)  # fmt: skip
def test_no_shape_of_text_makes_it_slow(nasty: str) -> None:
    """Quadratic work on 100,000 characters would take minutes here, not the blink it takes."""
    text = (nasty * 100_000)[:100_000]
    assert NEVER_HEARD.search(speakable(text)) is None
