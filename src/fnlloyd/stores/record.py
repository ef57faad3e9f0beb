"""A session's record as text: plain JSON, bounded, readable with any tool."""

from __future__ import annotations

import json
from typing import Any

from fnlloyd.errors import StoreFailed, TooBig

RECORD_BYTES = 1024 * 1024


def write_record(session: str, record: dict[str, Any]) -> str:
    """The record as JSON. Raises TooBig past 1 MiB, StoreFailed for what JSON cannot say."""
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(text) if text.isascii() else len(text.encode())
    except (ValueError, TypeError, RecursionError) as error:
        raise StoreFailed(f"the record of session {session!r} is not plain JSON: {error}") from error
    if size > RECORD_BYTES:
        raise TooBig(
            f"the record of session {session!r} has {size} bytes; at most {RECORD_BYTES} are kept",
            hint="send less state",
        )
    return text


def read_record(session: str, text: str) -> dict[str, Any]:
    """The record back. Raises StoreFailed if it is not one."""
    try:
        record = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise StoreFailed(f"the stored record of session {session!r} cannot be read: {error}") from error
    if not isinstance(record, dict):
        raise StoreFailed(f"the stored record of session {session!r} is not an object")
    return record
