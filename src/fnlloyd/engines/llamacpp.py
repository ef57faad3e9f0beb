"""llama-server as an engine: the OpenAI wire, plus its slots, its tokenizer and its cache."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import anyio

from fnlloyd.engines.http_door import Timeouts
from fnlloyd.engines.openai_http import OpenAIEngine
from fnlloyd.errors import EngineError
from fnlloyd.events import EngineFacts, Piece, Prompt, Usage

WARM_S = 120.0  # a long card on a slow core; the server answers players meanwhile


class LlamaCppEngine:
    """Stream from llama-server at `base_url` (up to and including /v1)."""

    def __init__(
        self,
        base_url: str,
        *,
        model: str | None = None,
        api_key: str | None = None,
        timeouts: Timeouts | None = None,
        name: str = "llamacpp",
        rung: int = 1,
    ) -> None:
        # The server matches each prompt against every slot's cache by itself and takes the best.
        self._wire = OpenAIEngine(
            base_url,
            model,
            api_key=api_key,
            timeouts=timeouts,
            # Templates that know no thinking ignore the argument; the others would think aloud for seconds.
            extra_body={"cache_prompt": True, "chat_template_kwargs": {"enable_thinking": False}},
            name=name,
            rung=rung,
        )
        self.name = name
        self._root = self._wire.door.url.parent

    def stream(self, prompt: Prompt) -> AsyncGenerator[Piece | Usage]:
        return self._wire.stream(prompt)

    async def warm(self, prompt: Prompt) -> None:
        """Fill the cache of every slot with a prompt's prefix, so that the first player does not wait for it.

        Raises EngineError. Safe to cancel.
        """
        slots = await self.slots()
        async with anyio.create_task_group() as group:
            for slot in slots:
                group.start_soon(self._warm_slot, prompt, int(slot["id"]))

    async def _warm_slot(self, prompt: Prompt, slot: int) -> None:
        body = {
            "model": "",
            "messages": [{"role": m.role, "content": m.content} for m in prompt.messages],
            "max_tokens": 1,
            "cache_prompt": True,
            "id_slot": slot,
        }
        door = self._wire.door
        await door.ask("POST", door.url / "chat" / "completions", body, within_s=WARM_S)

    async def slots(self) -> list[dict[str, Any]]:
        """Return the server's slots; `is_processing` tells whether one is writing. Raises EngineError."""
        answer = await self._wire.door.ask("GET", self._root / "slots")
        return [slot for slot in answer if isinstance(slot, dict)] if isinstance(answer, list) else []

    async def probe(self) -> EngineFacts:
        facts = await self._wire.probe()
        if not facts.ready:
            return facts
        try:
            props = await self._wire.door.ask("GET", self._root / "props")
        except EngineError as error:
            return EngineFacts(facts.name, facts.model, facts.rung, ready=False, detail=str(error))
        settings = props.get("default_generation_settings", {}) if isinstance(props, dict) else {}
        return EngineFacts(
            facts.name,
            facts.model,
            facts.rung,
            context_tokens=settings.get("n_ctx"),
            slots=props.get("total_slots") if isinstance(props, dict) else None,
            version=props.get("build_info") if isinstance(props, dict) else None,
        )

    async def count_tokens(self, text: str) -> int | None:
        try:
            answer = await self._wire.door.ask("POST", self._root / "tokenize", {"content": text})
        except EngineError:
            return None
        tokens = answer.get("tokens") if isinstance(answer, dict) else None
        return len(tokens) if isinstance(tokens, list) else None

    async def aclose(self) -> None:
        await self._wire.aclose()
