"""What a session remembers: the game's state and what was really said and heard. As plain JSON for the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fnlloyd.events import Exchange, LineSentence
from fnlloyd.text import heard_text

VERSION = 1
EXCHANGES_KEPT = 200
"""More than any prompt holds; the older API shows the newest 20."""
LINES_REVISABLE = 8


@dataclass(slots=True)
class Memory:
    """`began_at` is Unix time in seconds; `seq` and `lines` are the last numbers given out."""

    character: str
    began_at: float
    state: dict[str, Any] = field(default_factory=dict)
    history: list[Exchange] = field(default_factory=list)
    seq: int = 0
    lines: int = 0
    forgotten: int = 0
    """Exchanges that were once in `history` and no longer are."""
    _revisable: OrderedDict[int, tuple[Exchange, tuple[LineSentence, ...]]] = field(default_factory=OrderedDict)

    def remember(self, exchange: Exchange, line: int | None = None, sentences: Sequence[LineSentence] = ()) -> None:
        self.history.append(exchange)
        surplus = len(self.history) - EXCHANGES_KEPT
        if surplus > 0:
            del self.history[:surplus]
            self.forgotten += surplus
        if line is not None:
            self._revisable[line] = (exchange, tuple(sentences))
            while len(self._revisable) > LINES_REVISABLE:
                self._revisable.popitem(last=False)

    def revise(self, line: int, heard_ms: float) -> bool:
        """Cut a line that has ended to what was heard of it after all. True if that changed anything."""
        exchange, sentences = self._revisable.get(line, (None, ()))
        if exchange is None:
            return False
        text = heard_text(sentences, heard_ms)
        at = next((i for i, kept in enumerate(self.history) if kept is exchange), None)
        if at is None or text == exchange.line:
            return False
        self.history[at] = revised = replace(exchange, line=text, cut=True)
        self._revisable[line] = (revised, sentences)
        return True

    def shed(self) -> bool:
        """Forget the older half of what was said, where it is too much to keep. False if there was nothing."""
        older = (len(self.history) + 1) // 2
        del self.history[:older]
        self.forgotten += older
        return older > 0

    def catch_up(self, earlier: Memory, defaults: Mapping[str, Any]) -> None:
        """Go on from an earlier memory of the same session; of the state, what differs from `defaults` is newer."""
        newer = {name: value for name, value in self.state.items() if defaults.get(name) != value}
        self.state = {**earlier.state, **newer}
        self.history[:0] = earlier.history
        self.forgotten += earlier.forgotten
        self.began_at = earlier.began_at
        self.seq, self.lines = max(self.seq, earlier.seq), max(self.lines, earlier.lines)

    def forget(self) -> None:
        """Forget what was said; the game's state stays."""
        self.history.clear()
        self.forgotten = 0
        self._revisable.clear()

    def to_record(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "character": self.character,
            "began_at": self.began_at,
            "state": self.state,
            "history": [_plain(exchange) for exchange in self.history],
            "seq": self.seq,
            "lines": self.lines,
            "forgotten": self.forgotten,
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Memory:
        """Raises KeyError, TypeError or ValueError for a record that is not ours."""
        if record["version"] != VERSION:
            raise ValueError(f"the record has version {record['version']}, this server knows {VERSION}")
        return cls(
            character=record["character"],
            began_at=float(record["began_at"]),
            state=dict(record["state"]),
            history=[Exchange(**exchange) for exchange in record["history"]],
            seq=int(record["seq"]),
            lines=int(record["lines"]),
            forgotten=int(record["forgotten"]),
        )


def _plain(exchange: Exchange) -> dict[str, Any]:
    """Field by field: `dataclasses.asdict` copies deeply and takes ten times as long, once a line."""
    return {
        "line": exchange.line,
        "source": exchange.source,
        "at": exchange.at,
        "said": exchange.said,
        "trigger": exchange.trigger,
        "data": dict(exchange.data),
        "cut": exchange.cut,
    }
