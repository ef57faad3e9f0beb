"""Three ways to ask for the same answer: the engine itself, and Fnlloyd's two doors that stream over HTTP.

The engine is asked directly with the prompt that Fnlloyd would send, so both read the same number of words.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from bench.child import Child
from bench.posting import Door, posting
from fnlloyd.character import find_card, load_card, warm_prompt
from fnlloyd.engines.chunks import request_body

CHAT = "/v1/chat/completions"
FIRST_WORD = b'"I'
"""How the paced engine's answer begins, in anybody's JSON."""


def direct(engine: Child) -> Door:
    return Door(engine.port, CHAT, _prompt(), FIRST_WORD)


def say(server: Child, session: str) -> Door:
    """The player speaks to the character: the whole journey, as server-sent events."""
    return Door(
        server.port, f"/v1/sessions/{session}/say", b'{"text":"Hello there, how goes it?"}', b"event: line.delta"
    )


def openai(server: Child) -> Door:
    """The OpenAI-style door, passing the engine's own model through."""
    return replace(direct(server), port=server.port)


async def pairs(engine: Child, server: Child) -> dict[str, tuple[Door, Door]]:
    """Each door of this server by its name in the table, behind the engine's own, timed to the same words.

    What is said is shown from its second word on: `I` alone might still become a label ("Instruction:").
    """
    second_word = replace(direct(engine), mark=b'"content": "', after=1)
    found = {"SSE say": (second_word, say(server, "probe")), CHAT: (direct(engine), openai(server))}
    return {name: pair for name, pair in found.items() if await _opens(pair[1])}


def for_stream(door: Door, stream: int) -> Door:
    """The door as one of many players uses it: each has a session of its own."""
    return replace(door, path=door.path.replace("/probe/", f"/player-{stream}/"))


async def _opens(door: Door) -> bool:
    connection = await posting(door.port)
    try:
        await connection.post(door)
        return True
    except RuntimeError as refusal:
        if "404" in str(refusal) or "405" in str(refusal):
            return False
        raise
    finally:
        connection.leave()


@cache
def _prompt() -> bytes:
    prompt = warm_prompt(load_card(find_card("fnlloyd")), False)
    return request_body(prompt, "paced", {"max_tokens": 256, "temperature": 0.7})
