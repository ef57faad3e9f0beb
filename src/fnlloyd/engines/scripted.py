"""The `scripted:` engine: words without a model, always the same for the same prompt. For a game's own tests.

One piece is one word with the space before it, so `max_tokens`, `count_tokens` and Usage all count words.
"""

from __future__ import annotations

import tomllib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import anyio
from anyio.lowlevel import checkpoint

from fnlloyd.errors import EngineFailed, EngineTimeout, EngineUnavailable, SetupError
from fnlloyd.events import EngineFacts, Piece, Prompt, Usage

ECHOED_WORDS = 12
FAILURES = ("before", "after:N", "timeout")


@dataclass(frozen=True, slots=True)
class Script:
    """What the engine says. The first key of `answers` found in the newest message (any case) gives the text;
    then `text`; with neither, the engine echoes.
    """

    text: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `text = "..."` and a table `[answers]` from a TOML file. Blocks; raises SetupError."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SetupError(f"cannot read the script {path}: {error}", hint="it is TOML: text, [answers]") from error
        answers = table.get("answers", {})
        if not isinstance(answers, dict) or not all(isinstance(line, str) for line in answers.values()):
            raise SetupError(f"[answers] in {path} must map words to lines", hint='write: boss = "To arms!"')
        text = table.get("text")
        return cls(text=text if isinstance(text, str) else None, answers=answers)

    def line(self, prompt: Prompt) -> str:
        """Compose the whole answer to a prompt."""
        newest = next((m.content for m in reversed(prompt.messages) if m.role == "user"), "")
        lowered = newest.lower()
        for key, answer in self.answers.items():
            if key.lower() in lowered:
                return answer
        return self.text if self.text is not None else echo(newest)


def echo(newest: str) -> str:
    """Answer in character from the last line of the newest user message: its first twelve words, quoted.

    Lines in square brackets tell the model how things stand; they are echoed only if there are no others.
    """
    lines = [line for line in newest.splitlines() if line.strip()]
    said = [line for line in lines if not line.lstrip().startswith("[")] or lines
    words = said[-1].strip("[] ").split() if said else []
    if not words:
        return "I say, how very quiet. Do go on."
    return f'I say: "{" ".join(words[:ECHOED_WORDS])}"! Splendid, do go on.'


@dataclass(frozen=True, slots=True)
class Failure:
    """How a stream fails: after `pieces` pieces, as a broken answer or (`timeout`) as silence given up on."""

    kind: str
    pieces: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `before`, `after:N` or `timeout`. Raises SetupError."""
        kind, _, count = text.partition(":")
        if kind == "after" and count.isdecimal():
            return cls(kind, int(count))
        if kind in ("before", "timeout") and not count:
            return cls(kind)
        raise SetupError(f"fail={text} is not a failure scripted: knows", hint=f"use one of {', '.join(FAILURES)}")

    def error(self) -> EngineFailed | EngineTimeout | EngineUnavailable:
        if self.kind == "before":
            return EngineUnavailable("the scripted engine was asked to be away", hint="leave out fail=")
        if self.kind == "timeout":
            return EngineTimeout("the scripted engine was asked to be silent", hint="leave out fail=")
        return EngineFailed(
            f"the scripted engine was asked to break after {self.pieces} pieces", hint="leave out fail="
        )


class ScriptedEngine:
    """Stream a script word by word. `ttft_ms` before the first word; `rate` words a second after it, 0 for no wait."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        ttft_ms: float = 0.0,
        rate: float = 0.0,
        fail: Failure | None = None,
        name: str = "scripted",
    ) -> None:
        self.script = script or Script()
        self.ttft_ms = ttft_ms
        self.rate = rate
        self.fail = fail
        self.name = name
        self.running = 0  # streams begun and neither ended nor left
        self.left_early = 0

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Piece | Usage]:
        """Yield the script's words, then a Usage; fail as asked."""
        whole = pieces(self.script.line(prompt))
        words = whole[: prompt.max_tokens]
        self.running += 1
        ended = False
        try:
            await self._wait(self.ttft_ms / 1000)
            for count, word in enumerate(words):
                self._fail_at(count)
                if count:
                    await self._wait(1 / self.rate if self.rate else 0.0)
                yield Piece(word)
            self._fail_at(len(words), last=True)
            ended = True
            yield Usage(sum(len(pieces(m.content)) for m in prompt.messages), len(words))
        except (EngineFailed, EngineTimeout, EngineUnavailable):
            ended = True
            raise
        finally:
            self.running -= 1
            self.left_early += not ended

    def _fail_at(self, count: int, *, last: bool = False) -> None:
        if self.fail is not None and (count == self.fail.pieces or last):
            raise self.fail.error()

    @staticmethod
    async def _wait(seconds: float) -> None:
        # A checkpoint even at full speed: a stream that never yields to the loop starves the others.
        await (anyio.sleep(seconds) if seconds > 0 else checkpoint())

    async def probe(self) -> EngineFacts:
        ready = self.fail is None or self.fail.kind == "after"
        detail = f"asked to fail: {self.fail.kind}" if self.fail and not ready else None
        return EngineFacts(self.name, "scripted", rung=0, ready=ready, detail=detail)

    async def count_tokens(self, text: str) -> int | None:
        return len(pieces(text))

    async def aclose(self) -> None:
        """Nothing to give back."""


def pieces(text: str) -> list[str]:
    """Cut a text into words, each but the first with one space before it."""
    return [f" {word}" if number else word for number, word in enumerate(text.split())]
