"""Tokens counted, and history let go in blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.character import TokenCounts, estimate_tokens
from fnlloyd.character.budget import kept_from

# Counted with the tokenizer of SmolLM2: 49,152 entries, fewer than those of larger models.
MEASURED = [
    ("You are !Fnlloyd, a funny and brave British gentleman made of golden light.", 19),
    ("[The game now: score: 1200, lives: 1, bricksDestroyed: 87]", 27),
    ("[A boss of the Armada appears (name: Brickzilla)]", 15),
    ("Give them something round to think about!", 8),
    ("Gr\u00f6\u00dfe, na\u00efvet\u00e9, and a \U0001f642 \u65e5\u672c\u8a9e", 20),
]


@pytest.mark.parametrize(("text", "tokens"), MEASURED)
def test_an_estimate_is_on_the_high_side_and_not_absurd(text: str, tokens: int) -> None:
    assert tokens <= estimate_tokens(text) <= 2 * tokens


@given(st.text(max_size=50), st.text(max_size=50))
def test_more_text_is_never_fewer_tokens(one: str, two: str) -> None:
    assert estimate_tokens(f"{one}\n{two}") >= max(estimate_tokens(one), estimate_tokens(two))


@given(st.text(alphabet=st.characters(min_codepoint=128), max_size=50))
def test_letters_of_other_scripts_count_as_their_bytes(text: str) -> None:
    assert estimate_tokens(text) >= len("".join(text.split()))


def test_exact_counts_are_preferred_and_the_missing_are_known() -> None:
    counts = TokenCounts()
    counts.put("tea", 7)
    assert counts("tea") == 7
    assert counts("cake") == estimate_tokens("cake")
    assert counts.missing(["tea", "cake", "cake"]) == ["cake"]


def test_counts_do_not_grow_without_bound() -> None:
    counts = TokenCounts(limit=2)
    for text in ("a", "b", "c"):
        counts.put(text, 9)
    assert counts.missing(["a", "b", "c"]) == ["a"]


costs = st.lists(st.integers(1, 200), max_size=60)


@given(costs, st.integers(0, 3000), st.integers(1, 12), st.integers(0, 100))
def test_what_is_kept_fits(costs: list[int], budget: int, block: int, gone: int) -> None:
    start = kept_from(costs, budget=budget, block=block, gone=gone)
    assert 0 <= start <= len(costs)
    assert sum(costs[start:]) <= budget


@given(costs, st.integers(0, 3000))
def test_history_that_fits_is_kept_whole(costs: list[int], over: int) -> None:
    assert kept_from(costs, budget=sum(costs) + over, block=8) == 0


@given(st.integers(20, 60), st.integers(900, 3000))
def test_history_begins_anew_only_once_a_block(cost: int, budget: int) -> None:
    starts = [kept_from([cost] * turn, budget=budget, block=8) for turn in range(200)]
    assert starts == sorted(starts)
    assert {start % 8 for start in starts} == {0}


@given(costs, st.integers(500, 3000), st.integers(0, 40))
def test_forgetting_the_oldest_moves_no_block(costs: list[int], budget: int, gone: int) -> None:
    gone = min(gone, len(costs))
    whole = kept_from(costs, budget=budget, block=8)
    rest = gone + kept_from(costs[gone:], budget=budget, block=8, gone=gone)
    if whole % 8 == 0 and whole >= gone and whole < len(costs):
        assert rest == whole


def test_where_no_block_fits_the_newest_exchanges_are_kept_in_smaller_ones() -> None:
    assert kept_from([100] * 7, budget=250, block=8) == 6
