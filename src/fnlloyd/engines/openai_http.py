"""An OpenAI-style server as an engine: the one wire that vLLM, llama-server and most others share.

Leaving the stream closes the connection, which is how these servers learn to stop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from fnlloyd.engines.chunks import DONE, Chunk, read_chunk, request_body
from fnlloyd.engines.http_door import HttpDoor, Timeouts
from fnlloyd.engines.sse import EventTooLong, SseReader
from fnlloyd.errors import EngineError, EngineFailed
from fnlloyd.events import EngineFacts, Piece, Prompt, Usage


class OpenAIEngine:
    """Stream from `base_url` (up to and including /v1). With no `model`, the first one the server serves is used.

    `extra_body` goes into every request: `{"chat_template_kwargs": {"enable_thinking": False}}`.
    """

    def __init__(
        self,
        base_url: str,
        model: str | None = None,
        *,
        api_key: str | None = None,
        timeouts: Timeouts | None = None,
        extra_body: Mapping[str, Any] | None = None,
        name: str = "openai",
        rung: int = 3,
    ) -> None:
        self.name = name
        self.model = model or None
        self.rung = rung
        self.door = HttpDoor(base_url, name=name, api_key=api_key, timeouts=timeouts)
        self.extra_body = dict(extra_body or {})
        self._chat = self.door.url / "chat" / "completions"
        self._served = self.model

    def __repr__(self) -> str:
        return f"OpenAIEngine({self.door.address}, {self.model!r})"

    async def stream(self, prompt: Prompt, extra: Mapping[str, Any] | None = None) -> AsyncGenerator[Piece | Usage]:
        """Yield pieces, then the Usage if the server gives one. `extra` joins this request's body only."""
        now = asyncio.get_running_loop().time
        limits = self.door.timeouts
        total = now() + limits.total_s
        deadline = min(now() + limits.first_token_s, total)
        model = self._served or await self._first_served()
        body = request_body(prompt, model, self.extra_body, extra)
        response = await self.door.open_stream(self._chat, body, deadline, model=model)
        reader, usage, finished, done = SseReader(), None, False, False
        try:
            while not done:
                arrived = await self.door.read(response, deadline)
                for event in self._events(reader, arrived):
                    if event == DONE:
                        done = True
                        break
                    chunk = self._chunk(event)
                    usage = chunk.usage or usage
                    finished = finished or chunk.finished
                    if chunk.text:
                        yield Piece(chunk.text)
                        deadline = min(now() + limits.gap_s, total)
                if not arrived:
                    break
            if not done and not finished:
                raise EngineFailed(f"{self.name} broke off in the middle of its answer", hint="see the engine's log")
            if arrived:
                await self.door.drain(response)
        finally:
            response.close()  # an answer read to its end has given its connection back already
        if usage is not None:
            yield usage

    async def probe(self) -> EngineFacts:
        try:
            served = await self._models()
        except EngineError as error:
            return EngineFacts(self.name, self.model or "unknown", self.rung, ready=False, detail=str(error))
        names = [str(entry.get("id")) for entry in served]
        model = self.model or (names[0] if names else "unknown")
        entry = next((entry for entry in served if entry.get("id") == model), {})
        context = entry.get("max_model_len")
        missing = None if model in names else f"it serves {', '.join(names[:8]) or 'no model'}"
        return EngineFacts(
            self.name,
            model,
            self.rung,
            ready=missing is None,
            context_tokens=context if isinstance(context, int) else None,
            detail=missing,
        )

    async def count_tokens(self, text: str) -> int | None:
        """This wire has no way to ask."""
        return None

    async def aclose(self) -> None:
        await self.door.aclose()

    async def _first_served(self) -> str:
        served = await self._models()
        if not served:
            raise EngineFailed(f"{self.name} serves no model", hint="give it one, or name one with model=")
        self._served = str(served[0].get("id"))
        return self._served

    async def _models(self) -> list[dict[str, Any]]:
        answer = await self.door.ask("GET", self.door.url / "models")
        entries = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(entries, list):
            raise EngineFailed(f"{self.name} does not list its models", hint="the address must end in /v1")
        return [entry for entry in entries if isinstance(entry, dict)]

    def _events(self, reader: SseReader, arrived: bytes) -> list[bytes]:
        try:
            return reader.feed(arrived) if arrived else reader.flush()
        except EventTooLong as error:
            raise EngineFailed(f"{self.name} sent {error}", hint="is this a chat server?") from None

    def _chunk(self, event: bytes) -> Chunk:
        try:
            chunk = read_chunk(event)
        except ValueError:
            shown = event[:80].decode("utf-8", "replace")
            raise EngineFailed(f"{self.name} sent something that is not a chunk: {shown!r}") from None
        if chunk.error is not None:
            raise EngineFailed(f"{self.name} failed in the middle of its answer: {chunk.error[:300]}")
        return chunk
