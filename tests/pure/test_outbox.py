"""What waits for one listener: in order, bounded, and never waited for."""

from __future__ import annotations

import anyio
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.events import LineDelta, LineSound, SoundFormat
from fnlloyd.session import Ears, Outbox, Stamped

FRAMES = Ears(plays=True, frames=True)


def text(number: int) -> Stamped:
    return Stamped(number, 0, LineDelta(1, str(number)))


def sound(size: int) -> Stamped:
    return Stamped(0, 0, LineSound(1, 0, 0, bytes(size), SoundFormat(16_000)))


def taken(outbox: Outbox) -> list[Stamped]:
    """All that waits in a box that is closed."""

    async def take() -> list[Stamped]:
        return [stamped async for stamped in outbox]

    return anyio.run(take)


@given(st.lists(st.booleans(), max_size=50))
def test_everything_is_taken_once_and_in_order(are_sounds: list[bool]) -> None:
    outbox = Outbox(FRAMES)
    put = [sound(10 * number) if is_sound else text(number) for number, is_sound in enumerate(are_sounds)]
    for stamped in put:
        outbox.put(stamped)
    outbox.close()
    assert taken(outbox) == put


@given(st.lists(st.integers(0, 40), max_size=60))
def test_a_box_never_holds_more_than_its_bound_and_says_so_when_it_would(sizes: list[int]) -> None:
    outbox = Outbox(FRAMES, messages=10, size=100)
    held, fits = 0, True
    for count, size in enumerate(sizes, 1):
        outbox.put(sound(size))
        held += size
        fits = fits and count <= 10 and held <= 100
        assert outbox.slow is not fits
        assert len(outbox._waiting) <= 10
        assert sum(len(stamped.noun.pcm) for stamped in outbox._waiting if isinstance(stamped.noun, LineSound)) <= 100
    outbox.close()
    assert len(taken(outbox)) == (len(sizes) if fits else 0)


@given(st.integers(1, 20), st.integers(1, 100))
def test_a_listener_who_keeps_up_is_never_cut_off(rounds: int, size: int) -> None:
    async def listen() -> int:
        outbox = Outbox(FRAMES, messages=1, size=100)
        boxes = aiter(outbox)
        for _ in range(rounds):
            outbox.put(sound(size))
            await anext(boxes)
        return rounds if not outbox.slow else 0

    assert anyio.run(listen) == rounds


async def test_who_falls_behind_is_told_at_once_and_gets_nothing_more() -> None:
    outbox = Outbox(FRAMES, messages=2)
    for number in range(5):
        outbox.put(text(number))
    with anyio.fail_after(1):
        await outbox.cut_off.wait()
        assert [stamped async for stamped in outbox] == []


async def test_what_waits_when_the_box_closes_can_still_be_taken_but_nothing_is_added() -> None:
    outbox = Outbox(FRAMES)
    outbox.put(text(1))
    outbox.close()
    outbox.put(text(2))
    with anyio.fail_after(1):
        assert [stamped.seq async for stamped in outbox] == [1]
    assert not outbox.slow


async def test_who_waits_for_the_next_is_woken_by_it_and_by_the_end() -> None:
    outbox, seen = Outbox(FRAMES), []

    async def listen() -> None:
        async for stamped in outbox:
            seen.append(stamped.seq)  # noqa: PERF401  what has come is looked at while more may come

    with anyio.fail_after(1):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(listen)
            await anyio.wait_all_tasks_blocked()
            outbox.put(text(1))
            await anyio.wait_all_tasks_blocked()
            assert seen == [1]
            outbox.close()


async def test_sound_is_kept_only_for_who_takes_frames() -> None:
    outbox = Outbox(Ears(plays=True, urls=True), size=10)
    for _ in range(5):
        outbox.put(sound(10))
    outbox.put(text(1))
    outbox.close()
    assert [stamped.seq async for stamped in outbox] == [1]
    assert not outbox.slow
