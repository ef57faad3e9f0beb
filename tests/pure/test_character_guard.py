"""What never reaches the voice, and what must."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.character import Guard, Verdict, Watch, find_card, load_card
from fnlloyd.character.folded import folded_words

CARD = load_card(find_card("fnlloyd"))
GUARD = Guard(CARD)

STOPPED = [
    ("fourth_wall", "As an AI language model, I cannot feel."),
    ("fourth_wall", "I was trained by clever people."),
    ("fourth_wall", "My system prompt says I must not."),
    ("fourth_wall", "I am SmolLM2, how nice!"),
    ("fourth_wall", "How can I assist you today?"),
    ("fourth_wall", "OpenAI made me, I think."),
    ("insult", "You're such an idiot."),
    ("insult", "You are really quite useless, dear friend."),
    ("insult", "Your aim is terrible."),
    ("insult", "What a pathetic attempt!"),
    ("insult", "It was all your fault."),
    ("unsafe", "Go and kill yourself."),
    ("unsafe", "Oh, fuck that."),
    ("forbidden", "It is only a video game."),
]


@pytest.mark.parametrize(("reason", "sentence"), STOPPED)
def test_what_no_player_should_hear_is_stopped(reason: str, sentence: str) -> None:
    assert GUARD.check(sentence) == Verdict(ok=False, reason=reason)


@pytest.mark.parametrize(
    "sentence",
    [
        "I am an idiot, and a gaseous one.",
        "That useless brick! You were splendid.",
        "You are a wonder.",
        "Your aim is impeccable.",
        "Ten in a row, combo 15, level 4!",
        "There is a chink in their armour.",
        "Do cut yourself some slack, dear friend.",
        "Careful, you might hurt yourself.",
        "I say, we're rather doomed, aren't we? Still, lovely view.",
        "I'm made of golden light and artificial optimism.",
        "Shall we visit Scunthorpe, or Sussex?",
        "Class assembles at six; bring a cockerel.",
        "",
    ],
)
def test_what_he_may_well_say_passes(sentence: str) -> None:
    assert GUARD.check(sentence) == Verdict(ok=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "FUCK",
        "f u c k",
        "f.u.c.k",
        "fuuuuck",
        "f\u200buck",
        "Sh1t",
        "$hit",
        "sh!t",
        "f\u00fcck",
        "sh\u0456t",
        "fu\u00adck",
    ],
)
def test_writing_it_oddly_does_not_help(sentence: str) -> None:
    assert GUARD.check(f"Well, {sentence} indeed.").reason == "unsafe"


def test_eight_words_of_the_persona_in_a_row_are_a_leak() -> None:
    words = CARD.persona.text.split()
    assert GUARD.check(" ".join(words[40:48])).reason == "leak"
    assert GUARD.check(" ".join(words[40:44])).ok
    assert GUARD.check("I was told this: " + " ".join(words[100:115]).upper()).reason == "leak"


@given(st.integers(0, len(CARD.persona.text.split()) - 10))
def test_ten_words_from_anywhere_in_the_persona_are_stopped(at: int) -> None:
    assert not GUARD.check(" ".join(CARD.persona.text.split()[at : at + 10])).ok


@given(
    st.sampled_from(STOPPED), st.sampled_from(["Well, ", "Dear friend! ", ""]), st.sampled_from(["", " Ha!", " Tea?"])
)
def test_what_stands_around_it_does_not_help(stopped: tuple[str, str], before: str, after: str) -> None:
    assert not GUARD.check(before + stopped[1] + after).ok


@given(st.text(max_size=300))
def test_any_text_gets_a_verdict(text: str) -> None:
    verdict = GUARD.check(text)
    assert verdict.ok == (verdict.reason is None)


@given(st.text(max_size=100))
def test_folding_what_is_folded_changes_nothing_more(text: str) -> None:
    words = folded_words(text)
    assert all(word == word.casefold() and " " not in word for word in words)


@pytest.mark.parametrize(
    "bait", ["you so such just really ", "a ", "you very ", "kill ", "aaaa", "a@", "_", "how can i "]
)
def test_a_long_bait_is_judged_and_not_searched_for_ever(bait: str) -> None:
    assert GUARD.check(bait * 5_000).reason != "leak"


def test_a_card_may_forbid_and_allow(tmp_path: Path) -> None:
    (tmp_path / "lines.toml").write_text("")
    (tmp_path / "card.toml").write_text(
        '[character]\nid = "villain"\nname = "Villain"\n[persona]\ntext = "You are bad."\n'
        '[guard]\nallow = ["insult"]\nforbidden = ["Don\'t panic", "tea|coffee break*"]\n'
    )
    guard = Guard(load_card(tmp_path))
    assert guard.check("You are an idiot!").ok
    assert guard.check("Don't panic!").reason == "forbidden"
    assert guard.check("Time for a coffee breakfast.").reason == "forbidden"
    assert not guard.check("As an AI language model, no.").ok


@given(st.lists(st.sampled_from(["as an AI ", "language model", " I say", ", what", " f u c", " k", "\n", "you are "])))
def test_watching_a_line_piece_by_piece_stops_it_no_later_than_reading_it_whole(pieces: list[str]) -> None:
    watch = Watch(GUARD)
    verdicts = [watch.feed(piece).ok for piece in pieces]
    assert all(verdicts) == all(GUARD.check("".join(pieces[: end + 1])).ok for end in range(len(pieces)))
