"""`fnlloyd play`: serve, and show the game."""

from __future__ import annotations

import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Annotated

import cyclopts
from cyclopts import Parameter

from fnlloyd.cli import flags
from fnlloyd.cli.serve import open_settings, serve, show_banner
from fnlloyd.cli.terminal import out

if TYPE_CHECKING:
    from fnlloyd.cli.listening import Address
    from fnlloyd.server.doors import Doors


app = cyclopts.App(
    name="play",
    help_epilogue="""
The first start fetches a small model and a voice, about 160 MB. Ctrl-C stops it.

**Examples**

- `fnlloyd play`
- `fnlloyd play --voice none: --no-browser`
""",
)


@app.default
def play_command(
    *,
    browser: Annotated[bool, Parameter(help="Open the browser.")] = True,
    port: flags.Port = None,
    engine: flags.Engine = None,
    voice: flags.Voice = None,
    character: flags.Character = None,
    home: flags.Home = None,
    log_level: flags.LogLevel = None,
    config: flags.Config = None,
) -> None:
    """Start everything on this machine and open the game in the browser."""
    given = {name: value for name, value in locals().items() if name != "browser"}
    loaded = open_settings(given)

    def started(address: Address, doors: Doors) -> None:
        show_banner(address, doors, loaded)
        show_game(address.url, browser=browser)

    serve(loaded.settings, started)


def show_game(url: str, *, browser: bool) -> None:
    """Open the game where somebody can see it, and say where it is in any case."""
    from fnlloyd.config import has_screen

    if not browser or not has_screen(sys.platform):
        out.say(f"Play at {url}", "bold green")
        return
    out.say(f"Opening {url} in the browser.", "bold green")
    # A browser may take seconds to start, or stay in the foreground; the doors must not wait for it.
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
