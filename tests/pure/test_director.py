"""What the director promises, whatever happens on the stage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fnlloyd.director import WAITING_LIMIT, Decline, How, Kind, Speak, Speaking, Stage, decide, decide_say
from fnlloyd.events import Answer, Event, Interrupt, Mode, OutcomeKind, Priority, Reason, TriggerRule

TRIGGERS = st.sampled_from(["boss_appear", "good_shot", "start"])
SECONDS = st.floats(0, 1000)
EVENTS = st.builds(
    Event,
    trigger=TRIGGERS,
    priority=st.none() | st.sampled_from(Priority),
    mode=st.sampled_from(Mode),
    text=st.just("To arms!"),
    interrupt=st.none() | st.sampled_from(Interrupt),
)
RULES = st.builds(
    TriggerRule,
    trigger=st.just(""),
    category=st.just("test"),
    priority=st.sampled_from(Priority),
    cooldown_s=st.floats(0, 100),
    answer=st.sampled_from(Answer),
    enabled=st.booleans(),
)
STAGES = st.builds(
    Stage,
    speaking=st.none() | st.builds(Speaking, st.sampled_from(Priority), st.booleans()),
    waiting=st.integers(0, WAITING_LIMIT),
    last_spoken=st.dictionaries(TRIGGERS, SECONDS),
    engine_ready=st.booleans(),
    disabled=st.frozensets(TRIGGERS, max_size=1),
)
BUSY = Stage(speaking=Speaking(Priority.NORMAL))
RULE = TriggerRule("boss_appear", "boss")


def waits_or_starts(decision: Speak | Decline) -> bool:
    return isinstance(decision, Speak) and decision.how is not How.REPLACE


@given(EVENTS, RULES, STAGES, SECONDS)
def test_the_same_moment_is_decided_the_same_way_twice(
    event: Event, rule: TriggerRule, stage: Stage, now: float
) -> None:
    assert decide(event, rule, stage, now) == decide(replace(event), replace(rule), replace(stage), now)


@given(EVENTS, RULES, STAGES, SECONDS)
def test_a_trigger_in_its_cooldown_gets_no_line_unless_its_words_were_given(
    event: Event, rule: TriggerRule, stage: Stage, now: float
) -> None:
    just_now = replace(stage, last_spoken={event.trigger: now - 0.9 * rule.cooldown_s})
    decision = decide(event, replace(rule, cooldown_s=rule.cooldown_s + 1), just_now, now)
    assert isinstance(decision, Decline) or event.mode is Mode.VERBATIM


@given(EVENTS, RULES, STAGES, SECONDS)
def test_a_trigger_out_of_its_cooldown_is_never_refused_for_it(
    event: Event, rule: TriggerRule, stage: Stage, now: float
) -> None:
    last = stage.last_spoken.get(event.trigger)
    assume(last is None or now - last >= rule.cooldown_s)
    decision = decide(event, rule, stage, now)
    assert not (isinstance(decision, Decline) and decision.reason is Reason.COOLDOWN)


@given(EVENTS, RULES, STAGES, SECONDS)
def test_a_low_event_never_cuts_in_by_itself(event: Event, rule: TriggerRule, stage: Stage, now: float) -> None:
    low = replace(event, priority=Priority.LOW, interrupt=None)
    busy = replace(stage, speaking=stage.speaking or Speaking(Priority.LOW))
    assert isinstance(decide(low, rule, busy, now), Decline)


@given(EVENTS, RULES, STAGES, SECONDS)
def test_a_critical_event_never_waits_by_itself(event: Event, rule: TriggerRule, stage: Stage, now: float) -> None:
    critical = replace(event, priority=Priority.CRITICAL, interrupt=None)
    decision = decide(critical, rule, stage, now)
    assert not (isinstance(decision, Speak) and decision.how is How.WAIT)


@given(EVENTS, RULES, STAGES, SECONDS)
def test_an_event_that_asks_to_queue_never_cuts_in(event: Event, rule: TriggerRule, stage: Stage, now: float) -> None:
    decision = decide(replace(event, interrupt=Interrupt.QUEUE), rule, stage, now)
    assert isinstance(decision, Decline) or waits_or_starts(decision)


@given(st.lists(st.tuples(EVENTS, RULES)), st.booleans())
def test_never_more_than_the_limit_wait_however_many_events_come(
    happenings: list[tuple[Event, TriggerRule]], engine_ready: bool
) -> None:
    waiting = 0
    for event, rule in happenings:
        decision = decide(event, rule, replace(BUSY, waiting=waiting, engine_ready=engine_ready), 0.0)
        waiting += isinstance(decision, Speak) and decision.how is How.WAIT
        assert waiting <= WAITING_LIMIT


def test_one_too_many_is_told_that_the_queue_is_full() -> None:
    full = replace(BUSY, waiting=WAITING_LIMIT)
    assert decide(Event("boss_appear"), RULE, full, 0.0) == Decline(OutcomeKind.DROPPED, Reason.FULL)


@given(EVENTS, RULES, STAGES, SECONDS)
def test_a_trigger_that_is_switched_off_never_speaks(event: Event, rule: TriggerRule, stage: Stage, now: float) -> None:
    off = Decline(OutcomeKind.CONTEXT if event.mode is Mode.CONTEXT else OutcomeKind.DROPPED)
    by_card = decide(event, replace(rule, enabled=False), stage, now)
    by_game = decide(event, rule, replace(stage, disabled=frozenset({event.trigger})), now)
    assert by_card == by_game == replace(off, reason=None if event.mode is Mode.CONTEXT else Reason.DISABLED)


@given(EVENTS, RULES, STAGES, SECONDS)
def test_what_is_only_context_never_speaks(event: Event, rule: TriggerRule, stage: Stage, now: float) -> None:
    assert decide(replace(event, mode=Mode.CONTEXT), rule, stage, now) == Decline(OutcomeKind.CONTEXT)


@given(EVENTS, RULES)
def test_an_event_s_own_priority_goes_before_the_card_s(event: Event, rule: TriggerRule) -> None:
    decision = decide(replace(event, mode=Mode.AUTO), replace(rule, enabled=True), Stage(), 0.0)
    assert isinstance(decision, Speak)
    assert decision.priority is (event.priority or rule.priority)


@given(STAGES)
def test_the_player_is_always_answered_live_and_at_once(stage: Stage) -> None:
    decision = decide_say(stage)
    assert decision.kind is Kind.LIVE
    assert decision.how is (How.REPLACE if stage.speaking else How.START)


@pytest.mark.parametrize(
    ("mode", "answer", "engine_ready", "kind"),
    [
        (Mode.AUTO, Answer.CANNED, True, Kind.CANNED),
        (Mode.AUTO, Answer.LIVE, True, Kind.LIVE),
        (Mode.AUTO, Answer.LIVE, False, Kind.CANNED),
        (Mode.CANNED, Answer.LIVE, True, Kind.CANNED),
        (Mode.LLM, Answer.CANNED, True, Kind.LIVE),
        (Mode.LLM, Answer.CANNED, False, Kind.LIVE),
        (Mode.VERBATIM, Answer.LIVE, True, Kind.VERBATIM),
    ],
)
def test_the_words_come_from_where_the_event_or_else_the_card_says(
    mode: Mode, answer: Answer, engine_ready: bool, kind: Kind
) -> None:
    event = Event("boss_appear", mode=mode, text="To arms!")
    decision = decide(event, replace(RULE, answer=answer), Stage(engine_ready=engine_ready), 0.0)
    assert decision == Speak(kind, How.START, Priority.NORMAL)


@pytest.mark.parametrize(
    ("asked", "priority", "how"),
    [
        (None, Priority.NORMAL, How.WAIT),
        (None, Priority.HIGH, How.WAIT),
        (None, Priority.CRITICAL, How.REPLACE),
        (Interrupt.QUEUE, Priority.CRITICAL, How.WAIT),
        (Interrupt.QUEUE, Priority.LOW, How.WAIT),
        (Interrupt.REPLACE, Priority.LOW, How.REPLACE),
        (Interrupt.NOW, Priority.LOW, How.REPLACE),
    ],
)
def test_while_somebody_speaks_the_game_s_wish_goes_before_the_priority(
    asked: Interrupt | None, priority: Priority, how: How
) -> None:
    event = Event("boss_appear", priority=priority, interrupt=asked)
    assert decide(event, RULE, BUSY, 0.0) == Speak(Kind.CANNED, how, priority)
