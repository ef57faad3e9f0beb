"""The scripted engine: deterministic words, and failures on demand."""

from contextlib import aclosing
from pathlib import Path

import pytest

from fnlloyd.engines.open import open_engine
from fnlloyd.engines.scripted import ScriptedEngine, echo
from fnlloyd.errors import EngineFailed, EngineTimeout, EngineUnavailable, FnlloydError, SetupError
from fnlloyd.events import Message, Piece, Prompt, Usage

PROMPT = Prompt((Message("system", "Be brave."), Message("user", "The boss is here"), Message("assistant", "Oh")))


def scripted(options: str) -> ScriptedEngine:
    engine = open_engine(f"scripted:{options}")
    assert isinstance(engine, ScriptedEngine)
    return engine


async def answer(engine: ScriptedEngine, prompt: Prompt = PROMPT) -> list[Piece | Usage]:
    async with aclosing(engine.stream(prompt)) as stream:
        return [piece async for piece in stream]


def text(pieces: list[Piece | Usage]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Piece))


async def test_it_echoes_the_newest_user_message_the_same_each_time() -> None:
    first, second = await answer(scripted("")), await answer(scripted(""))
    assert text(first) == 'I say: "The boss is here"! Splendid, do go on.' == echo("The boss is here")
    assert first == second


async def test_only_the_last_line_and_twelve_words_are_echoed() -> None:
    newest = "[state] score: 4\n\n" + " ".join(str(number) for number in range(20)) + "\n"
    assert echo(newest) == 'I say: "0 1 2 3 4 5 6 7 8 9 10 11"! Splendid, do go on.'
    assert echo(" \n") == "I say, how very quiet. Do go on."


async def test_a_text_and_a_bound_are_kept() -> None:
    pieces = await answer(scripted("?text=one%20two+three"), Prompt(PROMPT.messages, max_tokens=2))
    assert pieces == [Piece("one"), Piece(" two"), Usage(7, 2)]


@pytest.fixture
def from_file(tmp_path: Path) -> ScriptedEngine:
    script = tmp_path / "lines.toml"
    script.write_text('text = "Quite."\n[answers]\nBOSS = "To arms!"\n')
    return scripted(str(script))


async def test_a_script_answers_by_the_words_it_finds(from_file: ScriptedEngine) -> None:
    engine = from_file
    assert text(await answer(engine)) == "To arms!"
    assert text(await answer(engine, Prompt((Message("user", "tea?"),)))) == "Quite."


@pytest.mark.parametrize(
    ("fail", "error", "said"),
    [
        ("before", EngineUnavailable, 0),
        ("timeout", EngineTimeout, 0),
        ("after:0", EngineFailed, 0),
        ("after:3", EngineFailed, 3),
        ("after:99", EngineFailed, 10),
    ],
)
async def test_it_fails_as_asked(fail: str, error: type[FnlloydError], said: int) -> None:
    engine = scripted(f"?fail={fail}")
    pieces = []
    with pytest.raises(error):
        async with aclosing(engine.stream(PROMPT)) as stream:
            async for piece in stream:
                pieces.append(piece)  # noqa: PERF401 - what came before the error counts
    assert (len(pieces), engine.running, engine.left_early) == (said, 0, 0)


async def test_leaving_is_counted() -> None:
    engine = scripted("")
    async with aclosing(engine.stream(PROMPT)) as stream:
        await anext(stream)
        assert engine.running == 1
    assert (engine.running, engine.left_early) == (0, 1)


@pytest.mark.parametrize("options", ["?fail=maybe", "?fail=after:x", "?rate=fast", "?ttft_ms=-1", "?pace=1", "?text"])
def test_what_it_does_not_know_is_refused_with_a_hint(options: str) -> None:
    with pytest.raises(SetupError) as caught:
        scripted(options)
    assert caught.value.hint


def test_a_script_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[answers]\nx = 3")
    for name in ("none.toml", "bad.toml"):
        with pytest.raises(SetupError, match=name):
            scripted(str(tmp_path / name))
