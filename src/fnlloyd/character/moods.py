"""How the character feels, read from the game's state by the card's rules; and how a state is patched. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from fnlloyd.character.conditions import Condition, look_up
from fnlloyd.errors import BadMessage, TooBig
from fnlloyd.events import Mood

MAX_STATE_DEPTH = 32
DEFAULT_MOOD = "neutral"


class MoodRule(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def when(self) -> Mapping[str, Condition]: ...


class IntensityRule(Protocol):
    @property
    def level(self) -> int: ...
    @property
    def when(self) -> Mapping[str, Condition]: ...


class MoodRules(Protocol):
    """The part of a card that reads moods: rules in order, the first that holds wins."""

    @property
    def moods(self) -> Sequence[MoodRule]: ...
    @property
    def intensity(self) -> Sequence[IntensityRule]: ...


def read_mood(card_moods: MoodRules, state: Mapping[str, Any]) -> Mood:
    """Read the mood and its intensity, neutral and 0 where no rule holds. Give it the card itself."""
    name = next((rule.name for rule in card_moods.moods if _holds(rule.when, state)), DEFAULT_MOOD)
    level = next((rule.level for rule in card_moods.intensity if _holds(rule.when, state)), 0)
    return Mood(name=name, intensity=level)


def merge_patch(state: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Merge a JSON merge patch (RFC 7396) into a state and return the new one; neither argument changes.

    A patch that is not an object would replace the state by something that is none: BadMessage.
    Raises TooBig for a patch nested deeper than MAX_STATE_DEPTH tables.
    """
    if not isinstance(patch, Mapping):
        raise BadMessage(
            f"state is {_kind(patch)}, expected an object", field="state", hint='send fields, such as {"lives": 2}'
        )
    return _merged(state, patch, MAX_STATE_DEPTH)


def _merged(target: object, patch: Mapping[str, Any], depth: int) -> dict[str, Any]:
    if depth == 0:
        raise TooBig(f"state is nested deeper than {MAX_STATE_DEPTH} levels", field="state")
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, change in patch.items():
        if change is None:
            merged.pop(name, None)
        elif isinstance(change, Mapping):
            merged[name] = _merged(merged.get(name), change, depth - 1)
        else:
            merged[name] = _copied(change, depth - 1)
    return merged


def _copied(value: object, depth: int) -> object:
    """Copy arrays (a patch replaces them whole, nulls included), so that the sender's later changes do not reach us."""
    if depth == 0:
        raise TooBig(f"state is nested deeper than {MAX_STATE_DEPTH} levels", field="state")
    if isinstance(value, Mapping):
        return {name: _copied(inner, depth - 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_copied(inner, depth - 1) for inner in value]
    return value


def _holds(when: Mapping[str, Condition], state: Mapping[str, Any]) -> bool:
    return all(condition.holds(look_up(state, field)) for field, condition in when.items())


def _kind(found: object) -> str:
    if found is None:
        return "null"
    return {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "an array"}.get(
        type(found), type(found).__name__
    )
