"""The lines a character knows by heart, and which of them fits a moment best. Pure: chance is a parameter."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from fnlloyd.events import Mood

MOOD_WEIGHT = 4
"""A line written for the mood is this many times as likely as one for any mood."""


@dataclass(frozen=True, slots=True)
class CannedLine:
    """`mood` None fits any mood; `intensity` is the least the mood must have."""

    text: str
    mood: str | None = None
    intensity: int = 0

    def fits(self, mood: Mood) -> bool:
        return self.mood in (None, mood.name) and self.intensity <= mood.intensity

    @property
    def weight(self) -> int:
        """How much better than a plain line it is when it fits: written for the mood, for high stakes."""
        return (MOOD_WEIGHT if self.mood is not None else 1) * (1 + self.intensity)


@dataclass(frozen=True, slots=True)
class LineBook:
    """`sections` are lines by trigger (or greeting, fallback, deflect), the most likely first.

    `mood_lines` are the moods' own lines; `mood_share` (0 to 1) is how often they stand in for a trigger's,
    `shares` where a trigger says otherwise.
    """

    sections: Mapping[str, Sequence[CannedLine]]
    mood_lines: Mapping[str, Sequence[CannedLine]] = field(default_factory=dict)
    mood_share: float = 0.3
    shares: Mapping[str, float] = field(default_factory=dict)

    def pick(self, trigger: str, mood: Mood, *, recent: Collection[str] = (), rng: random.Random) -> str | None:
        """Pick the line that fits best and was not said lately; None for a trigger without lines.

        `recent` are lines lately said, the oldest first. When all that fit are among them, the one said longest ago.
        """
        section = self.sections.get(trigger)
        if not section:
            return None
        if rng.random() < self.shares.get(trigger, self.mood_share):
            own = _fresh(_fitting(self.mood_lines.get(mood.name, ()), mood), recent)
            if own:
                return _weighted(own, rng)
        fitting = _fitting(section, mood) or _by_stakes(section)
        fresh = _fresh(fitting, recent)
        return _weighted(fresh, rng) if fresh else _said_longest_ago(fitting, recent)

    def lines(self, trigger: str) -> list[str]:
        """All lines of a trigger, whatever the mood; empty for one without lines."""
        return [line.text for line in self.sections.get(trigger, ())]

    def all_lines(self) -> list[str]:
        """Every line once, the likeliest first: the order to render sound ahead in."""
        written = [line.text for section in self.sections.values() for line in section]
        written += [line.text for own in self.mood_lines.values() for line in own]
        return list(dict.fromkeys(written))


def _fitting(lines: Sequence[CannedLine], mood: Mood) -> list[CannedLine]:
    return [line for line in lines if line.fits(mood)]


def _by_stakes(lines: Sequence[CannedLine]) -> list[CannedLine]:
    """The calmest lines, for a section that has none for this mood: better the wrong mood than silence."""
    least = min(line.intensity for line in lines)
    return [line for line in lines if line.intensity == least]


def _fresh(lines: Sequence[CannedLine], recent: Collection[str]) -> list[CannedLine]:
    return [line for line in lines if line.text not in recent]


def _weighted(lines: Sequence[CannedLine], rng: random.Random) -> str:
    return rng.choices(lines, weights=[line.weight for line in lines])[0].text


def _said_longest_ago(lines: Sequence[CannedLine], recent: Collection[str]) -> str:
    last_said = {text: position for position, text in enumerate(recent)}
    return min(lines, key=lambda line: last_said.get(line.text, -1)).text
