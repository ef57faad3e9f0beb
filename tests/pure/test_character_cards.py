"""Loading a card, and what its writer is told when something is wrong with it."""

from pathlib import Path

import pytest

from fnlloyd.character import builtin_cards, find_card, load_card
from fnlloyd.errors import CardError, UnknownCharacter
from fnlloyd.events import Answer, Priority, TriggerRule

CARD = """
[character]
id = "robin"
name = "Robin"
[character.pronounce]
"Robin" = "Rob-in"
"Robin Hood" = "Rob-in Hudd"
[persona]
text = "You are Robin."
[state]
empty = ["last"]
clock_ms = ["since"]
[state.fields]
lives = 3
bag = { coins = 1 }
[[moods]]
name = "worried"
when = { lives = "== 1" }
[categories.hunt]
priority = "high"
cooldown_s = 2
[categories.hunt.triggers]
arrow_hit = {}
arrow_lost = { priority = "low", cooldown_s = 0.5, enabled = false }
feast = { answer = "canned", answer_large = "live" }
[phrases]
arrow_hit = ["bull's-eye"]
"""
LINES = """
[arrow_hit]
lines = ["Well shot.", { text = "Shot, and just in time!", mood = "worried", intensity = 0 }]
[greeting]
lines = ["Good morrow."]
"""


def write_card(folder: Path, card: str = CARD, lines: str = LINES) -> Path:
    (folder / "card.toml").write_text(card, encoding="utf-8")
    (folder / "lines.toml").write_text(lines, encoding="utf-8")
    return folder


def told(folder: Path, card: str = CARD, lines: str = LINES) -> list[str]:
    """What the writer of a bad card is told, without the heading."""
    with pytest.raises(CardError) as raised:
        load_card(write_card(folder, card, lines))
    return [line.strip() for line in str(raised.value).splitlines()[1:]]


def test_a_trigger_takes_from_its_category_what_it_does_not_say_itself(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path))
    assert card.rule("arrow_hit") == TriggerRule("arrow_hit", "hunt", Priority.HIGH, 2.0, Answer.LIVE, True)
    assert card.rule("arrow_lost") == TriggerRule("arrow_lost", "hunt", Priority.LOW, 0.5, Answer.CANNED, False)
    assert card.rule("arrow_eaten") is None


def test_a_trigger_can_be_canned_for_small_models_and_live_for_others(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path))
    rules = card.rule("feast", small_model=True), card.rule("feast", small_model=False)
    assert [rule.answer for rule in rules if rule] == [Answer.CANNED, Answer.LIVE]


def test_triggers_stand_in_the_order_of_the_card(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path))
    assert card.triggers == ("arrow_hit", "arrow_lost", "feast")
    assert card.categories == {"hunt": ("arrow_hit", "arrow_lost", "feast")}


def test_every_session_begins_with_a_state_of_its_own(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path))
    first = card.default_state(now_ms=1700)
    assert first == {"lives": 3, "bag": {"coins": 1}, "last": None, "since": 1700}
    first["bag"]["coins"] = 9
    assert card.default_state()["bag"] == {"coins": 1}


def test_words_are_spelled_for_the_voice_the_longest_first_and_only_whole(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path))
    assert card.pronounce("robin Hood, Robin, Robinson") == "Rob-in Hudd, Rob-in, Robinson"


@pytest.mark.parametrize("message", ["arrow hit", "Arrow hit!", "  ARROW_HIT ", "Bull's-eye!"])
def test_a_message_that_is_a_triggers_name_or_phrase_reads_as_that_trigger(tmp_path: Path, message: str) -> None:
    assert load_card(write_card(tmp_path)).read_phrase(message) == "arrow_hit"


@pytest.mark.parametrize("message", ["", "was that an arrow hit?", "arrow", "arrow hit " * 100])
def test_ordinary_talk_reads_as_no_trigger(tmp_path: Path, message: str) -> None:
    assert load_card(write_card(tmp_path)).read_phrase(message) is None


@pytest.mark.parametrize(
    ("code", "trigger"),
    [("!FN_ARROW_HIT$", "arrow_hit"), ("!fn_arrow_hit$", "arrow_hit"), ("!FN_ARROW_HIT", None), ("!FN_$", None)],
)
def test_shorthand_is_read_in_any_case_and_only_whole(tmp_path: Path, code: str, trigger: str | None) -> None:
    assert load_card(write_card(tmp_path)).read_shorthand(code) == trigger


def test_an_unknown_trigger_has_a_nearest_one(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path))
    assert card.nearest("arow_hit") == "arrow_hit"
    assert card.nearest("zzz") is None


def test_the_greeting_is_the_first_hello(tmp_path: Path) -> None:
    assert load_card(write_card(tmp_path)).greeting == "Good morrow."


def test_a_wrong_intensity_is_told_by_its_place(tmp_path: Path) -> None:
    lines = '[arrow_hit]\nlines = ["Yes.", { text = "Hm.", intensity = 7 }]'
    assert told(tmp_path, lines=lines) == [
        "lines.toml: arrow_hit.lines[1].intensity: expected a whole number from 0 to 3, found 7"
    ]


def test_an_unknown_key_in_a_line_is_told_with_the_one_meant(tmp_path: Path) -> None:
    lines = '[arrow_hit]\nlines = [{ text = "Hm.", intenstiy = 1 }]'
    assert told(tmp_path, lines=lines) == [
        'lines.toml: arrow_hit.lines[0].intenstiy: unknown key (did you mean "intensity"?)'
    ]


