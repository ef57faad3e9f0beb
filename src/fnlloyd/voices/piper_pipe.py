"""What goes through the pipes between Fnlloyd and a Piper process: a JSON header and sound after it. No I/O here.

    to the child      {"speak": number, "text": ...}    {"stop": number}
    from the child    {"ready": sample_rate}    {"refused": reason, "hint": ...}
                      {"sound": number} + PCM    {"done": number}    {"failed": number, "reason": ...}

Each message is two lengths (little-endian, 32 bits: header, sound), the header, the sound. The child has one
sentence at a time; `done` or `failed` answers each `speak`, also a stopped one.
"""

from __future__ import annotations

import json
import struct
from typing import Any

LENGTHS = struct.Struct("<II")
MOST_HEADER_BYTES = 64 * 1024
MOST_SOUND_BYTES = 64 * 1024 * 1024

Header = dict[str, Any]


def pack(header: Header, sound: bytes = b"") -> bytes:
    encoded = json.dumps(header).encode()
    return LENGTHS.pack(len(encoded), len(sound)) + encoded + sound


def lengths_in(prefix: bytes) -> tuple[int, int]:
    """Bytes of header and of sound that follow. Raises ValueError when something else wrote into the pipe."""
    header, sound = LENGTHS.unpack(prefix)
    if not 0 < header <= MOST_HEADER_BYTES or sound > MOST_SOUND_BYTES:
        raise ValueError("what came through the pipe is not a message")
    return header, sound


def unpack(header: bytes) -> Header:
    """Raises ValueError unless it is a JSON object."""
    content = json.loads(header)
    if not isinstance(content, dict):
        raise ValueError("what came through the pipe is not a message")
    return content
