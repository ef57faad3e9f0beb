"""Which canned line is picked."""

import random
from collections import Counter, deque

from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.character import CannedLine, LineBook, find_card, load_card
from fnlloyd.events import Mood

PLAIN = [CannedLine(text) for text in ("One.", "Two.", "Three.")]
WORRIED = CannedLine("Oh dear.", mood="worried")
HIGH = CannedLine("Now!", intensity=2)
BOOK = LineBook({"hit": [*PLAIN, WORRIED, HIGH]}, {"worried": [CannedLine("I tremble."), CannedLine("I quake.")]})
QUIET = LineBook(BOOK.sections)

moods = st.builds(Mood, st.sampled_from(["neutral", "worried", "excited"]), st.integers(0, 3))
seeds = st.integers(0, 10_000)


def counted(book: LineBook, mood: Mood, picks: int = 2000) -> Counter[str | None]:
    rng = random.Random(7)
    return Counter(book.pick("hit", mood, rng=rng) for _ in range(picks))


@given(moods, seeds)
def test_a_picked_line_fits_the_mood_and_its_intensity(mood: Mood, seed: int) -> None:
    line = BOOK.pick("hit", mood, rng=random.Random(seed))
    assert line is not None
    assert line != WORRIED.text or mood.name == "worried"
    assert line != HIGH.text or mood.intensity >= 2


@given(moods, seeds, st.sets(st.sampled_from([line.text for line in (*PLAIN, WORRIED, HIGH)])))
def test_a_line_said_lately_is_not_said_while_another_fits(mood: Mood, seed: int, recent: set[str]) -> None:
    line = QUIET.pick("hit", mood, recent=recent, rng=random.Random(seed))
    fitting = {one.text for one in (*PLAIN, WORRIED, HIGH) if one.fits(mood)}
    assert line in (fitting - recent or fitting)


def test_when_all_were_said_lately_the_one_said_longest_ago_comes_again() -> None:
    recent = deque(["Two.", "One.", "Three.", "Two."])
    assert QUIET.pick("hit", Mood(), recent=recent, rng=random.Random(1)) == "One."


def test_three_lines_in_ten_are_the_moods_own() -> None:
    own = sum(counted(BOOK, Mood("worried"))[text] for text in ("I tremble.", "I quake."))
    assert 0.26 < own / 2000 < 0.34


def test_a_mood_without_lines_leaves_all_to_the_trigger() -> None:
    assert set(counted(BOOK, Mood("excited"))) == {"One.", "Two.", "Three."}


def test_a_line_written_for_the_mood_or_the_stakes_is_preferred() -> None:
    worried, high = counted(QUIET, Mood("worried")), counted(QUIET, Mood("neutral", 3))
    assert worried["Oh dear."] > 2 * worried["One."]
    assert high["Now!"] > 2 * high["One."]


def test_a_trigger_may_refuse_the_moods_lines() -> None:
    book = LineBook(BOOK.sections, BOOK.mood_lines, shares={"hit": 0.0})
    assert not set(counted(book, Mood("worried"))) & {"I tremble.", "I quake."}


def test_an_unknown_trigger_has_no_line() -> None:
    assert BOOK.pick("nothing", Mood(), rng=random.Random(1)) is None
    assert BOOK.lines("nothing") == []


def test_a_trigger_with_lines_for_other_moods_only_still_speaks() -> None:
    book = LineBook({"hit": [WORRIED, HIGH]})
    assert book.pick("hit", Mood("excited", 0), rng=random.Random(1)) == "Oh dear."


def test_the_same_chance_picks_the_same_line() -> None:
    assert counted(BOOK, Mood("worried", 3)) == counted(BOOK, Mood("worried", 3))


def test_lines_are_listed_likeliest_first_each_once() -> None:
    card = load_card(find_card("fnlloyd"))
    lines = card.book.all_lines()
    assert len(lines) == len(set(lines))
    first = {
        name: lines.index(card.book.lines(name)[0]) for name in ("greeting", "good_shot", "boss_appear", "fps_drop")
    }
    assert sorted(first, key=lambda name: first[name]) == ["greeting", "good_shot", "boss_appear", "fps_drop"]
    assert set(lines) >= set(card.book.lines("earth_saved"))
