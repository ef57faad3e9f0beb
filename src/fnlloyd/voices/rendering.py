"""Render a character's lines ahead of time, so that saying one later takes no time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from fnlloyd.errors import VoiceFailed
from fnlloyd.voices.clips import ClipStore, clip_key
from fnlloyd.voices.voice import Patient, Voice

FAILURES_IN_A_ROW = 3

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rendered:
    """How far it came. `made + present + len(failed)` lines of `lines` are dealt with.

    `stopped` means the voice failed several times in a row and the remaining lines were not tried.
    """

    lines: int
    made: int = 0
    present: int = 0
    failed: tuple[str, ...] = ()
    stopped: bool = False


async def render_ahead(
    voice: Voice,
    clips: ClipStore,
    lines: Iterable[str],
    *,
    on_progress: Callable[[Rendered], None] | None = None,
) -> Rendered:
    """Put the sound of each line into the store, one after the other, in the order given.

    What is on disk is only brought into memory, so it can be cancelled at any time and called again.
    `on_progress` is told after each line. A line that fails is skipped; three in a row stop it, since then it is
    the voice that fails.
    """
    texts = list(dict.fromkeys(line for line in lines if line.strip()))
    so_far = Rendered(len(texts))
    in_a_row = 0
    for text in texts:
        made, present, failed = so_far.made, so_far.present, so_far.failed
        try:
            if await _render(voice, clips, text):
                made += 1
            else:
                present += 1
            in_a_row = 0
        except VoiceFailed as trouble:
            _log.warning("line_not_rendered", text=text, reason=str(trouble))
            failed += (text,)
            in_a_row += 1
        so_far = Rendered(len(texts), made, present, failed, stopped=in_a_row == FAILURES_IN_A_ROW)
        if on_progress is not None:
            on_progress(so_far)
        if so_far.stopped:
            break
    return so_far


async def _render(voice: Voice, clips: ClipStore, text: str) -> bool:
    """Whether the line had to be made. Raises VoiceFailed."""
    key = clip_key(voice.id, text)
    if await clips.load(key) is not None:
        return False
    if (take := clips.takes.find(key)) is not None:
        async with aclosing(take.listen()) as chunks:
            async for _ in chunks:
                pass
        return False
    # Not a take of its own: a live line would then wait for it behind every other live line.
    sound = bytearray()
    async with aclosing(voice.render(text) if isinstance(voice, Patient) else voice.speak(text)) as chunks:
        async for chunk in chunks:
            sound += chunk
    if sound:
        await clips.put(key, bytes(sound), voice.format)
    return True
