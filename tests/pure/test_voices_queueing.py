import anyio
import pytest

from fnlloyd.errors import VoiceFailed
from fnlloyd.voices.piper_pipe import LENGTHS, lengths_in, pack, unpack
from fnlloyd.voices.queueing import Rank, Request, Waiting

pytestmark = pytest.mark.anyio


async def test_live_sentences_go_first_and_each_kind_in_its_order() -> None:
    waiting = Waiting(10)
    waiting.join("b1", Rank.BACKGROUND)
    waiting.join("l1", Rank.LIVE)
    waiting.join("b2", Rank.BACKGROUND)
    waiting.join("l2", Rank.LIVE)
    assert [(await waiting.take()).text for _ in range(4)] == ["l1", "l2", "b1", "b2"]


async def test_who_leaves_the_line_never_reaches_the_voice() -> None:
    waiting = Waiting(10)
    first = waiting.join("one", Rank.LIVE)
    waiting.join("two", Rank.LIVE)
    waiting.leave(first)
    assert (await waiting.take()).text == "two"
    assert len(waiting) == 0


async def test_a_full_line_refuses_and_takes_again_when_somebody_left() -> None:
    waiting = Waiting(1)
    request = waiting.join("one", Rank.LIVE)
    with pytest.raises(VoiceFailed, match="1 sentences are waiting"):
        waiting.join("two", Rank.LIVE)
    waiting.leave(request)
    waiting.join("two", Rank.LIVE)


async def test_two_workers_wait_for_one_sentence_and_one_gets_it() -> None:
    waiting = Waiting(10)
    taken: list[str] = []

    async def work() -> None:
        taken.append((await waiting.take()).text)

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        group.start_soon(work)
        await anyio.wait_all_tasks_blocked()
        waiting.join("one", Rank.LIVE)
        await anyio.wait_all_tasks_blocked()
        assert taken == ["one"]
        waiting.join("two", Rank.LIVE)
    assert taken == ["one", "two"]


async def test_chunks_given_before_a_failure_are_still_heard() -> None:
    request = Request(1, "one")
    request.give(b"ab")
    request.end(VoiceFailed("broken", hint="mend it"))
    request.end()
    assert await request.next() == b"ab"
    for _ in range(2):
        with pytest.raises(VoiceFailed, match="broken") as caught:
            await request.next()
        assert caught.value.hint == "mend it"


async def test_what_comes_after_the_consumer_left_is_thrown_away() -> None:
    waiting = Waiting(10)
    request = waiting.join("one", Rank.LIVE)
    request.give(b"ab")
    waiting.leave(request)
    request.give(b"cd")
    request.end()
    assert await request.next() is None


async def test_all_in_line_learn_that_the_voice_cannot_be_had() -> None:
    waiting = Waiting(10)
    requests = [waiting.join("one", Rank.LIVE), waiting.join("two", Rank.BACKGROUND)]
    waiting.fail_all(VoiceFailed("gone"))
    for request in requests:
        with pytest.raises(VoiceFailed, match="gone"):
            await request.next()
    assert len(waiting) == 0


def test_a_message_survives_the_pipe() -> None:
    message = pack({"sound": 3, "text": "Où?"}, b"\0\1")
    header, sound = lengths_in(message[: LENGTHS.size])
    assert unpack(message[LENGTHS.size : LENGTHS.size + header]) == {"sound": 3, "text": "Où?"}
    assert sound == 2
    assert message.endswith(b"\0\1")


@pytest.mark.parametrize("noise", [b"Loading.", b"\0" * 8, b"\x10\0\0\0\xff\xff\xff\xff"])
def test_noise_in_the_pipe_is_noticed(noise: bytes) -> None:
    with pytest.raises(ValueError, match="not a message"):
        lengths_in(noise)
