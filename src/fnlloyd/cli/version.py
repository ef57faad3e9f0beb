"""`fnlloyd version`: what is installed here."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import cyclopts

from fnlloyd import __version__
from fnlloyd.cli.terminal import out, table

LIBRARIES = {
    "xllamacpp": "embedded engine (llamacpp:)",
    "piper-tts": "local voice (piper:)",
    "huggingface-hub": "models and voices by name from the Hub",
    "redis": "sessions in Valkey or Redis",
    "uvicorn": "server",
    "fastapi": "server",
    "aiohttp": "engines over HTTP",
    "av": "Opus and MP3",
}


app = cyclopts.App(
    name="version",
    help_epilogue="""
**Examples**

- `fnlloyd version`
""",
)


@app.default
def version_command() -> None:
    """Show the versions of Fnlloyd, of Python, and of the engine and voice libraries installed."""
    rows = table("what", "version", "for")
    rows.add_row("fnlloyd", __version__, "")
    rows.add_row("python", platform.python_version(), f"{platform.system()} {platform.machine()}")
    for library, use in LIBRARIES.items():
        rows.add_row(library, _version(library), use)
    out.print(rows)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"
