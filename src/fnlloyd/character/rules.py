"""What a card says of its triggers, each with what its category leaves it; and its lines, the likeliest first. Pure."""

from __future__ import annotations

from fnlloyd.character.lines import CannedLine, LineBook
from fnlloyd.character.schema import CardTable, CategoryTable, TriggerTable
from fnlloyd.character.written import WrittenLines
from fnlloyd.events import Answer, Priority, TriggerRule


def known_triggers(table: CardTable) -> dict[str, str]:
    """Triggers and the category each stands in, in the card's order."""
    return {trigger: name for name, category in table.categories.items() for trigger in category.triggers}


def trigger_rules(table: CardTable, *, small_model: bool) -> dict[str, TriggerRule]:
    """The rule of every trigger, for an engine whose model is a small one or not."""
    return {
        trigger: _rule(trigger, name, category, own, small_model)
        for name, category in table.categories.items()
        for trigger, own in category.triggers.items()
    }


def _rule(trigger: str, name: str, category: CategoryTable, own: TriggerTable, small: bool) -> TriggerRule:
    priority = own.priority or category.priority
    return TriggerRule(
        trigger=trigger,
        category=name,
        priority=priority,
        cooldown_s=category.cooldown_s if own.cooldown_s is None else own.cooldown_s,
        answer=_answer(own, category, priority, small),
        enabled=category.enabled if own.enabled is None else own.enabled,
    )


def _answer(own: TriggerTable, category: CategoryTable, priority: Priority, small: bool) -> Answer:
    """A trigger's own word before its category's; without any, live for what is urgent, canned for the rest."""
    by_priority = Answer.LIVE if priority.rank >= Priority.HIGH.rank else Answer.CANNED
    if small:
        return own.answer or category.answer or by_priority
    return own.answer_large or own.answer or category.answer_large or category.answer or by_priority


_MOST_LIKELY = 10
"""Above all triggers: a greeting or a way out may be wanted in any session's first second."""


def line_book(table: CardTable, lines: WrittenLines) -> LineBook:
    """Put the lines in the order they are likely to be wanted, each trigger with its share of the mood's own lines."""
    homes = known_triggers(table)
    likelihood = {name: _MOST_LIKELY for name in lines.sections if name not in homes}
    shares = dict.fromkeys(likelihood, 0.0)
    for trigger, home in homes.items():
        category = table.categories[home]
        own = category.triggers[trigger]
        likelihood[trigger] = category.likely if own.likely is None else own.likely
        share = category.mood_share if own.mood_share is None else own.mood_share
        if share is not None:
            shares[trigger] = share
    in_order = sorted((name for name in likelihood if name in lines.sections), key=lambda name: -likelihood[name])
    sections: dict[str, tuple[CannedLine, ...]] = {name: tuple(lines.sections[name]) for name in in_order}
    moods = {mood: tuple(own) for mood, own in lines.moods.items()}
    return LineBook(sections=sections, mood_lines=moods, mood_share=table.lines.mood_share, shares=shares)
