"""A character as its card describes it: the one thing the other rooms ask about who is speaking.

A card is a folder with card.toml (`schema.py` declares it) and lines.toml. Once loaded it never changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fnlloyd.character.lines import LineBook
from fnlloyd.character.loading import read_card
from fnlloyd.character.problems import nearest
from fnlloyd.character.rules import known_triggers, line_book, trigger_rules
from fnlloyd.character.schema import (
    CardTable,
    GuardTable,
    HistoryTable,
    IntensityTable,
    MoodTable,
    PersonaTable,
    SamplingTable,
)
from fnlloyd.events import Mood, TriggerRule

_NOT_SPOKEN = re.compile(r"[^\w\s]+")


def load_card(folder: Path) -> Card:
    """Load a character from its folder. Raises CardError telling everything wrong with it, in a writer's words."""
    table, lines = read_card(folder)
    return Card(folder=folder, table=table, book=line_book(table, lines))


@dataclass(frozen=True, eq=False)
class Card:
    """A loaded card. `book` holds the lines; the tables are as written in card.toml."""

    folder: Path
    table: CardTable
    book: LineBook

    @property
    def id(self) -> str:
        return self.table.character.id

    @property
    def name(self) -> str:
        return self.table.character.name

    @property
    def about(self) -> str:
        return self.table.character.about

    @property
    def refrain(self) -> str | None:
        return self.table.character.refrain

    @property
    def greeting(self) -> str | None:
        """The first hello; None for a card without any."""
        return next(iter(self.book.lines("greeting")), None)

    @property
    def persona(self) -> PersonaTable:
        return self.table.persona

    @property
    def sampling(self) -> SamplingTable:
        return self.table.sampling

    def temperature(self, *, small_model: bool) -> float:
        small = self.table.small.temperature if small_model else None
        return self.table.sampling.temperature if small is None else small

    def max_tokens(self, *, small_model: bool, chat: bool) -> int:
        """The most tokens of an answer: in play, or in a `chat` with the player."""
        usual = self.table.sampling.max_tokens_chat if chat else self.table.sampling.max_tokens
        return min(usual, (self.table.small.max_tokens or usual) if small_model else usual)

    def sentences(self, *, small_model: bool) -> int:
        """The most sentences of a line."""
        return (self.table.small.max_sentences if small_model else None) or self.max_sentences

    @property
    def max_sentences(self) -> int:
        return self.table.sampling.max_sentences

    @property
    def history(self) -> HistoryTable:
        return self.table.history

    @property
    def guard(self) -> GuardTable:
        return self.table.guard

    @property
    def moods(self) -> list[MoodTable]:
        return self.table.moods

    @property
    def intensity(self) -> list[IntensityTable]:
        return self.table.intensity

    @property
    def voices(self) -> tuple[str, ...]:
        """Voices by URL, the one that suits best first."""
        return tuple(self.table.voice.prefer)

    @property
    def voice_speed(self) -> float:
        """1.0 is as the voice was made."""
        return self.table.voice.speed

    @cached_property
    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """Triggers by category, in the card's order."""
        return {name: tuple(category.triggers) for name, category in self.table.categories.items()}

    @cached_property
    def triggers(self) -> tuple[str, ...]:
        return tuple(self._homes)

    def rule(self, trigger: str, *, small_model: bool = True) -> TriggerRule | None:
        """What the card says of a trigger, None if nothing; `small_model` False where the engine's model can act."""
        return self._rules[small_model].get(trigger)

    def nearest(self, trigger: str) -> str | None:
        """The trigger most like an unknown one, for a "did you mean"; None if none is near."""
        return nearest(trigger, self.triggers)

    def tell(self, trigger: str) -> str | None:
        """How a trigger is told to the model, where the card says."""
        home = self._homes.get(trigger)
        return self.table.categories[home].triggers[trigger].tell if home else None

    def mood_tell(self, mood: Mood) -> str | None:
        """How a mood is told to the model, where the card says."""
        return next((rule.tell for rule in self.moods if rule.name == mood.name), None)

    def default_state(self, *, now_ms: int = 0) -> dict[str, Any]:
        """The state a session begins with, in the card's order; `now_ms` (Unix time) goes into its clock fields."""
        state = self.table.state
        begun = {name: _copied(value) for name, value in state.fields.items()}
        begun |= dict.fromkeys(state.empty)
        return begun | dict.fromkeys(state.clock_ms, now_ms)

    def pronounce(self, text: str) -> str:
        """Spell words as the voice should read them; for the voice only, never for the screen."""
        if self._written_words is None:
            return text
        return self._written_words.sub(lambda found: self._spoken[found[0].casefold()], text)

    def read_phrase(self, message: str) -> str | None:
        """The trigger a whole message reads as ("Good shot!" is good_shot); None if it is ordinary talk."""
        return self._phrases.get(_folded(message)) if len(message) <= 200 else None

    def read_shorthand(self, code: str) -> str | None:
        """The trigger of a code such as `!FN_GOOD_SHOT$`, in any case; None if not understood."""
        prefix, suffix = self.table.shorthand.prefix.lower(), self.table.shorthand.suffix.lower()
        written = code.strip().lower()
        if not written.startswith(prefix) or not written.endswith(suffix) or len(written) <= len(prefix + suffix):
            return None
        return self._lowered.get(written[len(prefix) : len(written) - len(suffix)])

    @cached_property
    def _homes(self) -> dict[str, str]:
        return known_triggers(self.table)

    @cached_property
    def _lowered(self) -> dict[str, str]:
        return {trigger.lower(): trigger for trigger in self.triggers}

    @cached_property
    def _rules(self) -> dict[bool, dict[str, TriggerRule]]:
        return {small: trigger_rules(self.table, small_model=small) for small in (True, False)}

    @cached_property
    def _phrases(self) -> dict[str, str]:
        read = {_folded(trigger.replace("_", " ")): trigger for trigger in self.triggers}
        for trigger, phrases in self.table.phrases.items():
            for phrase in phrases:
                read.setdefault(_folded(phrase), trigger)
        return read

    @cached_property
    def _spoken(self) -> dict[str, str]:
        return {written.casefold(): spoken for written, spoken in self.table.character.pronounce.items()}

    @cached_property
    def _written_words(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.table.character.pronounce, key=len, reverse=True)
        words = "|".join(re.escape(word) for word in longest_first)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None


def _folded(words: str) -> str:
    return " ".join(_NOT_SPOKEN.sub(" ", words.casefold()).replace("_", " ").split())


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value
