"""Several engines as one: the preferred first, the next only before the first word, and rest for those that fail."""

from __future__ import annotations

from contextlib import aclosing

import anyio
import pytest

from fnlloyd.engines import EnginePool
from fnlloyd.engines.pool import FIRST_REST_S, LONGEST_REST_S
from fnlloyd.engines.scripted import Failure, Script, ScriptedEngine
from fnlloyd.errors import EngineError, EngineFailed, EngineTimeout, EngineUnavailable
from fnlloyd.events import EngineFacts, Message, Piece, Prompt, Usage

PROMPT = Prompt((Message("user", "The boss is here"),))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def engine(name: str, fail: str | None = None, *, ttft_ms: float = 0.0, rate: float = 0.0) -> ScriptedEngine:
    """An engine that says its own name, so that one hears who answered."""
    failure = Failure.parse(fail) if fail else None
    return ScriptedEngine(Script(f"{name} here, at your service."), name=name, fail=failure, ttft_ms=ttft_ms, rate=rate)


async def pool_of(*engines: ScriptedEngine, clock: Clock | None = None) -> EnginePool:
    pool = EnginePool(engines, clock=clock or Clock())
    await pool.probe()
    return pool


async def heard(pool: EnginePool) -> str:
    async with aclosing(pool.stream(PROMPT)) as pieces:
        return "".join([piece.text async for piece in pieces if isinstance(piece, Piece)])


def recovers(broken: ScriptedEngine) -> None:
    broken.fail = None


async def test_the_preferred_engine_answers_while_it_can() -> None:
    first, second = engine("first"), engine("second")
    pool = await pool_of(first, second)
    assert [await heard(pool) for _ in range(3)] == ["first here, at your service."] * 3
    assert (pool.ready, pool.facts.name) == (True, "first")


async def test_usage_comes_last_and_from_the_engine_that_answered() -> None:
    pool = await pool_of(engine("first", "after:0"), engine("second"))
    async with aclosing(pool.stream(PROMPT)) as pieces:
        everything = [piece async for piece in pieces]
    assert everything[-1] == Usage(4, 5)
    assert sum(isinstance(piece, Usage) for piece in everything) == 1


async def test_an_engine_that_fails_before_its_first_word_is_followed_by_the_next() -> None:
    first, second, third = engine("first", "after:0"), engine("second", "after:0"), engine("third")
    pool = await pool_of(first, second, third)
    assert await heard(pool) == "third here, at your service."
    assert [one.running for one in (first, second, third)] == [0, 0, 0]


@pytest.mark.parametrize("words", [1, 3, 5])
async def test_after_the_first_word_nobody_takes_over_and_no_word_is_said_twice(words: int) -> None:
    first, second = engine("first", f"after:{words}"), engine("second")
    pool = await pool_of(first, second)
    said: list[str] = []
    with pytest.raises(EngineFailed):
        async with aclosing(pool.stream(PROMPT)) as pieces:
            async for piece in pieces:
                assert isinstance(piece, Piece)
                said.append(piece.text)
    assert "".join(said) == " ".join(["first", "here,", "at", "your", "service."][:words])
    assert await heard(pool) == "second here, at your service."


@pytest.mark.parametrize(
    ("failure", "error"), [("after:0", EngineFailed), ("timeout", EngineTimeout), ("before", EngineUnavailable)]
)
async def test_when_none_answers_the_last_one_s_error_is_told(failure: str, error: type[EngineError]) -> None:
    first, last = engine("first"), engine("last")
    pool = await pool_of(first, last)
    first.fail, last.fail = Failure.parse("after:0"), Failure.parse(failure)
    with pytest.raises(error):
        await heard(pool)
    assert (pool.ready, pool.facts.name) == (False, "first")


async def test_an_engine_that_failed_rests_and_is_asked_again_after_it() -> None:
    clock, first, second = Clock(), engine("first", "after:0"), engine("second")
    pool = await pool_of(first, second, clock=clock)
    await heard(pool)
    recovers(first)
    clock.now += 0.99 * FIRST_REST_S
    assert await heard(pool) == "second here, at your service."
    clock.now += 0.02 * FIRST_REST_S
    assert await heard(pool) == "first here, at your service."


async def test_each_failure_makes_the_rest_longer_up_to_a_limit_and_a_success_makes_it_short_again() -> None:
    clock, first, second = Clock(), engine("first", "after:0"), engine("second")
    pool = await pool_of(first, second, clock=clock)
    rests: list[float] = []

    async def rest() -> float:
        await heard(pool)
        began = clock.now
        while pool.facts.name != "first":
            clock.now += FIRST_REST_S / 4
        return clock.now - began

    rests = [await rest() for _ in range(8)]
    assert rests == [min(FIRST_REST_S * 2**count, LONGEST_REST_S) for count in range(8)]
    recovers(first)
    await heard(pool)
    first.fail = Failure.parse("after:0")
    assert await rest() == FIRST_REST_S


async def test_when_all_rest_the_preferred_one_is_asked_all_the_same() -> None:
    first, second = engine("first", "after:0"), engine("second", "after:0")
    pool = await pool_of(first, second)
    with pytest.raises(EngineFailed):
        await heard(pool)
    recovers(first)
    assert await heard(pool) == "first here, at your service."
    assert pool.ready


async def test_an_engine_that_says_it_is_not_ready_is_passed_over_until_it_is() -> None:
    first, second = engine("first", "before"), engine("second")
    pool = await pool_of(first, second)
    assert (pool.facts.name, await heard(pool)) == ("second", "second here, at your service.")
    recovers(first)
    await pool.probe()
    assert (pool.facts.name, await heard(pool)) == ("first", "first here, at your service.")


async def test_before_anyone_was_asked_the_pool_is_not_ready_and_says_so() -> None:
    pool = EnginePool([engine("first")])
    assert (pool.ready, pool.facts.ready, await pool.count_tokens("one two")) == (False, False, None)
    await pool.probe()
    assert (pool.ready, await pool.count_tokens("one two")) == (True, 2)


async def test_leaving_the_stream_stops_the_engine_before_and_after_the_first_word() -> None:
    for slow in (engine("thinks", ttft_ms=60_000.0), engine("crawls", rate=0.01)):
        pool = await pool_of(slow)
        with anyio.move_on_after(0.02):
            await heard(pool)
        assert (slow.running, slow.left_early) == (0, 1)


async def test_leaving_in_mid_stream_is_no_failure_of_the_engine() -> None:
    first = engine("first")
    pool = await pool_of(first, engine("second"))
    async with aclosing(pool.stream(PROMPT)) as pieces:
        await anext(pieces)
    assert (first.running, pool.facts.name) == (0, "first")


async def test_a_change_of_who_answers_is_told_once_each_way() -> None:
    clock, first, second = Clock(), engine("first", "after:0"), engine("second")
    told: list[tuple[str, bool]] = []
    pool = await pool_of(first, second, clock=clock)

    def note(facts: EngineFacts, degraded: bool) -> None:
        told.append((facts.name, degraded))

    pool.on_change = note
    await heard(pool)
    await heard(pool)
    assert told == [("second", True)]
    recovers(first)
    clock.now += FIRST_REST_S
    await heard(pool)
    await pool.probe()
    assert told == [("second", True), ("first", False)]


async def test_whoever_waits_for_readiness_is_let_go_when_some_engine_answers() -> None:
    first = engine("first", "before")
    pool = await pool_of(first)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(pool.until_ready)
        await anyio.wait_all_tasks_blocked()
        recovers(first)
        await pool.probe()


def test_a_pool_without_engines_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an engine"):
        EnginePool([])
