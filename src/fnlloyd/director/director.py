"""Decide whether an event gets a line, which kind, and what happens to the line in progress.

Pure: the moment is a parameter and nothing is changed, so the same inputs give the same decision.
The rules, in the order in which they are asked:

1. An event that is only context is remembered and gets no line.
2. A trigger that is switched off, or in its cooldown, gets none. Verbatim lines have no cooldown.
3. Nobody is speaking: it starts.
4. Somebody is: what the game asked for (`interrupt`) holds; else a critical event takes the floor at once,
   a low one is dropped, the others wait their turn, high before normal.
5. At most three wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from fnlloyd.director.stage import WAITING_LIMIT, Stage
from fnlloyd.events import Answer, Event, Interrupt, Mode, OutcomeKind, Priority, Reason, TriggerRule


class Kind(Enum):
    """Where the words of a line come from."""

    CANNED = auto()
    LIVE = auto()
    VERBATIM = auto()


class How(Enum):
    """What a line does about the one in progress."""

    START = auto()
    WAIT = auto()
    REPLACE = auto()


@dataclass(frozen=True, slots=True)
class Speak:
    """There will be a line."""

    kind: Kind
    how: How
    priority: Priority


@dataclass(frozen=True, slots=True)
class Decline:
    """There will be none, and this is what the game is told."""

    outcome: OutcomeKind
    reason: Reason | None = None


Decision = Speak | Decline


def decide(event: Event, rule: TriggerRule, stage: Stage, now: float) -> Decision:
    """Decide what becomes of an event. `now` is in seconds, on the clock of `stage.last_spoken`."""
    if event.mode is Mode.CONTEXT:
        return Decline(OutcomeKind.CONTEXT)
    if not rule.enabled or event.trigger in stage.disabled:
        return Decline(OutcomeKind.DROPPED, Reason.DISABLED)
    if _cooling(event, rule, stage, now):
        return Decline(OutcomeKind.DROPPED, Reason.COOLDOWN)
    priority = event.priority or rule.priority
    floor = _take_floor(event.interrupt, priority, stage)
    if isinstance(floor, Decline):
        return floor
    return Speak(_kind(event.mode, rule.answer, stage.engine_ready), floor, priority)


def decide_say(stage: Stage) -> Speak:
    """The player's own words are always answered, and replace whatever is being said."""
    how = How.REPLACE if stage.speaking else How.START
    return Speak(Kind.LIVE, how, Priority.HIGH)


def _cooling(event: Event, rule: TriggerRule, stage: Stage, now: float) -> bool:
    if event.mode is Mode.VERBATIM or event.trigger not in stage.last_spoken:
        return False
    return now - stage.last_spoken[event.trigger] < rule.cooldown_s


def _take_floor(asked: Interrupt | None, priority: Priority, stage: Stage) -> How | Decline:
    if stage.speaking is None and stage.waiting == 0:
        return How.START
    if asked in (Interrupt.NOW, Interrupt.REPLACE):
        return How.REPLACE
    if asked is None and priority is Priority.CRITICAL:
        return How.REPLACE
    if asked is None and priority is Priority.LOW:
        return Decline(OutcomeKind.DROPPED, Reason.PRIORITY)
    if stage.waiting >= WAITING_LIMIT:
        return Decline(OutcomeKind.DROPPED, Reason.FULL)
    return How.WAIT


def _kind(mode: Mode, answer: Answer, engine_ready: bool) -> Kind:
    if mode is Mode.VERBATIM:
        return Kind.VERBATIM
    if mode is Mode.LLM:
        return Kind.LIVE
    if mode is Mode.CANNED or answer is Answer.CANNED:
        return Kind.CANNED
    return Kind.LIVE if engine_ready else Kind.CANNED
