"""How a fetch tells how far it is: bytes done, bytes in all (None while unknown), and what is fetched."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int | None, str], None]


def quietly(_done: int, _total: int | None, _name: str) -> None:
    """Tell nobody."""
