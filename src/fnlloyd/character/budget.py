"""How many tokens a prompt may take, and how its history is let go in blocks. Pure.

An engine reuses its work for a prompt that begins as the last one did. A history that loses its oldest exchange every
turn never begins the same twice, so it loses a whole block at a time and then stays as it is for many turns.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MESSAGE_TOKENS = 8
"""What a chat template wraps around one message, at most: role markers and line ends."""

_RUNS = re.compile(r"[A-Za-z]+|[0-9]|[^\sA-Za-z0-9]|\n| {2,}")


@lru_cache(maxsize=2048)
def estimate_tokens(text: str) -> int:
    """Estimate, on the high side, how many tokens a text takes.

    Three letters a token within a word (English takes four to five, invented names two to three), one for each digit,
    sign and line end, and one for each UTF-8 byte of anything else, which no byte-level tokenizer exceeds.
    """
    return sum(_run_tokens(run) for run in _RUNS.findall(text))


def _run_tokens(run: str) -> int:
    if run.isascii():
        return -(-len(run) // 3)
    return len(run.encode("utf-8", "surrogatepass"))


class TokenCounts:
    """Counts tokens: exactly where an engine's tokenizer was asked and the answer put in, else by estimate.

    Remembers the `limit` texts last used. Give it to a Budget as its `count`.
    """

    def __init__(self, limit: int = 4096) -> None:
        self._limit = limit
        self._exact: OrderedDict[str, int] = OrderedDict()

    def __call__(self, text: str) -> int:
        exact = self._exact.get(text)
        if exact is None:
            return estimate_tokens(text)
        self._exact.move_to_end(text)
        return exact

    def put(self, text: str, tokens: int) -> None:
        """Remember an exact count."""
        self._exact[text] = tokens
        self._exact.move_to_end(text)
        while len(self._exact) > self._limit:
            self._exact.popitem(last=False)

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The texts without an exact count yet, each once: what to ask the engine."""
        return [text for text in dict.fromkeys(texts) if text not in self._exact]


@dataclass(frozen=True, slots=True)
class Budget:
    """`context_tokens` is all a prompt and its answer may take; `max_tokens` the answer alone."""

    context_tokens: int = 4096
    max_tokens: int = 150
    count: Callable[[str], int] = estimate_tokens

    def cost(self, texts: Iterable[str]) -> int:
        """Tokens of these messages, with what a chat template adds to each."""
        return sum(self.count(text) + MESSAGE_TOKENS for text in texts)


def kept_from(costs: Sequence[int], *, budget: int, block: int, gone: int = 0) -> int:
    """Say which exchange a history begins with: an index into `costs`, their length for none.

    Drops whole blocks from the front until at most `budget` tokens are left. `gone` exchanges before the first of
    `costs` are already dropped; blocks are counted from the session's very first, so that the answer moves only every
    `block` turns. Where not even the newest block fits, smaller blocks are tried.
    """
    start = -gone % block
    while start < len(costs) and sum(costs[start:]) > budget:
        start += block
    if start < len(costs) or block == 1:
        return min(start, len(costs))
    return kept_from(costs, budget=budget, block=block // 2, gone=gone)
