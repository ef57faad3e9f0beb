"""What is asked of the environment besides settings. Imports nothing of ours, so that clients start at once."""

from __future__ import annotations

import os
from collections.abc import Mapping

PREFIX = "FNLLOYD_"
FILE_VARIABLE = f"{PREFIX}CONFIG"
TOKEN_VARIABLE = f"{PREFIX}TOKEN"


def client_token(environ: Mapping[str, str] | None = None) -> str | None:
    """The key a client of ours sends if none is given by flag, so that it need not stand in the list of processes."""
    return (os.environ if environ is None else environ).get(TOKEN_VARIABLE) or None


def has_screen(platform: str, environ: Mapping[str, str] | None = None) -> bool:
    """Whether a browser can be shown to somebody here."""
    environ = os.environ if environ is None else environ
    if environ.get("CI") or environ.get("SSH_CONNECTION"):
        return False
    if platform.startswith("linux"):
        return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    return True