@pytest.mark.parametrize(
    ("written", "place", "what"),
    [
        ("lines = [3]", "lines[0]", "expected a text or a table with text, found 3"),
        ('lines = ["  "]', "lines[0].text", 'expected a text of 1 to 400 characters, found "  "'),
        ('lines = [{ mood = "worried" }]', "lines[0].text", "is missing"),
        ('lines = "Yes."', "lines", 'expected an array of lines, found "Yes."'),
        ("", "lines", "is missing"),
        (
            'lines = [{ text = "A.", mood = "woried" }]',
            "lines[0].mood",
            'no such mood "woried" in card.toml (did you mean "worried"?)',
        ),
    ],
)
def test_a_bad_line_is_told(tmp_path: Path, written: str, place: str, what: str) -> None:
    assert told(tmp_path, lines=f"[arrow_hit]\n{written}") == [f"lines.toml: arrow_hit.{place}: {what}"]


def test_lines_for_a_trigger_that_is_not_there_are_told_with_the_one_meant(tmp_path: Path) -> None:
    assert told(tmp_path, lines='[arrow_hti]\nlines = ["Yes."]') == [
        'lines.toml: arrow_hti: no such trigger in card.toml (did you mean "arrow_hit"?)'
    ]


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('id = "robin"', "", "character.id", "is missing"),
        ("cooldown_s = 2", "cooldown = 2", "categories.hunt.cooldown", 'unknown key (did you mean "cooldown_s"?)'),
        ("cooldown_s = 2", 'cooldown_s = "2"', "categories.hunt.cooldown_s", 'expected a number, found "2"'),
        (
            'priority = "high"',
            'priority = "urgent"',
            "categories.hunt.priority",
            "expected 'low', 'normal', 'high' or 'critical', found \"urgent\"",
        ),
        (
            '"== 1"',
            '"=> 1"',
            "moods[0].when.lives",
            'expected a comparison such as ">= 10" or "< 0.3", a number, true, false or a word, found "=> 1"',
        ),
        ("lives = 3", "last = 3", "state", "last is both in fields and in empty or clock_ms"),
        (
            "[phrases]",
            '[phrases]\nfest = ["eat"]',
            "phrases.fest",
            'no such trigger in the categories (did you mean "feast"?)',
        ),
        (
            "[phrases]",
            "[categories.food.triggers]\nfeast = {}\n[phrases]",
            "categories.food.triggers.feast",
            "is already in category hunt",
        ),
        (
            "[phrases]",
            '[guard]\nforbidden = ["a?"]\n[phrases]',
            "guard.forbidden[0]",
            'expected words, with stem*, either|or and optional? at most, the first not optional, found "a?"',
        ),
    ],
)
def test_a_bad_card_is_told(tmp_path: Path, old: str, new: str, where: str, what: str) -> None:
    assert old in CARD
    assert told(tmp_path, card=CARD.replace(old, new, 1)) == [f"card.toml: {where}: {what}"]


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, card='[character]\nid = "robin\n')
    assert problem.startswith("card.toml: is not TOML: ") and "line 2" in problem


def test_all_problems_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    problems = told(tmp_path, CARD.replace('name = "Robin"', "name = 1"), '[arrow_hit]\nlines = [1, 2]\nline = "x"')
    assert problems == [
        "card.toml: character.name: expected a text in quotes, found 1",
        'lines.toml: arrow_hit.line: unknown key (did you mean "lines"?)',
        "lines.toml: arrow_hit.lines[0]: expected a text or a table with text, found 1",
        "lines.toml: arrow_hit.lines[1]: expected a text or a table with text, found 2",
    ]


def test_more_than_ten_problems_are_counted(tmp_path: Path) -> None:
    problems = told(tmp_path, lines=f"[arrow_hit]\nlines = {list(range(13))}")
    assert len(problems) == 11 and problems[-1] == "and 3 more"


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="is not a folder"):
        load_card(tmp_path / "nowhere")
    with pytest.raises(CardError) as raised:
        load_card(tmp_path)
    assert raised.value.message.endswith("  card.toml: is missing\n  lines.toml: is missing")


def test_files_and_lines_are_bounded(tmp_path: Path) -> None:
    assert told(tmp_path, lines="#" * (1024 * 1024 + 1)) == ["lines.toml: is larger than 1024 KiB"]
    assert told(tmp_path, lines=f"[arrow_hit]\nlines = {['x'] * 5001}") == [
        "lines.toml: has 5001 lines, expected at most 5000"
    ]
    (problem,) = told(tmp_path, lines=f'[arrow_hit]\nlines = ["{"x" * 401}"]')
    assert problem.startswith("lines.toml: arrow_hit.lines[0].text: expected a text of 1 to 400 characters")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    write_card(tmp_path)
    (tmp_path / "lines.toml").write_bytes(b"[arrow_hit]\nlines = ['\xff']")
    with pytest.raises(CardError, match=r"lines\.toml: is not UTF-8 text at line 2"):
        load_card(tmp_path)


def test_a_card_is_found_by_name_or_by_folder(tmp_path: Path) -> None:
    assert find_card("fnlloyd") == find_card("!Fnlloyd") == builtin_cards()["fnlloyd"]
    assert find_card(write_card(tmp_path)) == tmp_path


def test_an_unknown_character_names_the_nearest() -> None:
    with pytest.raises(UnknownCharacter) as raised:
        find_card("floyd")
    assert raised.value.hint == 'did you mean "fnlloyd"? built in: fnlloyd'
