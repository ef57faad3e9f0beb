"""Rendered lines, kept by what they are: voice and text give the key, the key gives the sound, for ever.

A clip is a plain WAV file that a person can play; its checksum travels inside it, so a damaged file is
noticed, removed and rendered again. `peek` is the path of the 0 ms answer: memory only, never the disk.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import secrets
import time
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog

from fnlloyd.events import SoundFormat
from fnlloyd.voices.pcm import parse_wav, wav
from fnlloyd.voices.takes import Takes

# Goes into every key: raise it when the same voice and text must be rendered anew.
KEY_VERSION = 1
_KEY = re.compile(r"[0-9a-f]{64}")
_CHECKSUM_CHUNK = b"sha2"
_PART_ENDING = ".part"
_PART_AGE_S = 3600.0

_log = structlog.get_logger(__name__)


@lru_cache(maxsize=4096)
def clip_key(voice_id: str, text: str) -> str:
    """The address of a text in a voice: 64 hexadecimal digits. White space around and between words does not count."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(json.dumps([KEY_VERSION, voice_id, words]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Clip:
    """A line's whole sound."""

    key: str
    pcm: bytes
    format: SoundFormat

    @property
    def duration_ms(self) -> int:
        return self.format.duration_ms(len(self.pcm))

    @property
    def wav(self) -> bytes:
        """The sound as a WAV file. Put together anew each time: keeping it would double what the store holds."""
        return wav(self.pcm, self.format)


class ClipStore:
    """Clips in memory (the last used, up to `memory_bytes` of sound) and all of them in a folder.

    The folder is made when first needed. For one event loop; several servers may share the folder.
    """

    def __init__(self, folder: Path, *, memory_bytes: int = 64 * 1024 * 1024) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._held_bytes = 0
        self._clips: OrderedDict[str, Clip] = OrderedDict()
        self._swept = False
        self.takes = Takes()

    def peek(self, key: str) -> Clip | None:
        """The clip if it is in memory. Takes microseconds whatever the store holds."""
        clip = self._clips.get(key)
        if clip is not None:
            self._clips.move_to_end(key)
        return clip

    async def load(self, key: str) -> Clip | None:
        """The clip from memory, or else from disk; None if there is none, or only a damaged one.

        Any text may be asked for: what is not a key (it may come from the network) is never made into a path.
        """
        clip = self.peek(key)
        if clip is not None or not _KEY.fullmatch(key):
            return clip
        clip = await asyncio.to_thread(self._read, key)
        if clip is not None:
            self._remember(clip)
        return clip

    async def put(self, key: str, pcm: bytes, format: SoundFormat) -> Clip:
        """Keep a line's whole sound under its key; it is in memory at once, and on disk when this returns.

        A disk that refuses is logged: the clip then lives in memory only. Raises ValueError for what is not a key.
        """
        if not _KEY.fullmatch(key):
            raise ValueError(f"not the key of a clip: {key[:80]!r}")
        clip = Clip(key, pcm, format)
        self._remember(clip)
        try:
            await asyncio.to_thread(self._write, clip)
        except OSError as trouble:
            _log.warning("clip_not_written", key=key, folder=str(self._folder), reason=str(trouble))
        return clip

    def _remember(self, clip: Clip) -> None:
        old = self._clips.pop(clip.key, None)
        self._held_bytes -= len(old.pcm) if old else 0
        if len(clip.pcm) > self._memory_bytes:
            return
        self._clips[clip.key] = clip
        self._held_bytes += len(clip.pcm)
        while self._held_bytes > self._memory_bytes:
            _, oldest = self._clips.popitem(last=False)
            self._held_bytes -= len(oldest.pcm)

    # The rest runs in worker threads.

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.wav"

    def _read(self, key: str) -> Clip | None:
        path = self._path(key)
        try:
            blob = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as trouble:
            _log.warning("clip_not_read", file=str(path), reason=str(trouble))
            return None
        try:
            return _clip_in(blob, key)
        except ValueError as damage:
            _log.warning("clip_damaged", file=str(path), reason=str(damage))
            path.unlink(missing_ok=True)
            return None

    def _write(self, clip: Clip) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self._swept:
            self._swept = True
            self._sweep()
        blob = wav(clip.pcm, clip.format, extra=(_CHECKSUM_CHUNK, _checksum(clip.pcm, clip.key)))
        part = self._folder / f"{clip.key}.{secrets.token_hex(4)}{_PART_ENDING}"
        try:
            with part.open("xb") as file:
                file.write(blob)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path(clip.key))
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _sweep(self) -> None:
        """Remove what a server that died while writing left behind; young ones may be another server's."""
        for part in self._folder.glob(f"*{_PART_ENDING}"):
            try:
                if time.time() - part.stat().st_mtime > _PART_AGE_S:
                    part.unlink()
            except OSError:  # another server may have been quicker
                continue


def _clip_in(blob: bytes, key: str) -> Clip:
    """Raises ValueError unless the file is whole, unchanged and of that key."""
    file = parse_wav(blob)
    if file.extra.get(_CHECKSUM_CHUNK) != _checksum(file.pcm, key):
        raise ValueError("the checksum does not fit the sound")
    return Clip(key, file.pcm, file.format)


def _checksum(pcm: bytes, key: str) -> bytes:
    # The key is part of it, so that a file under another line's name is noticed too.
    return hashlib.sha256(key.encode() + pcm).digest()
