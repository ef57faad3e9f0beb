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

from fnlloyd.character.lines import CannedLine, LineBook
from fnlloyd.character.loading import CARD_FILE, WrittenLines, known_triggers, read_card
from fnlloyd.character.problems import nearest
from fnlloyd.character.schema import (
    CardTable,
    CategoryTable,
    GuardTable,
    HistoryTable,
    IntensityTable,
    MoodTable,
    PersonaTable,
    SamplingTable,
    TriggerTable,
)
from fnlloyd.errors import UnknownCharacter
from fnlloyd.events import Answer, Mood, Priority, TriggerRule

_CARDS = Path(__file__).parent / "cards"
_NOT_SPOKEN = re.compile(r"[^\w\s]+")


def load_card(folder: Path) -> Card:
    """Load a character from its folder. Raises CardError telling everything wrong with it, in a writer's words."""
    table, lines = read_card(folder)
    return Card(folder=folder, table=table, book=_line_book(table, lines))


def builtin_cards() -> dict[str, Path]:
    """The characters that come with Fnlloyd: folders by id."""
    return {folder.name: folder for folder in sorted(_CARDS.iterdir()) if (folder / CARD_FILE).is_file()}


def find_card(name_or_folder: str | Path) -> Path:
    """Find a card's folder by a built-in character's id or by a path. Raises UnknownCharacter naming the nearest."""
    builtin = builtin_cards()
    named = builtin.get(str(name_or_folder).removeprefix("!").lower())
    if named is not None:
        return named
    folder = Path(name_or_folder).expanduser()
    if (folder / CARD_FILE).is_file():
        return folder
    near = nearest(str(name_or_folder), builtin)
    meant = f'did you mean "{near}"? ' if near else ""
    raise UnknownCharacter(
        f'there is no character "{name_or_folder}", and no folder of that name with a {CARD_FILE}',
        hint=f"{meant}built in: {', '.join(builtin)}",
        field="character",
    )


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

    @property
    def max_sentences(self) -> int:
        """The most sentences one line may have."""
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
        return {small: {name: self._rule(name, small) for name in self.triggers} for small in (True, False)}

    def _rule(self, trigger: str, small: bool) -> TriggerRule:
        name = self._homes[trigger]
        category = self.table.categories[name]
        own = category.triggers[trigger]
        priority = own.priority or category.priority
        return TriggerRule(
            trigger=trigger,
            category=name,
            priority=priority,
            cooldown_s=category.cooldown_s if own.cooldown_s is None else own.cooldown_s,
            answer=_answer(own, category, priority, small),
            enabled=category.enabled if own.enabled is None else own.enabled,
        )

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


def _answer(own: TriggerTable, category: CategoryTable, priority: Priority, small: bool) -> Answer:
    """A trigger's own word before its category's; without any, live for what is urgent, canned for the rest."""
    by_priority = Answer.LIVE if priority.rank >= Priority.HIGH.rank else Answer.CANNED
    if small:
        return own.answer or category.answer or by_priority
    return own.answer_large or own.answer or category.answer_large or category.answer or by_priority


def _line_book(table: CardTable, lines: WrittenLines) -> LineBook:
    homes = known_triggers(table)

    def likelihood(section: str) -> int:
        if section not in homes:
            return 10  # a greeting or a way out may be wanted in any session's first second
        category = table.categories[homes[section]]
        own = category.triggers[section].likely
        return category.likely if own is None else own

    shares: dict[str, float] = {}
    for trigger, home in homes.items():
        category = table.categories[home]
        own = category.triggers[trigger].mood_share
        share = category.mood_share if own is None else own
        if share is not None:
            shares[trigger] = share
    order = [*(name for name in lines.sections if name not in homes), *homes]
    known = sorted((name for name in order if name in lines.sections), key=likelihood, reverse=True)
    sections: dict[str, tuple[CannedLine, ...]] = {name: tuple(lines.sections[name]) for name in known}
    for name in known:
        if name not in homes:
            shares[name] = 0.0
    moods = {mood: tuple(own) for mood, own in lines.moods.items()}
    return LineBook(sections=sections, mood_lines=moods, mood_share=table.lines.mood_share, shares=shares)


def _folded(words: str) -> str:
    return " ".join(_NOT_SPOKEN.sub(" ", words.casefold()).replace("_", " ").split())


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value
