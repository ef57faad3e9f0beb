"""What a session remembers goes into a record and comes back; what was not heard is taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.events import Exchange, LineSentence
from fnlloyd.session import Memory
from fnlloyd.session.memory import EXCHANGES_KEPT, LINES_REVISABLE

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=8), JSON, max_size=4)
EXCHANGES = st.builds(
    Exchange,
    line=st.text(max_size=40),
    source=st.sampled_from(["canned", "llm", "context"]),
    at=st.floats(0, 4e9),
    said=st.none() | st.text(max_size=40),
    trigger=st.none() | st.text(max_size=8),
    data=OBJECTS,
    cut=st.booleans(),
)
MEMORIES = st.builds(
    Memory,
    character=st.text(max_size=8),
    began_at=st.floats(0, 4e9),
    state=OBJECTS,
    history=st.lists(EXCHANGES, max_size=4),
    seq=st.integers(0, 2**53),
    lines=st.integers(0, 2**32),
)
SENTENCES = (LineSentence(1, 0, "One two three four.", 0, 1900), LineSentence(1, 1, "Five.", 1900, 500))
WHOLE = "One two three four. Five."


def remembering(lines: int = 1) -> Memory:
    memory = Memory("fnlloyd", 0.0)
    for line in range(1, lines + 1):
        memory.remember(Exchange(WHOLE, "llm", float(line)), line, SENTENCES)
    return memory


@given(MEMORIES)
def test_a_record_brings_back_what_it_was_made_from(memory: Memory) -> None:
    text = json.dumps(memory.to_record(), allow_nan=False)
    assert Memory.from_record(json.loads(text)) == memory


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": None},
        {"history": [{"words": "?"}]},
        {"history": [5]},
        {"history": None},
        {"state": 7},
        {"began_at": "yesterday"},
        {"seq": None},
    ],
)
def test_a_record_that_is_not_ours_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Memory.from_record(remembering().to_record() | change)


@pytest.mark.parametrize("missing", sorted(Memory("", 0.0).to_record()))
def test_a_record_with_a_part_missing_is_refused(missing: str) -> None:
    record = remembering().to_record()
    del record[missing]
    with pytest.raises(KeyError):
        Memory.from_record(record)


def test_a_record_does_not_change_with_the_memory_it_came_from() -> None:
    memory = remembering()
    record = memory.to_record()
    memory.remember(Exchange("more", "llm", 2.0))
    assert len(record["history"]) == 1


@given(st.floats(0, 3000))
def test_a_line_is_revised_to_what_was_heard_of_it(heard_ms: float) -> None:
    memory = remembering()
    changed = memory.revise(1, heard_ms)
    (kept,) = memory.history
    assert WHOLE.startswith(kept.line)
    assert (changed, kept.cut) == (kept.line != WHOLE, kept.line != WHOLE)
    assert memory.revise(1, heard_ms) is False


def test_a_line_can_be_revised_twice() -> None:
    memory = remembering()
    assert memory.revise(1, 700) is True
    assert memory.history[0].line == "One two"
    assert memory.revise(1, 300) is True
    assert memory.history[0].line == "One"


def test_only_the_newest_lines_can_be_revised() -> None:
    memory = remembering(LINES_REVISABLE + 1)
    assert memory.revise(1, 300) is False
    assert memory.revise(2, 300) is True
    assert [exchange.line for exchange in memory.history[:3]] == [WHOLE, "One", WHOLE]


def test_two_equal_lines_are_told_apart() -> None:
    memory = Memory("fnlloyd", 0.0)
    for line in (1, 2):
        memory.remember(Exchange(WHOLE, "llm", 0.0), line, SENTENCES)
    assert memory.revise(2, 300) is True
    assert [exchange.line for exchange in memory.history] == [WHOLE, "One"]


def test_the_oldest_is_forgotten_first_and_is_no_longer_revised() -> None:
    memory = remembering()
    for number in range(EXCHANGES_KEPT):
        memory.remember(Exchange(str(number), "canned", 0.0))
    assert [memory.history[0].line, len(memory.history)] == ["0", EXCHANGES_KEPT]
    assert memory.revise(1, 300) is False


def test_forgetting_leaves_the_state() -> None:
    memory = remembering()
    memory.state = {"score": 3}
    memory.forget()
    assert (memory.history, memory.state, memory.revise(1, 300)) == ([], {"score": 3}, False)


def test_what_is_too_much_to_keep_loses_its_older_half_until_nothing_is_left() -> None:
    memory = Memory("fnlloyd", 0.0)
    for number in range(5):
        memory.remember(Exchange(str(number), "canned", 0.0))
    assert memory.shed() is True
    assert [exchange.line for exchange in memory.history] == ["3", "4"]
    assert [memory.shed(), memory.shed(), memory.shed()] == [True, True, False]
    assert (memory.history, memory.forgotten) == ([], 5)
