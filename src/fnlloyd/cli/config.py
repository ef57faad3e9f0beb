"""`fnlloyd config`: what is in force, and where each value was set."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cyclopts
from cyclopts import Parameter

from fnlloyd.cli import flags
from fnlloyd.cli.terminal import err, out, table

if TYPE_CHECKING:
    from fnlloyd.config import Key, Loaded


ROOMY = 140

app = cyclopts.App(
    name="config",
    help_epilogue="""
Settings are read from `fnlloyd.toml`, then from `FNLLOYD_*` variables, then from flags; the later wins.

**Examples**

- `fnlloyd config`
- `fnlloyd config --toml > fnlloyd.toml`
- `FNLLOYD_SERVER__PORT=9000 fnlloyd config`
""",
)


@app.default
def config_command(
    *,
    toml: Annotated[
        bool, Parameter(negative=(), help="Print a fnlloyd.toml with every setting at its default.")
    ] = False,
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
    """Show every setting: its value, where it was set, what it means."""
    given = {name: value for name, value in locals().items() if name != "toml"}
    if toml:
        out.say(example_file(), end="")
        return
    from fnlloyd.config import load_settings

    show(load_settings(given))


def show(loaded: Loaded) -> None:
    """Print the table of settings, secrets hidden."""
    from fnlloyd.config import all_keys, value_of

    # On a narrow terminal the descriptions would fold everything else; `--toml` tells them too.
    roomy = out.width >= ROOMY
    rows = table("setting", "value", "from", *(["what it is"] if roomy else []))
    for name, key in all_keys().items():
        origin = loaded.origins[name]
        cells = [name, shown_value(key, value_of(loaded.settings, name)), origin]
        rows.add_row(*cells, *([key.description] if roomy else []), style="dim" if origin == "default" else "")
    out.print(rows)
    err.note(f"settings file: {loaded.file or 'none'}")


def shown_value(key: Key, value: Any) -> str:
    """A value as it may be shown."""
    from fnlloyd.config import HIDDEN

    if value is None:
        return "-"
    if key.is_secret:
        return HIDDEN
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, list) else str(value)


def example_file() -> str:
    """A fnlloyd.toml in which every setting stands at its default, as a comment, below what it means."""
    from fnlloyd.config import all_keys

    lines = ["# Fnlloyd's settings. Each is shown with its default; take away the # of those you change."]
    lines.append("# The same by environment: FNLLOYD_SERVER__PORT=8000. Keys and passwords belong there.")
    inside = ""
    # Keys without a table stand first: in TOML whatever follows a header belongs to it.
    for name, key in sorted(all_keys().items(), key=lambda item: "." in item[0]):
        header, _, last = name.rpartition(".")
        if header != inside:
            lines += ["", f"[{header}]"]
            inside = header
        value = "" if key.default is None else _toml(key.default)
        lines += ["", *(f"# {line}" for line in textwrap.wrap(key.description, 100)), f"# {last} = {value}".rstrip()]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
