"""The last lines a child wrote, for the error that says why it died. Pure; secrets are blotted out on the way in."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

MAX_LINES = 200
MAX_CHARS = 32 * 1024
MAX_LINE = 2000  # characters kept of one line


class LogTail:
    """Takes bytes as they come, keeps at most MAX_LINES lines and MAX_CHARS characters."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._secrets = [secret for secret in secrets if secret]
        self._lines: deque[str] = deque()
        self._chars = 0
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        """Take bytes, return the lines they complete."""
        *lines, self._rest = (self._rest + chunk).replace(b"\r", b"\n").split(b"\n")
        if len(self._rest) > MAX_LINE:
            lines.append(self._rest)
            self._rest = b""
        return [self._keep(line) for line in lines if line.strip()]

    def lines(self, last: int = MAX_LINES) -> list[str]:
        """Return up to `last` lines, oldest first, with the unfinished one."""
        kept = [*self._lines, self._clean(self._rest)] if self._rest.strip() else list(self._lines)
        return kept[-last:]

    def _keep(self, raw: bytes) -> str:
        line = self._clean(raw)
        self._lines.append(line)
        self._chars += len(line)
        while len(self._lines) > MAX_LINES or self._chars > MAX_CHARS:
            self._chars -= len(self._lines.popleft())
        return line

    def _clean(self, raw: bytes) -> str:
        line = raw.decode("utf-8", "replace").rstrip()
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line[:MAX_LINE]
