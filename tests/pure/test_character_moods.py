"""Moods by rule, and merge patches as RFC 7396 has them."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.character import merge_patch, read_mood
from fnlloyd.character.conditions import Condition, parse_condition
from fnlloyd.errors import BadMessage, TooBig
from fnlloyd.events import Mood

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from("abcd"), json, max_size=4)


@dataclass
class Rule:
    name: str = ""
    level: int = 0
    when: dict[str, Condition] = field(default_factory=dict)


@dataclass
class Rules:
    moods: list[Rule]
    intensity: list[Rule] = field(default_factory=list)


def mood_when(written: object, state: dict[str, Any], of: str = "x") -> bool:
    return read_mood(Rules([Rule("yes", when={of: parse_condition(written)})]), state) == Mood("yes")


@pytest.mark.parametrize(
    ("written", "found", "holds"),
    [
        (">= 10", 10, True), (">=10", 9.99, False), ("< 0.3", 0.1, True), ("= 1", 1, True), ("!= 1", 2, True),
        ("> -2", -1, True), ("<= 1e3", 1000, True), (3, 3.0, True), (True, True, True), (True, 1, False),
        ("> 0", True, False), ("!= 1", "one", False), (">= 10", "10", False), (">= 10", None, False),
        (">= 10", [10], False), (">= 10", float("nan"), False), (">= 10", 10**400, False), ("day", "day", True),
        ("day", "night", False),
    ],
)  # fmt: skip
def test_a_condition_holds_for_what_it_names_and_for_nothing_of_another_kind(
    written: object, found: object, holds: bool
) -> None:
    assert mood_when(written, {"x": found}) is holds


def test_a_condition_reaches_into_tables_with_dots() -> None:
    assert mood_when("< 5", {"boss": {"health": 2}}, of="boss.health")
    assert not mood_when("< 5", {"boss": 2}, of="boss.health")


def test_all_conditions_of_a_rule_must_hold_and_the_first_rule_that_does_wins() -> None:
    both = {"a": parse_condition("> 1"), "b": parse_condition("> 1")}
    rules = Rules(
        [Rule("both", when=both), Rule("one", when={"a": parse_condition("> 1")})], [Rule(level=2, when=both)]
    )
    assert read_mood(rules, {"a": 2, "b": 2}) == Mood("both", 2)
    assert read_mood(rules, {"a": 2}) == Mood("one", 0)
    assert read_mood(rules, {}) == Mood("neutral", 0)


@pytest.mark.parametrize("written", ["", " ", ">= ten", "< nan", "> inf", None, [1], {}, float("nan")])
def test_a_condition_that_makes_no_sense_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="expected a comparison"):
        parse_condition(written)


@given(objects)
def test_moods_are_read_from_any_state(state: dict[str, Any]) -> None:
    assert mood_when("> 1", state, of="a.b") in (True, False)


# Appendix A of the RFC: target, patch, result.
RFC = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), RFC)
def test_a_patch_merges_as_in_the_rfcs_examples(target: object, patch: object, result: object) -> None:
    assert merge_patch({"field": target}, {"field": patch}) == {"field": result}
    if isinstance(target, dict) and isinstance(patch, dict):
        assert merge_patch(target, patch) == result


def test_null_removes_a_field() -> None:
    assert merge_patch({"a": "foo"}, {"a": None}) == {}


@given(objects, objects)
def test_merging_changes_neither_argument(state: dict[str, Any], patch: dict[str, Any]) -> None:
    before = deepcopy((state, patch))
    merge_patch(state, patch)
    assert (state, patch) == before


@given(objects, objects)
def test_merging_twice_is_merging_once(state: dict[str, Any], patch: dict[str, Any]) -> None:
    once = merge_patch(state, patch)
    assert merge_patch(once, patch) == once


@given(objects)
def test_the_empty_patch_changes_nothing(state: dict[str, Any]) -> None:
    assert merge_patch(state, {}) == state


def test_later_changes_of_the_sender_do_not_reach_the_state() -> None:
    patch = {"bag": [{"coins": 1}]}
    state = merge_patch({}, patch)
    patch["bag"][0]["coins"] = 9
    assert state == {"bag": [{"coins": 1}]}


@pytest.mark.parametrize("patch", [None, 3, "x", [1], True])
def test_a_patch_that_is_no_object_is_refused(patch: Any) -> None:
    with pytest.raises(BadMessage, match="expected an object"):
        merge_patch({}, patch)


@pytest.mark.parametrize("wrap", [lambda inner: {"a": inner}, lambda inner: {"a": [inner]}])
def test_a_patch_nested_too_deep_is_refused(wrap: Any) -> None:
    patch: Any = {}
    for _ in range(2000):
        patch = wrap(patch)
    with pytest.raises(TooBig):
        merge_patch({}, patch)
