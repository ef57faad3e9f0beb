"""The embedded engine for real: a small model in a child process that answers, stops, dies and comes back."""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import anyio
import pytest

from fnlloyd.engines import LlamaCppEngine, Timeouts
from fnlloyd.errors import EngineError, SetupError
from fnlloyd.events import Message, Piece, Prompt, Usage
from fnlloyd.launch import ChildState, LlamaServer, LlamaShape

pytestmark = pytest.mark.real

CARD = Message("system", "You are Fnlloyd, a witty and loyal companion who answers in one short sentence. " * 6)
PATIENT = Timeouts(first_token_s=120, gap_s=60, total_s=300)


def said_by(player: str, text: str, max_tokens: int = 16) -> Prompt:
    return Prompt((CARD, Message("user", text)), max_tokens=max_tokens, temperature=0.0, session=player)


@asynccontextmanager
async def started(model: Path) -> AsyncIterator[tuple[LlamaServer, LlamaCppEngine]]:
    server = LlamaServer(model, LlamaShape(slots=4, context=1024))
    with anyio.fail_after(300):
        async with anyio.create_task_group() as group:
            await group.start(server.run)
            await server.wait_ready()
            engine = LlamaCppEngine(server.base_url, api_key=server.api_key, timeouts=PATIENT)
            yield server, engine
            await engine.aclose()
            group.cancel_scope.cancel()


async def answer(engine: LlamaCppEngine, prompt: Prompt) -> list[Piece | Usage]:
    async with aclosing(engine.stream(prompt)) as stream:
        return [piece async for piece in stream]


async def idle(engine: LlamaCppEngine) -> None:
    while True:
        if not any(slot["is_processing"] for slot in await engine.slots()):
            return
        await anyio.sleep(0.005)


async def test_it_answers_counts_and_says_what_it_is(model_file: Path) -> None:
    async with started(model_file) as (server, engine):
        *pieces, usage = await answer(engine, said_by("ann", "Hello!"))
        assert "".join(piece.text for piece in pieces if isinstance(piece, Piece)).strip()
        assert isinstance(usage, Usage)
        assert await engine.count_tokens("Hello there") == 2
        facts = await engine.probe()
        assert (facts.ready, facts.slots, facts.context_tokens, facts.rung) == (True, 4, 1024, 1)
        assert server.api_key not in " ".join(server.child.command)


async def test_a_stranger_without_the_key_is_refused(model_file: Path) -> None:
    async with started(model_file) as (server, _):
        stranger = LlamaCppEngine(server.base_url, api_key="wrong")
        with pytest.raises(EngineError, match="refuses the key"):
            await answer(stranger, said_by("eve", "Hello!"))
        await stranger.aclose()


async def test_leaving_stops_it_and_four_at_once_are_answered(model_file: Path) -> None:
    async with started(model_file) as (_, engine):
        async with aclosing(engine.stream(said_by("ann", "Tell me a very long story.", 900))) as stream:
            await anext(stream)
        with anyio.fail_after(20):
            await idle(engine)
        answers: list[list[Piece | Usage]] = []

        async def ask(player: str) -> None:
            answers.append(await answer(engine, said_by(player, f"I am {player}. Hello!")))

        async with anyio.create_task_group() as group:
            for player in ("ann", "bob", "cid", "dot"):
                group.start_soon(ask, player)
        assert [isinstance(pieces[-1], Usage) for pieces in answers] == [True] * 4


async def test_warming_fills_every_slot_with_the_card(model_file: Path) -> None:
    async with started(model_file) as (_, engine):
        await engine.warm(said_by("", "Hello"))
        for player in ("ann", "bob", "cid", "dot"):
            usage = (await answer(engine, said_by(player, f"{player} here.", 2)))[-1]
            assert isinstance(usage, Usage)
            assert (usage.cached_tokens or 0) >= 0.8 * usage.prompt_tokens


async def test_killed_it_comes_back_at_the_same_address_and_answers(model_file: Path) -> None:
    async with started(model_file) as (server, engine):
        await answer(engine, said_by("ann", "Hello!"))
        pid = server.child.pid
        assert pid is not None
        async with aclosing(engine.stream(said_by("ann", "Tell me a very long story.", 900))) as stream:
            await anext(stream)
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(EngineError):
                async for _ in stream:
                    pass
        while True:  # until its death is noticed
            if server.state is not ChildState.READY:
                break
            await anyio.sleep(0.005)
        await server.wait_ready()
        assert server.child.pid != pid
        assert isinstance((await answer(engine, said_by("ann", "Hello again!")))[-1], Usage)


@pytest.fixture
def half_a_model(model_file: Path, tmp_path: Path) -> Path:
    path = tmp_path / "half.gguf"
    with model_file.open("rb") as whole:
        path.write_bytes(whole.read(100_000))
    return path


async def test_a_broken_model_is_told_with_the_librarys_own_words(half_a_model: Path) -> None:
    server = LlamaServer(half_a_model)
    async with anyio.create_task_group() as group:
        await group.start(server.run)
        with pytest.raises(SetupError, match=r"failed to load model[^$]*half\.gguf"):
            await server.wait_ready()
        group.cancel_scope.cancel()


async def test_a_missing_model_is_told(tmp_path: Path) -> None:
    server = LlamaServer(tmp_path / "none.gguf")
    async with anyio.create_task_group() as group:
        await group.start(server.run)
        with pytest.raises(SetupError, match=r"no model at .*none\.gguf"):
            await server.wait_ready()
        group.cancel_scope.cancel()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_it_dies_with_its_parent_however_that_dies(model_file: Path, tmp_path: Path) -> None:
    parent = tmp_path / "parent.py"
    parent.write_text(
        "import anyio, sys\n"
        "from pathlib import Path\n"
        "from fnlloyd.launch import LlamaServer, LlamaShape\n"
        "async def main():\n"
        "    server = LlamaServer(Path(sys.argv[1]), LlamaShape(slots=1, context=512))\n"
        "    async with anyio.create_task_group() as group:\n"
        "        await group.start(server.run)\n"
        "        await server.wait_ready()\n"
        "        print(server.child.pid, flush=True)\n"
        "        await anyio.sleep_forever()\n"
        "anyio.run(main)\n"
    )
    process = await anyio.open_process([sys.executable, str(parent), str(model_file)], stderr=None)
    assert process.stdout is not None
    with anyio.fail_after(120):
        pid = int(await process.stdout.receive())
        process.kill()
        await process.aclose()
        while True:
            if not await _is_alive(pid):
                break
            await anyio.sleep(0.01)


async def _is_alive(pid: int) -> bool:
    try:
        stat = await anyio.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"  # nobody may be there to bury it
