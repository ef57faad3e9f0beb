"""Sessions and slots."""

from fnlloyd.engines.slots import SlotMap


def test_a_session_returns_to_its_slot() -> None:
    slots = SlotMap(3)
    first = slots.take("a")
    slots.give_back(first)
    second = slots.take("b")
    slots.give_back(second)
    assert first != second
    assert (slots.take("a"), slots.take("b")) == (first, second)


def test_the_session_unheard_for_longest_gives_way() -> None:
    slots = SlotMap(2)
    held = {}
    for name in ("a", "b", "a", "c"):
        held[name] = slots.take(name)
        slots.give_back(held[name])
    assert held["c"] == held["b"] != held["a"]


def test_a_busy_slot_is_never_given_twice_and_none_means_all_are_busy() -> None:
    slots = SlotMap(2)
    assert {slots.take("a"), slots.take("a")} == {0, 1}
    assert slots.take("b") is None
    slots.give_back(None)
    slots.give_back(1)
    assert slots.take(None) == 1
