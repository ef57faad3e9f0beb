"""Hide what a model thinks from what it says, in a stream. Pure: no clock, no I/O.

Thoughts may nest: a model that writes about its tags inside a thought is hidden until as many have closed.
"""

from __future__ import annotations

import re

_NAMES = ("think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "tool_call")
_OPENERS = (
    "◁think▷",
    "[think]",
    "<seed:think>",
    "<|channel>",
    "<|begin_of_thought|>",
    "<|start_thinking|>",
    "<|inner_prefix|>",
)
_CLOSERS = (
    "◁/think▷",
    "[/think]",
    "</seed:think>",
    "<channel|>",
    "<|end_of_thought|>",
    "<|end_thinking|>",
    "<|inner_suffix|>",
)
# gpt-oss writes messages as <|start|>role<|channel|>name<|message|>words<|end|>; only the channel "final" is speech.
_HEADERS = ("<|start|>", "<|channel|>")
_BODY = "<|message|>"
_ENDS = ("<|end|>", "<|return|>", "<|call|>")
# An engine that strips its tokens runs the same messages together: "analysisThey want...assistantfinalHello".
_BARE_START = "analysis"
_BARE_END = "assistantfinal"
_SPOKEN_CHANNELS = ("", "final", "assistant")
_LITERALS = (*_OPENERS, *_CLOSERS, *_HEADERS, _BODY, *_ENDS)

_LONGEST_ATTRIBUTES = 60
_LONGEST_HEADER = 80  # "commentary to=functions.x <|constrain|>json" is about the longest there is
_LONGEST_SHOWN_START = 2  # at the end of a text "<" or "<t" may be meant; anything longer is a tag broken off

_MARK = re.compile(r"[<◁\[]")
_TAG = re.compile(
    rf"<(?P<slash>/?)(?:{'|'.join(_NAMES)})(?:\s[^<>]{{0,{_LONGEST_ATTRIBUTES}}})?(?P<empty>/?)>",
    re.IGNORECASE,
)
_LITERAL = re.compile("|".join(map(re.escape, _LITERALS)), re.IGNORECASE)


class Thoughts:
    """Passes speech on and swallows thoughts. Holds back only what could still become a tag.

    `starts_inside` is for chat templates that open the thought themselves: the text begins inside it.
    A closing tag without an opening one is removed; what came before it has already been passed on.
    """

    def __init__(self, *, starts_inside: bool = False) -> None:
        self._depth = 1 if starts_inside else 0
        self._opened_by_template = starts_inside  # until anything is written, an opening tag is that same thought
        self._silent_channel = False
        self._header: str | None = None
        self._held = ""
        self._begun = starts_inside  # whether it is known how the text begins
        self._bare = False

    def feed(self, piece: str) -> str:
        self._held += piece
        return self._scan(final=False)

    def flush(self) -> str:
        """End the text: an unclosed thought and a broken-off tag are gone."""
        return self._scan(final=True)

    def _scan(self, *, final: bool) -> str:
        if not (self._begun or self._begin() or final) or (self._bare and not self._find_bare_end()):
            return ""
        text, at, out = self._held, 0, []
        while mark := _MARK.search(text, at):
            out.append(self._pass(text[at : mark.start()]))
            at = mark.start()
            if tag := _TAG.match(text, at) or _LITERAL.match(text, at):
                out.append(self._turn(tag))
                at = tag.end()
            elif _may_become_tag(text[at : at + _LONGEST_ATTRIBUTES + 20]):
                break
            else:
                out.append(self._pass(text[at]))
                at += 1
        else:
            out.append(self._pass(text[at:]))
            at = len(text)
        self._held = text[at:]
        if final:
            if len(self._held) <= _LONGEST_SHOWN_START:
                out.append(self._pass(self._held))
            self._held = ""
        return "".join(out)

    def _begin(self) -> bool:
        """Whether enough has come to tell if the text begins with a bare channel."""
        start = self._held[: len(_BARE_START) + 1]
        if start and _BARE_START.startswith(start):
            return False
        self._begun = bool(start)
        self._bare = start.startswith(_BARE_START) and start[-1].isalpha()
        return True

    def _find_bare_end(self) -> bool:
        before, end, rest = self._held.partition(_BARE_END)
        self._bare = not end
        self._held = rest if end else before[1 - len(_BARE_END) :]
        return bool(end)

    def _pass(self, text: str) -> str:
        if not text:
            return ""
        if self._header is not None:
            return self._read_header(text)
        if text.strip():
            self._opened_by_template = False
        return "" if self._depth or self._silent_channel else text

    def _read_header(self, text: str) -> str:
        """A header that never reaches its message was none: what follows its first line is the message."""
        header = (self._header or "") + text
        if len(header) <= _LONGEST_HEADER and "\n" not in header:
            self._header = header
            return ""
        line, newline, rest = header.partition("\n")
        name, _, words = line.partition(" ")
        self._begin_message(name)
        return self._pass(rest if newline else words)

    def _begin_message(self, header: str) -> None:
        words = header.split()
        self._silent_channel = bool(words) and words[0].lower() not in _SPOKEN_CHANNELS
        self._header = None

    def _turn(self, tag: re.Match[str]) -> str:
        """Change state at a tag; what is returned is what remains of it for those who read on."""
        text = tag[0].lower()
        if tag.re is _TAG:
            if not tag["empty"]:
                self._nest(closing=bool(tag["slash"]))
        elif text in _OPENERS or text in _CLOSERS:
            self._nest(closing=text in _CLOSERS)
        elif text in _HEADERS:
            self._header = ""
        elif text == _BODY:
            self._begin_message(self._header or "")
        elif self._silent_channel or self._header is not None:
            self._silent_channel, self._header = False, None
        elif not self._depth:
            return tag[0]  # the end of the speech itself: for the reader of control tokens
        return ""

    def _nest(self, *, closing: bool) -> None:
        if closing:
            self._depth = max(0, self._depth - 1)
        elif not self._opened_by_template:
            self._depth += 1
        self._opened_by_template = False


def _may_become_tag(tail: str) -> bool:
    tail = tail.lower()
    if any(literal.startswith(tail) for literal in _LITERALS):
        return True
    if not tail.startswith("<") or "<" in tail[1:] or ">" in tail:
        return False
    name, *attributes = re.split(r"\s", tail.removeprefix("<").removeprefix("/"), maxsplit=1)
    if attributes:
        return name in _NAMES and len(attributes[0]) <= _LONGEST_ATTRIBUTES
    name = name.removesuffix("/")
    return any(known.startswith(name) for known in _NAMES)
