import os
import time
from pathlib import Path

import pytest

from fnlloyd.events import SoundFormat
from fnlloyd.voices.clips import Clip, ClipStore, clip_key
from fnlloyd.voices.pcm import parse_wav, wav

pytestmark = pytest.mark.anyio
FORMAT = SoundFormat(16_000)
PCM = bytes(range(200)) * 4
KEY = clip_key("tone:1", "I say!")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_key_depends_on_voice_and_words_and_not_on_white_space() -> None:
    assert len(KEY) == 64
    assert clip_key("tone:1", " I\n say! ") == KEY
    assert clip_key("tone:2", "I say!") != KEY
    assert clip_key("tone:1", "I say?") != KEY
    assert clip_key("a", "bc") != clip_key("ab", "c")


def test_the_key_of_a_text_never_changes() -> None:
    assert KEY == "6d5afcd0cb6719663effa4acbfea52f4df230004bc03f5e99179d972eb15def9"


async def test_what_is_put_is_in_memory_at_once_and_on_disk_for_the_next_server(tmp_path: Path) -> None:
    store = ClipStore(tmp_path / "clips")
    assert store.peek(KEY) is None
    assert await store.load(KEY) is None
    clip = await store.put(KEY, PCM, FORMAT)
    assert clip == Clip(KEY, PCM, FORMAT)
    assert store.peek(KEY) is clip
    assert await store.load(KEY) is clip
    assert clip.duration_ms == 25
    assert parse_wav(clip.wav).pcm == PCM

    other = ClipStore(tmp_path / "clips")
    assert other.peek(KEY) is None
    assert await other.load(KEY) == clip
    assert other.peek(KEY) == clip
    assert names_in(tmp_path / "clips") == [f"{KEY}.wav"]


@pytest.mark.parametrize("damage", ["half", "flipped", "plain", "empty", "another"])
async def test_a_damaged_file_counts_as_absent_and_is_removed(tmp_path: Path, damage: str) -> None:
    await ClipStore(tmp_path).put(KEY, PCM, FORMAT)
    path = tmp_path / f"{KEY}.wav"
    whole = path.read_bytes()
    other = clip_key("tone:1", "Another.")
    if damage == "another":
        path = path.rename(tmp_path / f"{other}.wav")
    else:
        flipped = whole[:100] + bytes([whole[100] ^ 1]) + whole[101:]
        path.write_bytes(
            {"half": whole[: len(whole) // 2], "flipped": flipped, "plain": wav(PCM, FORMAT), "empty": b""}[damage]
        )
    store = ClipStore(tmp_path)
    assert await store.load(other if damage == "another" else KEY) is None
    assert not path.exists()


@pytest.mark.parametrize("key", ["", "../secret", "a" * 63, "A" * 64, KEY + "\n", KEY + "/x", "\0" * 64])
async def test_what_is_not_a_key_never_becomes_a_path(tmp_path: Path, key: str) -> None:
    store = ClipStore(tmp_path)
    assert store.peek(key) is None
    assert await store.load(key) is None
    with pytest.raises(ValueError, match="not the key"):
        await store.put(key, PCM, FORMAT)
    assert names_in(tmp_path) == []


async def test_memory_keeps_the_last_used_within_its_bound(tmp_path: Path) -> None:
    store = ClipStore(tmp_path, memory_bytes=2 * len(PCM))
    first, second, third = (clip_key("tone:1", text) for text in ("a", "b", "c"))
    await store.put(first, PCM, FORMAT)
    await store.put(second, PCM, FORMAT)
    store.peek(first)
    await store.put(third, PCM, FORMAT)
    assert store.peek(second) is None
    assert store.peek(first) is not None
    assert store.peek(third) is not None
    assert await store.load(second) is not None


async def test_putting_a_line_again_does_not_count_it_twice(tmp_path: Path) -> None:
    store = ClipStore(tmp_path, memory_bytes=2 * len(PCM))
    other = clip_key("tone:1", "b")
    await store.put(other, PCM, FORMAT)
    for _ in range(3):
        await store.put(KEY, PCM, FORMAT)
    assert store.peek(other) is not None


async def test_a_clip_larger_than_the_memory_is_still_on_disk(tmp_path: Path) -> None:
    store = ClipStore(tmp_path, memory_bytes=10)
    await store.put(KEY, PCM, FORMAT)
    assert store.peek(KEY) is None
    assert await store.load(KEY) == Clip(KEY, PCM, FORMAT)


async def test_a_disk_that_refuses_leaves_the_clip_in_memory(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    store = ClipStore(in_the_way / "clips")
    clip = await store.put(KEY, PCM, FORMAT)
    assert store.peek(KEY) is clip


async def test_what_a_dead_server_left_half_written_is_swept(tmp_path: Path) -> None:
    old, young = tmp_path / "x.1.part", tmp_path / "y.2.part"
    for part in (old, young):
        part.write_bytes(b"half")
    long_ago = time.time() - 7200
    os.utime(old, (long_ago, long_ago))
    await ClipStore(tmp_path).put(KEY, PCM, FORMAT)
    assert names_in(tmp_path) == sorted([young.name, f"{KEY}.wav"])
