from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import anyio
import pytest
from anyio.lowlevel import checkpoint

from fnlloyd.errors import VoiceFailed
from fnlloyd.events import SoundFormat, VoiceFacts
from fnlloyd.voices.clips import ClipStore, clip_key
from fnlloyd.voices.rendering import Rendered, render_ahead
from fnlloyd.voices.speaking import sound_of
from fnlloyd.voices.voice import Voice

pytestmark = pytest.mark.anyio
FORMAT = SoundFormat(16_000)


class CountingVoice:
    """Says each letter as one sample; can be held before its second chunk, and fails on texts with a `!`."""

    format = FORMAT
    id = "counting"

    def __init__(self) -> None:
        self.spoken: list[str] = []
        self.left: list[str] = []
        self.go_on = anyio.Event()
        self.go_on.set()

    async def speak(self, sentence: str) -> AsyncGenerator[bytes]:
        self.spoken.append(sentence)
        try:
            yield sentence[0].encode("utf-16-le")
            await self.go_on.wait()
            if "!" in sentence:
                raise VoiceFailed("no shouting")
            yield sentence[1:].encode("utf-16-le")
        except BaseException:
            self.left.append(sentence)
            raise

    async def probe(self) -> VoiceFacts:
        return VoiceFacts("counting", self.id, FORMAT)

    async def aclose(self) -> None:
        pass


async def whole(voice: Voice, clips: ClipStore, text: str, *, keep: bool) -> bytes:
    async with aclosing(sound_of(voice, clips, text, keep=keep)) as chunks:
        return b"".join([chunk async for chunk in chunks])


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def all_listen(clips: ClipStore, text: str, count: int) -> None:
    """Wait until that many hear the take: each looked for the clip on disk first, in a thread."""
    with anyio.fail_after(5):
        while (take := clips.takes.find(clip_key("counting", text))) is None or take.listeners < count:
            await checkpoint()


def pcm_of(text: str) -> bytes:
    return text.encode("utf-16-le")


async def test_a_kept_sentence_is_made_once_and_comes_from_memory_and_from_disk(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    assert await whole(voice, clips, "Tally ho", keep=True) == pcm_of("Tally ho")
    assert await whole(voice, clips, "Tally ho", keep=True) == pcm_of("Tally ho")
    assert await whole(voice, ClipStore(tmp_path), "Tally ho", keep=False) == pcm_of("Tally ho")
    assert voice.spoken == ["Tally ho"]


async def test_a_sentence_that_is_not_kept_is_made_each_time(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    for _ in range(2):
        assert await whole(voice, clips, "Tally ho", keep=False) == pcm_of("Tally ho")
    assert voice.spoken == ["Tally ho"] * 2
    assert names_in(tmp_path) == []


async def test_an_empty_text_has_no_sound(tmp_path: Path) -> None:
    voice = CountingVoice()
    assert await whole(voice, ClipStore(tmp_path), "  ", keep=True) == b""
    assert voice.spoken == []


async def test_simultaneous_requests_hear_one_making(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    results: list[bytes] = []

    async def ask() -> None:
        results.append(await whole(voice, clips, "Tally ho", keep=True))

    voice.go_on = anyio.Event()
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(ask)
        await all_listen(clips, "Tally ho", 5)
        voice.go_on.set()
    assert results == [pcm_of("Tally ho")] * 5
    assert voice.spoken == ["Tally ho"]


async def test_the_others_hear_the_end_though_the_first_to_ask_has_left(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    voice.go_on = anyio.Event()
    async with (
        aclosing(sound_of(voice, clips, "Tally ho", keep=True)) as first,
        aclosing(sound_of(voice, clips, "Tally ho", keep=True)) as second,
    ):
        assert await anext(first) == await anext(second) == pcm_of("T")
        await first.aclose()
        voice.go_on.set()
        assert [chunk async for chunk in second] == [pcm_of("ally ho")]
    assert voice.spoken == ["Tally ho"]
    assert clips.peek(clip_key("counting", "Tally ho")) is not None


async def test_the_last_to_leave_stops_the_making(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    voice.go_on = anyio.Event()
    async with aclosing(sound_of(voice, clips, "Tally ho", keep=True)) as chunks:
        await anext(chunks)
    assert voice.left == ["Tally ho"]
    voice.go_on.set()
    assert await whole(voice, clips, "Tally ho", keep=True) == pcm_of("Tally ho")


async def test_cancelling_the_last_listener_stops_the_making(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    voice.go_on = anyio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: whole(voice, clips, "Tally ho", keep=True))
        while not voice.spoken:
            await checkpoint()
        group.cancel_scope.cancel()
    assert voice.left == ["Tally ho"]
    assert clips.peek(clip_key("counting", "Tally ho")) is None


async def test_every_listener_learns_that_the_voice_failed_and_nothing_is_kept(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    voice.go_on = anyio.Event()
    failures: list[str] = []

    async def ask() -> None:
        try:
            await whole(voice, clips, "Ho!", keep=True)
        except VoiceFailed as trouble:
            failures.append(trouble.message)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(ask)
        await all_listen(clips, "Ho!", 3)
        voice.go_on.set()
    assert failures == ["no shouting"] * 3
    assert voice.spoken == ["Ho!"]
    assert names_in(tmp_path) == []


async def test_lines_are_rendered_in_order_and_only_once(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    await whole(voice, clips, "Two", keep=True)
    voice.spoken.clear()
    told: list[Rendered] = []
    result = await render_ahead(voice, clips, ["One", "Two", "One", " ", "Three"], on_progress=told.append)
    assert voice.spoken == ["One", "Three"]
    assert result == told[-1] == Rendered(lines=3, made=2, present=1)
    assert len(told) == 3
    again = await render_ahead(voice, ClipStore(tmp_path), ["One", "Two", "Three"])
    assert again == Rendered(lines=3, present=3)


async def test_a_line_that_fails_is_skipped_and_a_failing_voice_stops_the_rendering(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    assert await render_ahead(voice, clips, ["a!", "b", "c!", "d"]) == Rendered(4, made=2, failed=("a!", "c!"))
    stopped = await render_ahead(voice, clips, ["e!", "f!", "g!", "h"])
    assert stopped == Rendered(4, failed=("e!", "f!", "g!"), stopped=True)


async def test_rendering_can_be_cancelled_and_taken_up_again(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    async with anyio.create_task_group() as group:

        def stop_after_the_first(_: Rendered) -> None:
            group.cancel_scope.cancel()

        await render_ahead(voice, clips, ["One", "Two"], on_progress=stop_after_the_first)
    assert await render_ahead(voice, clips, ["One", "Two"]) == Rendered(2, made=1, present=1)


async def test_a_rendering_hears_the_making_a_player_has_begun(tmp_path: Path) -> None:
    voice, clips = CountingVoice(), ClipStore(tmp_path)
    voice.go_on = anyio.Event()
    async with anyio.create_task_group() as group, aclosing(sound_of(voice, clips, "One", keep=True)) as chunks:
        await anext(chunks)
        results: list[Rendered] = []

        async def render() -> None:
            results.append(await render_ahead(voice, clips, ["One"]))

        group.start_soon(render)
        await anyio.wait_all_tasks_blocked()
        voice.go_on.set()
        assert [chunk async for chunk in chunks] == [pcm_of("ne")]
    assert results == [Rendered(1, present=1)]
    assert voice.spoken == ["One"]
