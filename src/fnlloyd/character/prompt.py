"""Make the prompt for one moment: what never changes first, history next, this moment last. Pure.

The game's state goes into the newest message only, behind what happened: so that next turn, when the same moment is
history and has no state any more, the engine still knows its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from fnlloyd.character.budget import Budget, kept_from
from fnlloyd.character.card import Card
from fnlloyd.character.tame import MAX_NAME_CHARACTERS, tame, tame_fields
from fnlloyd.events import Event, Exchange, Message, Mood, Prompt, Say

Setting = Literal["gameplay", "development"]

_STOP = ("<|im_end|>", "<|im_start|>", "<|eot_id|>", "</s>")
_MOMENT_TOKENS = 400
"""Set aside for the newest message, so that a long one does not push history out and let it in again next turn."""
_SMALL_EXAMPLES = 4


def build_prompt(
    card: Card,
    history: Sequence[Exchange],
    state: Mapping[str, Any],
    mood: Mood,
    moment: Say | Event,
    *,
    budget: Budget,
    session: str,
    small_model: bool,
    setting: Setting = "gameplay",
    forgotten: int = 0,
) -> Prompt:
    """Build the prompt for a moment. `forgotten` is how many older exchanges are no longer in `history`.

    Never longer than the budget, as its `count` counts, except where persona and moment alone are.
    """
    stable = stable_messages(card, small_model=small_model)
    room = budget.context_tokens - budget.max_tokens - budget.cost(message.content for message in stable)
    aside = max(0, min(_MOMENT_TOKENS, room * 2 // 3))
    turns, block = card.history.turns, card.history.block
    forgotten += max(0, len(history) - turns)
    told = [_told(card, exchange) for exchange in history[max(0, len(history) - turns) :]]
    costs = [budget.cost(texts) for texts in told]
    start = kept_from(costs, budget=max(0, room - aside), block=block, gone=forgotten)
    past, waiting = _alternating(told[start:])
    now = _now(card, state, mood, moment, budget, aside, small_model, setting)
    newest = Message("user", "\n".join([*waiting, now]))
    return Prompt(
        messages=(*stable, *past, newest),
        max_tokens=min(budget.max_tokens, card.max_tokens(small_model=small_model, chat=isinstance(moment, Say))),
        temperature=card.temperature(small_model=small_model),
        stop=_STOP,
        session=session,
    )


def warm_prompt(card: Card, small_model: bool) -> Prompt:
    """The part of every prompt that never changes, for an engine to read before the first player comes."""
    opening = Message("user", "[The game begins.]")
    return Prompt(messages=(*stable_messages(card, small_model=small_model), opening), max_tokens=1, temperature=0.0)


def prompt_texts(card: Card, history: Sequence[Exchange], *, small_model: bool) -> list[str]:
    """The texts whose size decides what fits: ask an engine to count them, and put the counts into a TokenCounts."""
    stable = [message.content for message in stable_messages(card, small_model=small_model)]
    return [*stable, *(text for exchange in history for text in _told(card, exchange))]


def stable_messages(card: Card, *, small_model: bool) -> tuple[Message, ...]:
    """The messages every prompt of this character begins with, byte for byte.

    A small model learns more from a few exchanges acted out than from being told of them.
    """
    persona = card.persona
    examples = persona.examples
    if small_model and persona.short is not None:
        acted = [
            message
            for example in card.table.small.examples or examples[:_SMALL_EXAMPLES]
            for message in (Message("user", example.player), Message("assistant", example.line))
        ]
        return (Message("system", persona.short.strip()), *acted)
    written = persona.text.strip()
    if examples:
        shown = "\n".join(f"Player: {example.player}\n{card.name}: {example.line}" for example in examples)
        written = f"{written}\n\nExamples of how {card.name} speaks:\n{shown}"
    return (Message("system", written),)


def tell_event(card: Card, event: Event | Exchange) -> str:
    """Tell the model what happened in one bracketed sentence; the player's words can never look like it."""
    trigger = event.trigger or "a moment passes"
    happened = card.tell(trigger) or tame(trigger.replace("_", " "), MAX_NAME_CHARACTERS)
    fields = tame_fields(event.data)
    return f"[{happened} ({fields})]" if fields else f"[{happened}]"


def _told(card: Card, exchange: Exchange) -> tuple[str, ...]:
    """What was said or happened, and the line if any of it was heard. A line cut short is told as far as it went."""
    asked = tame(exchange.said) if exchange.said is not None else tell_event(card, exchange)
    line = " ".join(exchange.line.split())
    return (asked, line) if line else (asked,)


def _alternating(told: Sequence[tuple[str, ...]]) -> tuple[list[Message], list[str]]:
    """Messages that take turns, as many chat templates insist, and what is left waiting for the next user message."""
    past: list[Message] = []
    waiting: list[str] = []
    for asked, *line in told:
        waiting.append(asked)
        if line:
            past += [Message("user", "\n".join(waiting)), Message("assistant", line[0])]
            waiting = []
    return past, waiting


def _now(
    card: Card,
    state: Mapping[str, Any],
    mood: Mood,
    moment: Say | Event,
    budget: Budget,
    aside: int,
    small_model: bool,
    setting: Setting,
) -> str:
    """The newest message: what happened first, then how things stand, as much of that as there is room for."""
    happened = tame(moment.text) if isinstance(moment, Say) else tell_event(card, moment)
    told = [happened]
    for remark in _remarks(card, state, mood, small_model, setting):
        if budget.cost(["\n".join([*told, remark])]) <= aside:
            told.append(remark)
    while len(happened) > 80 and budget.cost(told) > aside:
        happened = happened[: len(happened) * 3 // 4].rstrip()
        told = [happened if isinstance(moment, Say) else f"{happened}]"]
    return "\n".join(told)


def _remarks(card: Card, state: Mapping[str, Any], mood: Mood, small_model: bool, setting: Setting) -> Iterator[str]:
    """What else the model should know now, the most needed first."""
    if setting == "development" and card.persona.development is not None:
        yield f"[{card.persona.development.strip()}]"
    if small_model:
        return  # a small model answers whatever stands last, and would read the score aloud
    feeling = card.mood_tell(mood) or mood.name
    yield f"[{card.name} feels {feeling}; urgency {mood.intensity} of 3]"
    changed = _changed(card, state)
    if changed:
        yield f"[The game now: {tame_fields(changed)}]"


def _changed(card: Card, state: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are not as they were at the start; the rest is not worth a token."""
    begun, untold = card.table.state.fields, card.table.state.untold
    return {
        name: value
        for name, value in state.items()
        if name not in untold and value is not None and value != begun.get(name)
    }
