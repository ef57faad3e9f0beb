"""What every engine promises, kept by the scripted one, by an OpenAI-style server and by a real llama.cpp."""

import importlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import anyio
import pytest

from fnlloyd.assets import Assets
from fnlloyd.engines import Engine, LlamaCppEngine, OpenAIEngine, ScriptedEngine, Timeouts
from fnlloyd.engines.scripted import Failure, Script
from fnlloyd.errors import EngineFailed, EngineTimeout, EngineUnavailable, FnlloydError
from fnlloyd.events import Message, Piece, Prompt, Usage
from fnlloyd.launch import LlamaServer, LlamaShape

PROMPT = Prompt(
    (Message("system", "You are a witty companion."), Message("user", "Tell me about the Armada.")),
    max_tokens=48,
    temperature=0.0,
    session="ann",
)
LONG = "and on and on it went, " * 40


@dataclass
class Bench:
    """An engine under test, a way to see how many answers it is writing, and one of its kind that is dead."""

    engine: Engine
    running: Callable[[], Awaitable[int]]
    dead: Engine


@asynccontextmanager
async def scripted() -> AsyncIterator[Bench]:
    engine = ScriptedEngine(Script(text=LONG), rate=200)

    async def running() -> int:
        return engine.running

    yield Bench(engine, running, ScriptedEngine(fail=Failure("before")))


@asynccontextmanager
async def openai(paced: ModuleType) -> AsyncIterator[Bench]:
    async with paced.PacedEngine(paced.Pace(ttft_ms=5, rate=200, tokens=60)) as server:

        async def running() -> int:
            return int(server.counts.running)

        yield Bench(OpenAIEngine(server.base_url), running, OpenAIEngine("http://127.0.0.1:9/v1", "m"))


@asynccontextmanager
async def llamacpp(model: Path) -> AsyncIterator[Bench]:
    server = LlamaServer(model, LlamaShape(context=512))
    async with anyio.create_task_group() as group:
        await group.start(server.run)
        await server.wait_ready()
        patient = Timeouts(first_token_s=120, gap_s=60, total_s=300)
        engine = LlamaCppEngine(server.base_url, api_key=server.api_key, timeouts=patient)

        async def running() -> int:
            return sum(bool(slot["is_processing"]) for slot in await engine.slots())

        yield Bench(engine, running, LlamaCppEngine("http://127.0.0.1:9/v1", model="m"))
        group.cancel_scope.cancel()


@pytest.fixture(scope="session")
def paced() -> ModuleType:
    """The paced engine's module: it lives in the repository's bench folder, outside the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2]))
        return importlib.import_module("bench.paced_engine")


@pytest.fixture(params=["scripted", "openai", pytest.param("llamacpp", marks=pytest.mark.real)])
async def bench(request: pytest.FixtureRequest, paced: ModuleType) -> AsyncIterator[Bench]:
    if request.param == "llamacpp":
        opened = llamacpp(await model_or_skip())
    else:
        opened = scripted() if request.param == "scripted" else openai(paced)
    async with opened as bench:
        yield bench
        await bench.engine.aclose()
        await bench.dead.aclose()


async def model_or_skip() -> Path:
    try:
        return await Assets().model()
    except FnlloydError as trouble:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no model: {trouble}")


async def answer(engine: Engine, prompt: Prompt = PROMPT) -> list[Piece | Usage]:
    async with aclosing(engine.stream(prompt)) as stream:
        return [piece async for piece in stream]


async def seen(bench: Bench, count: int) -> None:
    """Wait until so many answers are being written."""
    with anyio.fail_after(10):
        while True:
            if await bench.running() == count:
                return
            await anyio.sleep(0.005)


async def test_an_answer_is_pieces_and_then_one_usage(bench: Bench) -> None:
    *pieces, usage = await answer(bench.engine)
    assert pieces
    assert all(isinstance(piece, Piece) and piece.text for piece in pieces)
    assert isinstance(usage, Usage)
    assert usage.prompt_tokens > 0
    assert 0 < usage.completion_tokens <= PROMPT.max_tokens


async def test_a_bound_on_tokens_is_kept(bench: Bench) -> None:
    usage = (await answer(bench.engine, replace(PROMPT, max_tokens=3)))[-1]
    assert isinstance(usage, Usage)
    assert usage.completion_tokens <= 3


async def test_leaving_early_stops_the_engine(bench: Bench) -> None:
    async with aclosing(bench.engine.stream(PROMPT)) as stream:
        assert isinstance(await anext(stream), Piece)
        await seen(bench, 1)
    await seen(bench, 0)


async def test_being_cancelled_stops_the_engine(bench: Bench) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(answer, bench.engine, replace(PROMPT, max_tokens=300))
        await seen(bench, 1)
        group.cancel_scope.cancel()
    await seen(bench, 0)


async def test_four_answers_at_once_do_not_mix(bench: Bench) -> None:
    answers: list[list[Piece | Usage]] = []

    async def ask(player: int) -> None:
        answers.append(await answer(bench.engine, replace(PROMPT, max_tokens=12, session=f"player {player}")))

    async with anyio.create_task_group() as group:
        for player in range(4):
            group.start_soon(ask, player)
    assert [sum(isinstance(piece, Usage) for piece in pieces) for pieces in answers] == [1] * 4
    await seen(bench, 0)


async def test_a_probe_says_what_it_is(bench: Bench) -> None:
    facts = await bench.engine.probe()
    assert (facts.ready, bool(facts.name), bool(facts.model)) == (True, True, True)
    assert facts.rung in range(5)


async def test_a_dead_engine_says_so_and_raises_unavailable(bench: Bench) -> None:
    facts = await bench.dead.probe()
    assert (facts.ready, bool(facts.detail)) == (False, True)
    with pytest.raises((EngineUnavailable, EngineFailed, EngineTimeout)) as caught:
        await answer(bench.dead)
    assert isinstance(caught.value, EngineUnavailable)
    assert caught.value.hint


async def test_tokens_are_counted_or_said_to_be_unknown(bench: Bench) -> None:
    few, many = await bench.engine.count_tokens("hello"), await bench.engine.count_tokens("hello there " * 9)
    assert (few is None and many is None) or (few is not None and many is not None and 0 < few < many)


async def test_closing_twice_is_no_harm(bench: Bench) -> None:
    await answer(bench.engine)
    await bench.engine.aclose()
    await bench.engine.aclose()
