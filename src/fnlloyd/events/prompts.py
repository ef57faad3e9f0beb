"""What goes to an engine and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to an engine.

    `session` lets an engine keep one player's cache together; it never reaches the model.
    `max_tokens` bounds the answer; `temperature` is 0.0 to 2.0.
    """

    messages: tuple[Message, ...]
    max_tokens: int = 150
    temperature: float = 0.7
    stop: tuple[str, ...] = ()
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A bit of streamed text, cut wherever the engine pleased."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens one request cost. `cached_tokens` of the prompt came from the engine's cache."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What an engine says of itself. `rung` is its place on the ladder, 0 (scripted) to 4 (fleet)."""

    name: str
    model: str
    rung: int
    ready: bool = True
    context_tokens: int | None = None
    slots: int | None = None
    version: str | None = None
    detail: str | None = None
