"""What a player types in the chat: words to say, or a command after a slash. Pure."""

from __future__ import annotations

import difflib
import json
import shlex
from dataclasses import dataclass
from typing import Any, Literal

HELP = """\
Anything you type is said to the character. Besides:
  /event TRIGGER [name=value ...]   something happens in the game: /event boss_appear hp=3 priority=high
                                    (mode, priority, deadline_ms, on_late, text, key and interrupt belong to the
                                    event; any other name is a fact about it)
  /state name=value ...             the game's state changes: /state lives=1 combo=12
  /interrupt                        cut the line being spoken short
  /mood                             how the character feels
  /help                             this
  /quit                             leave (also Ctrl-D, or Ctrl-C twice)"""

EVENT_FIELDS = ("mode", "priority", "deadline_ms", "on_late", "text", "key", "interrupt")
COMMANDS = ("/event", "/state", "/interrupt", "/mood", "/help", "/quit")

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Send:
    """A message for the server. An `answered` one may get a line: it is sent with an id, to see what became of it."""

    message: Message
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Do:
    """Something the client does by itself."""

    what: Literal["mood", "help", "quit", "nothing"]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    why: str


Typed = Send | Do | NotUnderstood


def read_typed(text: str) -> Typed:
    """Understand one line as typed."""
    text = text.strip()
    if not text:
        return Do("nothing")
    if not text.startswith("/"):
        return Send({"type": "say", "text": text}, answered=True)
    try:
        command, *words = shlex.split(text)
    except ValueError:
        return NotUnderstood("a quotation mark is missing")
    match command, words:
        case "/event", [trigger, *pairs]:
            return _event(trigger, pairs)
        case "/event", []:
            return NotUnderstood("which one? /event boss_appear")
        case "/state", [_, *_]:
            return _state(words)
        case "/state", []:
            return NotUnderstood("what changed? /state lives=1")
        case "/interrupt", []:
            return Send({"type": "interrupt"})
        case "/mood", []:
            return Do("mood")
        case "/help" | "/?", _:
            return Do("help")
        case "/quit" | "/exit", _:
            return Do("quit")
    near = difflib.get_close_matches(command, COMMANDS, n=1)
    return NotUnderstood(f"{command}: no such command{f'; did you mean {near[0]}?' if near else ''} /help lists them")


def _event(trigger: str, pairs: list[str]) -> Typed:
    facts = _facts(pairs)
    if isinstance(facts, NotUnderstood):
        return facts
    message: Message = {"type": "event", "trigger": trigger}
    message |= {name: value for name, value in facts.items() if name in EVENT_FIELDS}
    rest = {name: value for name, value in facts.items() if name not in EVENT_FIELDS}
    if rest:
        message["data"] = rest
    return Send(message, answered=True)


def _state(pairs: list[str]) -> Typed:
    facts = _facts(pairs)
    return facts if isinstance(facts, NotUnderstood) else Send({"type": "state", "state": facts})


def _facts(pairs: list[str]) -> dict[str, Any] | NotUnderstood:
    facts: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            return NotUnderstood(f"{pair!r}: expected name=value")
        facts[name] = _value(value)
    return facts


def _value(text: str) -> Any:
    """A JSON value where it is one, else the text; nothing at all is null, which takes a name out of the state."""
    if not text:
        return None
    try:
        return json.loads(text, parse_constant=str)
    except ValueError:
        return text
