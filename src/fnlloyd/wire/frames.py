"""Binary frames: a 16-byte little-endian header, then sound. The last frame of a line may carry no sound at all."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from fnlloyd.errors import BadMessage

VERSION = 1
HEADER_BYTES = 16
_LAST = 1
_HEADER = struct.Struct("<BBHIII")


class Codec(IntEnum):
    PCM16 = 0
    OPUS = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """`line`, `sentence` and `first_sample` are 0 to 2**32 - 1; `first_sample` counts samples per channel."""

    line: int
    sentence: int
    first_sample: int
    payload: bytes
    codec: Codec = Codec.PCM16
    last: bool = False


def pack(
    payload: bytes,
    *,
    line: int,
    sentence: int,
    first_sample: int,
    codec: Codec = Codec.PCM16,
    last: bool = False,
) -> bytes:
    """Write one frame. `last` marks the line's last one. Raises struct.error for a number past 32 bits."""
    return _HEADER.pack(VERSION, codec, _LAST if last else 0, line, sentence, first_sample) + payload


def unpack(frame: bytes) -> Frame:
    """Read one frame; flag bits that are not known yet are ignored. Raises BadMessage."""
    if len(frame) < HEADER_BYTES:
        raise BadMessage(f"frame: expected a header of {HEADER_BYTES} bytes; got {len(frame)}", field="frame")
    version, codec, flags, line, sentence, first_sample = _HEADER.unpack_from(frame)
    if version != VERSION:
        raise BadMessage(f"frame.version: expected {VERSION}; got {version}", field="version")
    if codec not in Codec.__members__.values():
        raise BadMessage(f"frame.codec: expected 0 (pcm16) or 1 (opus); got {codec}", field="codec")
    return Frame(line, sentence, first_sample, frame[HEADER_BYTES:], Codec(codec), bool(flags & _LAST))
