"""What the commands write with: results to stdout, everything else to stderr; colours only where they are wanted.

Rich honours NO_COLOR, TERM=dumb and pipes by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 240
"""Nobody folds lines in a pipe, and rich would at 80."""


class Terminal(Console):
    """A console of ours: nothing we print is markup, because much of it was written by others."""

    def __init__(self, *, stderr: bool = False, pipe_width: int = PIPE_WIDTH) -> None:
        stream = sys.stderr if stderr else sys.stdout
        piped = stream is None or not stream.isatty()
        super().__init__(stderr=stderr, highlight=False, markup=False, width=pipe_width if piped else None)

    def say(self, text: str, style: str = "", *, end: str = "\n") -> None:
        """Write words as they are; they may be styled and are never folded."""
        self.print(Text(text, style), end=end, soft_wrap=True)

    def problem(self, message: str) -> None:
        """Say that it did not work, and why."""
        self.print(Text.assemble(("error: ", "bold red"), message), soft_wrap=True)

    def hint(self, what: str) -> None:
        """Say what to do."""
        self.print(Text.assemble(("  try: ", "bold"), what), soft_wrap=True)

    def note(self, text: str) -> None:
        """Say something by the way."""
        self.say(text, "dim")


out = Terminal()
err = Terminal(stderr=True)


def table(*headings: str) -> Table:
    """A table without lines around it, easy to read and to cut into columns."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made


class Fetching:
    """Bars for what is being fetched; the first call shows the first one, so nothing shows if nothing is fetched."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=err,
            disable=not err.is_terminal,
        )
        self._bars: dict[str, TaskID] = {}

    def __call__(self, done: int, total: int | None, name: str) -> None:
        """An `on_progress` for `fnlloyd.assets`."""
        if name not in self._bars:
            if not self._bars:
                self._progress.start()
            if not err.is_terminal:
                err.note(f"fetching {name}")
            self._bars[name] = self._progress.add_task(f"fetching {name}", total=total)
        self._progress.update(self._bars[name], completed=done, total=total)

    def stop(self) -> None:
        if self._bars:
            self._progress.stop()


@contextmanager
def fetching() -> Iterator[Fetching]:
    """Show bars while something is fetched."""
    bars = Fetching()
    try:
        yield bars
    finally:
        bars.stop()


def counting() -> Progress:
    """A bar for things that are counted."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        disable=not err.is_terminal,
    )
