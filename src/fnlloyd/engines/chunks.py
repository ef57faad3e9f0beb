"""The OpenAI chat wire as data: build a request's body, read a streamed chunk. Pure.

Thoughts (`reasoning`, `reasoning_content`) are dropped here: nobody above must ever see or speak them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fnlloyd.events import Prompt, Usage

DONE = b"[DONE]"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one event said. `finished` when the engine gave a finish reason; `error` is its own message."""

    text: str = ""
    usage: Usage | None = None
    finished: bool = False
    error: str | None = None


def request_body(prompt: Prompt, model: str, *extras: Mapping[str, Any] | None) -> bytes:
    """Encode a prompt. Later extras win; a None in them takes the field out (`{"max_tokens": None}`)."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": m.role, "content": m.content} for m in prompt.messages],
        "max_tokens": prompt.max_tokens,
        "temperature": prompt.temperature,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if prompt.stop:
        body["stop"] = list(prompt.stop)
    for extra in extras:
        if extra:
            body.update(extra)
    return json.dumps(
        {key: value for key, value in body.items() if value is not None}, ensure_ascii=False, separators=(",", ":")
    ).encode("utf-8", "replace")  # a lone surrogate from a game's JSON must not fail the line


def read_chunk(event: bytes) -> Chunk:
    """Read one event. Raises ValueError for what is not a chunk."""
    chunk = json.loads(event)
    if not isinstance(chunk, dict):
        raise ValueError("not an object")
    if (error := error_message(chunk)) is not None:
        return Chunk(error=error)
    try:
        text, finished = _choice(chunk.get("choices"))
        usage = chunk.get("usage")
        return Chunk(text, read_usage(usage) if usage else None, finished)
    except (AttributeError, LookupError, TypeError) as error:
        raise ValueError(f"not a chat chunk: {error}") from None


def _choice(choices: Any) -> tuple[str, bool]:
    if not choices:
        return "", False
    choice = choices[0]
    text = (choice.get("delta") or {}).get("content") or ""
    if not isinstance(text, str):
        raise TypeError("content is not a text")
    return text, choice.get("finish_reason") is not None


def read_usage(usage: Mapping[str, Any]) -> Usage:
    details = usage.get("prompt_tokens_details") or {}
    cached = details.get("cached_tokens")
    return Usage(
        int(usage.get("prompt_tokens") or 0),
        int(usage.get("completion_tokens") or 0),
        None if cached is None else int(cached),
    )


def error_message(body: Mapping[str, Any]) -> str | None:
    """Find the error a server reports inside a JSON body; None if it reports none."""
    error = body.get("error")
    if error is None and "choices" not in body:
        if body.get("object") == "error" or ("message" in body and "code" in body):
            error = body
        elif "detail" in body:
            error = body["detail"]
    if error is None:
        return None
    if isinstance(error, dict):
        return str(error.get("message") or error)
    return str(error)
