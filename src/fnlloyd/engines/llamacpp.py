"""llama-server as an engine: the OpenAI wire, plus its slots, its tokenizer and its cache."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from fnlloyd.engines.chunks import request_body
from fnlloyd.engines.http_door import Timeouts
from fnlloyd.engines.openai_http import OpenAIEngine
from fnlloyd.engines.slots import SlotMap
from fnlloyd.errors import EngineError
from fnlloyd.events import EngineFacts, Piece, Prompt, Usage

KEPT_FILE = "card.slot"  # in the folder the server keeps slots in
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
        slots: int | None = None,
        name: str = "llamacpp",
        rung: int = 1,
    ) -> None:
        """`slots` None: learnt from the server by the first `probe` or `warm`; until then it chooses slots itself."""
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
        self._slots = SlotMap(slots) if slots else None

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Piece | Usage]:
        slots = self._slots
        slot = slots.take(prompt.session) if slots else None
        try:
            extra = None if slot is None else {"id_slot": slot}
            async with aclosing(self._wire.stream(prompt, extra)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            if slots:
                slots.give_back(slot)

    async def warm(self, prompt: Prompt) -> None:
        """Fill the cache of every slot with a prompt's prefix, so that the first player does not wait for it.

        Reads the prompt once and copies the result from slot to slot; a server that does not let us keep slots on its
        disk reads it once for each. Raises EngineError. Safe to cancel.
        """
        first, *others = [int(slot["id"]) for slot in await self.slots()]
        await self._read_into(first, prompt)
        try:
            await self._keep(first, "save")
            copied = True
        except EngineError:
            copied = False
        for slot in others:
            await (self._keep(slot, "restore") if copied else self._read_into(slot, prompt))

    async def _read_into(self, slot: int, prompt: Prompt) -> None:
        body = json.loads(request_body(prompt, "", {"max_tokens": 1, "stream": False, "stream_options": None}))
        door = self._wire.door
        await door.ask("POST", door.url / "chat" / "completions", {**body, "id_slot": slot}, within_s=WARM_S)

    async def _keep(self, slot: int, action: str) -> None:
        url = self._root / "slots" / str(slot) % {"action": action}
        await self._wire.door.ask("POST", url, {"filename": KEPT_FILE}, within_s=WARM_S)

    async def slots(self) -> list[dict[str, Any]]:
        """Return the server's slots; `is_processing` tells whether one is writing. Raises EngineError."""
        answer = await self._wire.door.ask("GET", self._root / "slots")
        slots = [slot for slot in answer if isinstance(slot, dict)] if isinstance(answer, list) else []
        self._learn(len(slots))
        return slots

    def _learn(self, count: object) -> None:
        if self._slots is None and isinstance(count, int) and count > 0:
            self._slots = SlotMap(count)

    async def probe(self) -> EngineFacts:
        facts = await self._wire.probe()
        if not facts.ready:
            return facts
        try:
            props = await self._wire.door.ask("GET", self._root / "props")
        except EngineError as error:
            return replace(facts, ready=False, detail=str(error))
        if not isinstance(props, dict):
            return facts
        self._learn(props.get("total_slots"))
        return replace(
            facts,
            context_tokens=props.get("default_generation_settings", {}).get("n_ctx"),
            slots=props.get("total_slots"),
            version=props.get("build_info"),
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
