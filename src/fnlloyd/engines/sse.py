"""Cut a byte stream into server-sent events. Pure: however the bytes are chopped, the events are the same.

Events come out as bytes: the JSON reader takes bytes, and a character split over two reads is whole again here.
"""

from __future__ import annotations

import re

MAX_EVENT_BYTES = 1024 * 1024  # one chunk of an answer is some hundred bytes; a megabyte is not an answer
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


class EventTooLong(ValueError):
    """A line or an event beyond MAX_EVENT_BYTES."""


class SseReader:
    """Gives the `data` of each event. Comments, ids and retry times are dropped.

    A field called `error` counts as data: older llama.cpp servers report failures that way.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []
        self._size = 0
        self._started = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take bytes, return the events they complete. Raises EventTooLong."""
        text = self._rest + chunk if self._rest else chunk
        if not self._started:
            if len(text) < len(_BOM) and _BOM.startswith(text):
                self._rest = text
                return []
            self._started = True
            text = text.removeprefix(_BOM)
        events: list[bytes] = []
        for line in self._lines(text):
            self._take(line, events)
        if len(self._rest) > MAX_EVENT_BYTES:
            raise EventTooLong(f"a line of more than {MAX_EVENT_BYTES} bytes")
        return events

    def flush(self) -> list[bytes]:
        """Return the event the stream ended in, if its last line or blank line was missing."""
        events: list[bytes] = []
        if self._rest:
            self._take(self._rest.rstrip(b"\r"), events)
            self._rest = b""
        self._take(b"", events)
        return events

    def _lines(self, text: bytes) -> list[bytes]:
        if b"\r" not in text:
            *lines, self._rest = text.split(b"\n")
            return lines
        # A final CR may be half of a CRLF: it waits for the next byte.
        held = text[-1:] == b"\r"
        *lines, rest = _LINE_END.split(text[:-1] if held else text)
        self._rest = rest + b"\r" if held else rest
        return lines

    def _take(self, line: bytes, events: list[bytes]) -> None:
        if not line:
            if self._data:
                events.append(self._data[0] if len(self._data) == 1 else b"\n".join(self._data))
                self._data.clear()
                self._size = 0
            return
        name, _, value = line.partition(b":")
        if name in (b"data", b"error"):
            self._size += len(value)
            if self._size > MAX_EVENT_BYTES:
                raise EventTooLong(f"an event of more than {MAX_EVENT_BYTES} bytes")
            self._data.append(value.removeprefix(b" "))
