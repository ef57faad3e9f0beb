"""The character that comes with Fnlloyd: complete, speakable, himself."""

import re

import pytest

from fnlloyd.character import Card, Guard, estimate_tokens, find_card, load_card, read_mood, warm_prompt
from fnlloyd.events import Answer, Mood, Priority

CATEGORIES = {
    "ball": "ball_launch good_shot perfect_shot near_miss miss wall_bounce",
    "combo": "combo_start combo_5 combo_10 combo_15 combo_20_plus streak_broken",
    "powerup": "powerup powerup_multiball powerup_laser powerup_expand powerup_slow powerup_glue",
    "brick": "brick_destroyed brick_survival brick_special brick_rare row_clear multi_row_clear",
    "boss": "boss_appear boss_damage boss_phase boss_defeat",
    "life": "life_lost life_lost_3 life_lost_1 extra_life",
    "game": "start pause resume idle score_milestone level_complete game_complete game_over",
    "special": "first_brick hundred_brick perfect_level speed_run comeback clutch",
    "debug": "debug_mode fps_drop fps_stable",
    "player": "player_name player_ask_name player_ask_help player_thanks player_good player_bad player_funny "
    "player_angry player_sad player_excited player_tired",
    "mood": "mood_excited mood_worried mood_proud mood_frustrated mood_neutral mood_happy",
    "time": "morning afternoon evening night",
    "brickliminator": "bricklim_start shape_launched line_clear line_combo earth_damaged earth_critical earth_paved "
    "earth_saved shape_blocked",
    "help": "help",
}
SPEAKABLE = re.compile(r"[A-Za-z0-9 ,.;:!?'\-]+")


@pytest.fixture(scope="module")
def card() -> Card:
    return load_card(find_card("fnlloyd"))


def test_he_knows_every_trigger_in_its_category(card: Card) -> None:
    assert {name: " ".join(triggers) for name, triggers in card.categories.items()} == CATEGORIES


def test_every_trigger_has_six_lines_or_more(card: Card) -> None:
    assert [trigger for trigger in card.triggers if len(card.book.lines(trigger)) < 6] == []


def test_there_are_lines_enough_and_none_twice(card: Card) -> None:
    written = [text for section in card.book.sections.values() for text in section]
    assert len(written) >= 560
    every = [
        line.text for part in (card.book.sections, card.book.mood_lines) for lines in part.values() for line in lines
    ]
    assert sorted({text.casefold() for text in every}) == sorted(text.casefold() for text in every)


def test_every_line_is_short_and_speakable(card: Card) -> None:
    assert [line for line in card.book.all_lines() if not SPEAKABLE.fullmatch(line)] == []
    assert [line for line in card.book.all_lines() if not 1 <= len(line.split()) <= 12] == []


def test_his_own_guard_lets_all_his_lines_pass(card: Card) -> None:
    guard = Guard(card)
    lines = [*card.book.all_lines(), *(example.line for example in card.persona.examples), card.refrain or ""]
    assert [line for line in lines if not guard.check(line).ok] == []


def test_he_has_words_for_hellos_failures_and_ways_out(card: Card) -> None:
    assert [len(card.book.lines(section)) >= 5 for section in ("greeting", "fallback", "deflect")] == [True] * 3


def test_every_trigger_is_told_to_the_model_in_words(card: Card) -> None:
    assert [trigger for trigger in card.triggers if card.tell(trigger) is None] == []


def test_he_begins_with_the_state_that_older_clients_know(card: Card) -> None:
    assert card.default_state(now_ms=5) == {
        "score": 0, "lives": 3, "level": 1, "combo": 0, "maxCombo": 0, "bricksDestroyed": 0, "powerupsCollected": 0,
        "accuracy": 0, "shotsFired": 0, "shotsHit": 0, "streak": 0, "lastEvent": None, "sessionStart": 5,
        "mood": "neutral",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "mood"),
    [
        ({}, Mood("neutral", 0)),
        ({"combo": 20, "lives": 1}, Mood("excited", 3)),
        ({"combo": 10}, Mood("excited", 2)),
        ({"combo": 9, "lives": 1}, Mood("happy", 1)),
        ({"lives": 1, "streak": 9}, Mood("worried", 0)),
        ({"streak": 5}, Mood("proud", 0)),
        ({"accuracy": 0.29, "shotsFired": 11}, Mood("frustrated", 0)),
        ({"accuracy": 0.29, "shotsFired": 10}, Mood("neutral", 0)),
        ({"accuracy": 0.3, "shotsFired": 11}, Mood("neutral", 0)),
        ({"combo": "ten", "lives": None, "streak": True}, Mood("neutral", 0)),
    ],
)
def test_his_mood_follows_the_game(card: Card, state: dict[str, object], mood: Mood) -> None:
    assert read_mood(card, card.default_state() | state) == mood


def test_a_small_model_is_left_the_players_words_and_no_event(card: Card) -> None:
    assert {rule.answer for trigger in card.triggers if (rule := card.rule(trigger))} == {Answer.CANNED}


def test_a_large_model_writes_the_great_moments(card: Card) -> None:
    live = {t for t in card.triggers if (rule := card.rule(t, small_model=False)) and rule.answer is Answer.LIVE}
    assert {"boss_appear", "boss_defeat", "game_over", "earth_saved", "player_name"} <= live
    assert not live & {"good_shot", "wall_bounce", "boss_damage", "earth_critical"}


def test_the_gravest_moments_come_first(card: Card) -> None:
    critical = {t for t in card.triggers if (rule := card.rule(t)) and rule.priority is Priority.CRITICAL}
    assert {"boss_appear", "game_over", "life_lost_1", "earth_critical"} <= critical


def test_the_short_persona_is_short_enough_for_a_small_model(card: Card) -> None:
    prompt = warm_prompt(card, small_model=True)
    assert estimate_tokens(prompt.messages[0].content) < 120
    assert sum(estimate_tokens(message.content) for message in prompt.messages) < 256


def test_his_name_is_spelled_for_the_voice(card: Card) -> None:
    assert card.pronounce("I am !Fnlloyd.") == "I am Fenn-Lloyd."


def test_good_shot_reads_as_a_trigger(card: Card) -> None:
    assert card.read_phrase("Good shot!") == card.read_shorthand("!FN_GOOD_SHOT$") == "good_shot"
