"""What the player sees of a chat: words on stdout as they come, everything about them dimmed on stderr."""

from __future__ import annotations

import json
import sys
from typing import Any

from fnlloyd.cli.terminal import err, out

Message = dict[str, Any]


class Screen:
    """Shows messages of the full mode. With `raw`, as they are, one JSON object a line."""

    def __init__(self, *, raw: bool) -> None:
        self._raw = raw
        self._name = "?"
        self._line_open = False
        self._known = False
        self._prompted = False
        self._people = sys.stdin.isatty() and sys.stdout.isatty()
        self._mood = "neutral"

    def show(self, message: Message) -> None:
        """Show one message of the server."""
        if self._raw:
            out.say(json.dumps(message, ensure_ascii=False))
            return
        match message["type"]:
            case "welcome":
                self._welcome(message)
            case "line.start":
                self._start(message)
            case "line.delta" if not self._known:
                self._words(message["text"])
            case "line.stop":
                self._break()
            case "line.end":
                self._end(message)
            case "state":
                self._felt(message)
                self.note(f"  mood: {self._mood}")
            case "outcome" if message["outcome"] not in ("spoken", "late"):
                self.note(f"  no line: {message['outcome']}{_of(message.get('reason'))}")
            case "engine":
                self.note(f"  {message['name']} answers now{' (standing in)' if message['degraded'] else ''}")
            case "error":
                self._break()
                err.problem(message["message"])
                if message.get("hint"):
                    err.hint(message["hint"])

    def mood(self) -> None:
        """Say how the character feels, as far as is known."""
        self.note(f"  mood: {self._mood}")

    def note(self, text: str) -> None:
        """Say something about the chat, on a line of its own."""
        if not self._raw:
            self._break()
            err.note(text)

    def prompt(self) -> None:
        """Invite the player to type, where somebody sits there."""
        if self._people and not self._raw and not self._line_open and not self._prompted:
            out.say("> ", "dim", end="")
            self._prompted = True

    def entered(self) -> None:
        """The player has typed a line, so the cursor is at the beginning of one."""
        self._prompted = False

    def _welcome(self, message: Message) -> None:
        self._name = message["character"]["name"]
        engine = message["engine"]
        voice = message.get("voice")
        spoken = f", spoken by {voice['name']}" if voice else ""
        self.note(f"{self._name} is here ({engine['name']} {engine['model']}{spoken}). /help lists what you can do.")

    def _start(self, message: Message) -> None:
        self._break()
        self._felt(message)
        self._line_open = True
        if out.is_terminal:
            out.say(f"{self._name}: ", "bold yellow", end="")
        self._known = bool(message.get("text"))
        if self._known:
            self._words(message["text"])

    def _words(self, text: str) -> None:
        out.say(text, end="")

    def _end(self, message: Message) -> None:
        self._break()
        timings = message["timings"]
        facts = [self._source, self._mood]
        if message["end"] != "complete":
            facts.append(message["end"])
        if (first := timings.get("first_token_ms")) is not None:
            facts.append(f"first word {first:.0f} ms")
        if (first := timings.get("first_audio_ms")) is not None:
            facts.append(f"first sound {first:.0f} ms")
        if message["duration_ms"]:
            facts.append(f"{message['duration_ms'] / 1000:.1f} s of sound")
        err.note("  " + " · ".join(facts))

    _source = ""

    def _felt(self, message: Message) -> None:
        self._source = message.get("source", self._source)
        intensity = message.get("intensity")
        self._mood = f"{message['mood']} {intensity}" if intensity else message["mood"]

    def _break(self) -> None:
        """Begin a new line if the cursor is inside one."""
        if self._line_open or self._prompted:
            out.say("")
        self._line_open = self._prompted = False


def _of(reason: str | None) -> str:
    return f" ({reason})" if reason else ""
