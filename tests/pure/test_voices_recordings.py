from contextlib import aclosing

import anyio
import pytest
from anyio.lowlevel import checkpoint

from fnlloyd.events import SoundFormat
from fnlloyd.voices.recordings import READ_BYTES, Recording, Recordings

pytestmark = pytest.mark.anyio
FORMAT = SoundFormat(16_000)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def heard(recording: Recording) -> bytes:
    sound = b""
    async with aclosing(recording.stream()) as parts:
        async for part in parts:
            sound += part
    return sound


async def test_many_readers_hear_the_whole_line_whenever_they_come() -> None:
    recording = Recordings().begin(FORMAT)
    results: list[bytes] = []

    async def read() -> None:
        results.append(await heard(recording))

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        for index in range(5):
            recording.append(bytes([index, index]))
            group.start_soon(read)
            await checkpoint()
        recording.finish()
    results.append(await heard(recording))
    assert results == [bytes([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])] * 7
    assert recording.complete
    assert recording.pcm == results[0]


async def test_a_slow_reader_loses_nothing_and_holds_nobody_up() -> None:
    recording = Recordings().begin(FORMAT)
    sound = bytes(READ_BYTES * 2 + 10)
    recording.append(sound)
    async with aclosing(recording.stream()) as slow:
        first = await anext(slow)
        assert len(first) == READ_BYTES
        recording.append(b"ab")
        recording.finish()
        assert await heard(recording) == sound + b"ab"
        rest = b"".join([part async for part in slow])
    assert first + rest == sound + b"ab"


async def test_an_abandoned_recording_ends_where_it_is() -> None:
    recording = Recordings().begin(FORMAT)
    recording.append(b"ab")
    recording.abandon()
    recording.append(b"cd")
    recording.finish()
    assert await heard(recording) == b"ab"
    assert recording.ended
    assert not recording.complete


async def test_a_finished_recording_stays_finished() -> None:
    recording = Recordings().begin(FORMAT)
    recording.finish()
    recording.abandon()
    assert recording.complete


async def test_names_cannot_be_guessed() -> None:
    recordings = Recordings()
    names = {recordings.begin(FORMAT).name for _ in range(100)}
    assert len(names) == 100
    assert min(map(len, names)) * 6 >= 128


async def test_a_recording_is_found_by_its_name_until_it_is_too_old() -> None:
    clock = Clock()
    recordings = Recordings(keep_s=600, clock=clock)
    recording = recordings.begin(FORMAT)
    recording.finish()
    assert recordings.find("another") is None
    clock.now += 600
    assert recordings.find(recording.name) is recording
    clock.now += 1
    assert recordings.find(recording.name) is None
    recordings.begin(FORMAT)
    assert len(recordings) == 1


async def test_the_oldest_finished_ones_make_room_and_those_being_made_stay() -> None:
    recordings = Recordings(limit_bytes=10)
    being_made = recordings.begin(FORMAT)
    being_made.append(b"123456")
    old = recordings.begin(FORMAT)
    old.append(b"12")
    old.finish()
    new = recordings.begin(FORMAT)
    new.append(b"1234")
    new.finish()
    assert recordings.find(being_made.name) is being_made
    assert recordings.find(old.name) is None
    assert recordings.find(new.name) is new
    assert await heard(old) == b"12"
