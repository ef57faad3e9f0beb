"""`fnlloyd serve`: fetch what is missing, open the doors, close them in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import cyclopts

from fnlloyd.cli import flags
from fnlloyd.cli.terminal import fetching, out

if TYPE_CHECKING:
    from fnlloyd.cli.listening import Address
    from fnlloyd.config import Loaded, Settings
    from fnlloyd.server.doors import Doors

OnStarted = Callable[["Address", "Doors"], None]


app = cyclopts.App(
    name="serve",
    help_epilogue="""
Without settings: a small model and a voice on this machine, fetched on the first start, at port 8000.
Every flag is also a setting; `fnlloyd config` shows all of them.

**Examples**

- `fnlloyd serve`
- `fnlloyd serve --engine openai+http://127.0.0.1:8001/v1 --voice tone:`
- `fnlloyd serve --engine scripted: --voice tone: --store memory: --port 0`: no model, for a game's own tests
- `fnlloyd serve --legacy-port 3456`: for clients of the older API as well
""",
)


@app.default
def serve_command(
    *,
    host: flags.Host = None,
    port: flags.Port = None,
    engine: flags.Engine = None,
    voice: flags.Voice = None,
    store: flags.Store = None,
    character: flags.Character = None,
    legacy_port: flags.LegacyPort = None,
    home: flags.Home = None,
    log_level: flags.LogLevel = None,
    config: flags.Config = None,
) -> None:
    """Serve games until stopped."""
    given = dict(locals())
    loaded = open_settings(given)
    serve(loaded.settings, lambda address, doors: show_banner(address, doors, loaded))


def open_settings(given: dict[str, Any]) -> Loaded:
    """Load settings with these flags, and set up logging by them. Raises SetupError."""
    from fnlloyd.cli.logs import configure_logs
    from fnlloyd.config import load_settings

    loaded = load_settings(given)
    configure_logs(loaded.settings)
    return loaded


def serve(settings: Settings, on_started: OnStarted) -> None:
    """Serve until a signal asks to stop. Raises FnlloydError when it cannot start.

    `on_started` is called in the event loop when the doors are open.
    """
    from fnlloyd.cli.listening import listen

    # The port first: nobody wants to fetch a model and then learn that the port is taken.
    with listen(settings.server) as listening:
        fetch(settings)
        from fnlloyd.cli.uvicorn_server import run_app
        from fnlloyd.server.app import build_app

        app = build_app(settings)
        run_app(
            app,
            listening.sockets,
            drain_s=settings.server.drain_s,
            on_started=lambda: on_started(listening.address, app.state.doors),
        )


def fetch(settings: Settings) -> None:
    """Fetch the model and the voice these settings need, showing how far it is. Raises AssetError."""
    from fnlloyd.build import fetch_assets
    from fnlloyd.cli.running import run_async

    with fetching() as bars:
        run_async(fetch_assets, settings, bars)


def show_banner(address: Address, doors: Doors, loaded: Loaded) -> None:
    """Say where the game is and who answers there."""
    settings = loaded.settings
    engine = ", then ".join(settings.engine.engines)
    rows = {
        "game": address.url,
        "older API": address.legacy_url,
        "character": doors.house.card.name,
        "engine": engine,
        "voice": doors.voice_name or "none: text only",
        "sessions": str(settings.database) if settings.store.url == "sqlite:" else settings.store.url,
        "data": str(settings.home),
        "settings": str(loaded.file) if loaded.file else None,
    }
    out.say(f"{doors.house.card.name} is here.", "bold")
    for name, value in rows.items():
        if value:
            out.say(f"  {name:<10} {value}")
    out.say("  Ctrl-C stops it.", "dim")
