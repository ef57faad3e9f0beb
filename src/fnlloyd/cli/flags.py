"""Flags that several commands share. What each sets is in `fnlloyd.config`; here is only how it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

Host = Annotated[str | None, Parameter(help="Address to listen on (127.0.0.1). Any other than loopback needs a key.")]
Port = Annotated[int | None, Parameter(help="Port to listen on (8000); 0 takes a free one.")]
LegacyPort = Annotated[int | None, Parameter(help="A second port, for clients of the older API.")]
Engine = Annotated[
    list[str] | None,
    Parameter(
        negative=(),
        help="Where words come from, such as `llamacpp:`, `scripted:`, `openai+http://HOST:PORT/v1`. "
        "Give it again for what answers when the first cannot.",
    ),
]
Voice = Annotated[
    list[str] | None,
    Parameter(
        negative=(),
        help="Where sound comes from, such as `piper:en_GB-alan-medium`, `tone:`, `none:`. May be repeated.",
    ),
]
Store = Annotated[str | None, Parameter(help="Where sessions live: `sqlite:`, `sqlite:PATH`, `memory:`.")]
Character = Annotated[str | None, Parameter(help="Who speaks: a built-in character's name, or a card's folder.")]
Home = Annotated[Path | None, Parameter(help="The data folder: models, voices, rendered lines, sessions.")]
Config = Annotated[Path | None, Parameter(help="Settings file (fnlloyd.toml in the current folder).")]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"] | None, Parameter(help="How much is logged to stderr (info).")
]
