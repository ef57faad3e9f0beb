"""The table, on the terminal and in docs/benchmarks.md between two markers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from bench.row import Row, Skipped

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"
COLUMNS = ("what", "measured", "to reach", "result", "n", "beside it")


def show(rows: Sequence[Row | Skipped], console: Console) -> None:
    table = Table(*COLUMNS, box=SIMPLE)
    for row in rows:
        cells = _cells(row)
        missed = isinstance(row, Row) and row.is_met is False
        table.add_row(*cells, style="yellow" if missed else None)
    console.print(table)


def summary(row: Row | Skipped) -> str:
    """One line for a row, while the others are still being measured."""
    return ", ".join(cell for cell in _cells(row)[:4] if cell)


def write(rows: Sequence[Row | Skipped], machine: dict[str, str], settings: str, page: Path = PAGE) -> None:
    """Put the table into the page, in the place of the last one. Raises ValueError for a page without markers."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no {BEGIN} and {END}")
    measured = _markdown(rows, machine, settings)
    page.write_text(f"{before}{BEGIN}\n{measured}\n{END}{after}", encoding="utf-8")


def _markdown(rows: Sequence[Row | Skipped], machine: dict[str, str], settings: str) -> str:
    facts = {"date": f"{datetime.now(UTC):%Y-%m-%d}", **machine, "settings": settings}
    lines = ["| machine | |", "|---|---|", *(f"| {name} | {fact} |" for name, fact in facts.items()), ""]
    lines += [f"| {' | '.join(COLUMNS)} |", "|---|--:|--:|---|--:|---|"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in _cells(row))} |" for row in rows]
    return "\n".join(lines)


def _cells(row: Row | Skipped) -> tuple[str, str, str, str, str, str]:
    if isinstance(row, Skipped):
        return row.what, "", "", f"skipped: {row.reason}", "", ""
    return row.what, row.shown, row.shown_reach, row.verdict, f"{row.count:,}", row.beside
