"""Make the store a URL names."""

from __future__ import annotations

import difflib
from pathlib import Path

from fnlloyd.errors import SetupError
from fnlloyd.stores.memory import MemoryStore
from fnlloyd.stores.settings import StoreSettings
from fnlloyd.stores.sqlite import SqliteStore
from fnlloyd.stores.store import Store

_SCHEMES = ("memory:", "sqlite:")


async def open_store(url: str, *, default_path: Path, settings: StoreSettings | None = None) -> Store:
    """Open the store and see that it works. `default_path` is the file that a bare `sqlite:` means.

    Raises SetupError for a URL nobody understands, and for a file that cannot be opened.
    """
    settings = settings or StoreSettings()
    scheme, colon, rest = url.strip().partition(":")
    match scheme.lower() + colon:
        case "memory:" if not rest:
            return MemoryStore(settings.memory_sessions)
        case "sqlite:":
            store = SqliteStore(_path(rest, default_path), flush_each_save=settings.flush_each_save)
            try:
                await store.open()
            except BaseException:
                await store.aclose()
                raise
            return store
        case _:
            raise _unknown(url)


def _path(rest: str, default_path: Path) -> Path:
    """`sqlite:games.db`, `sqlite:/srv/games.db`; the `sqlite:///` of other programs means an absolute path too."""
    if rest.startswith("//"):
        rest = "/" + rest.lstrip("/")
    return Path(rest).expanduser() if rest else default_path


def _unknown(url: str) -> SetupError:
    word = url.strip().lower().partition(":")[0] + ":"
    near = difflib.get_close_matches(word, _SCHEMES, n=1)
    scheme = url.partition(":")[0] + ":" if ":" in url else url  # the rest may hold a password
    message = f"no store is called {scheme!r}" + (f"; did you mean {near[0]}?" if near else "")
    return SetupError(message, hint="use sqlite:, sqlite:PATH or memory:", field="store.url")
