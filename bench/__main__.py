"""Measure what a player waits for.

python -m bench                      everything; some ten minutes
python -m bench --quick              fewer of each; two minutes
python -m bench --only canned        one measure; may be given again
python -m bench --write              put the table into docs/benchmarks.md
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench.machine import machine
from bench.measures import MEASURES
from bench.page import show, summary, write
from bench.row import Row, Skipped
from bench.stand import open_stand

console = Console(width=None if sys.stdout.isatty() else 200)


def main() -> int:
    options = _options()
    facts = machine()
    names = options.only or list(MEASURES)
    rows = _run(names, quick=options.quick)
    show(rows, console)
    if options.write:
        how = "quick" if options.quick else "full"
        write(
            rows, facts, f"{how} run of {', '.join(names)}; one worker; sessions in memory; every part on one machine"
        )
    missed = [row for row in rows if isinstance(row, Row) and row.is_met is False]
    console.print(f"{len(rows)} rows, {len(missed)} missed")
    return 0


def _run(names: Sequence[str], *, quick: bool) -> list[Row | Skipped]:
    # The client on uvloop as well, where there is one: its own cost counts as the server's.
    if sys.platform == "win32":
        return asyncio.run(_measure(names, quick=quick))
    import uvloop

    return uvloop.run(_measure(names, quick=quick))


async def _measure(names: Sequence[str], *, quick: bool) -> list[Row | Skipped]:
    rows: list[Row | Skipped] = []
    with tempfile.TemporaryDirectory(prefix="fnlloyd-bench-") as folder:
        async with open_stand(Path(folder), quick=quick) as stand:
            for name in names:
                console.print(f"measuring {name} ...", style="dim")
                found = await MEASURES[name](stand)
                for row in found:
                    console.print(f"  {summary(row)}", style="dim", markup=False)  # a run cut short has shown these
                rows += found
    return rows


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=list(MEASURES), metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="fewer of each: to see that it works, not to publish")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
