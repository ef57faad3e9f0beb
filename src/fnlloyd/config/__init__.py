"""Settings: what can be set, where it was set, and what is in force. The environment is read here and nowhere else.

The names below are brought in when they are first asked for: the command line shows its help before any engine
or voice is imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fnlloyd.config.environment import client_token, has_screen
    from fnlloyd.config.keys import FLAGS, Key, all_keys, value_of
    from fnlloyd.config.loading import HIDDEN, Loaded, load_settings
    from fnlloyd.config.settings import LogLevel, ServerSettings, Settings

_HOMES = {
    "FLAGS": "keys",
    "HIDDEN": "loading",
    "Key": "keys",
    "Loaded": "loading",
    "LogLevel": "settings",
    "ServerSettings": "settings",
    "Settings": "settings",
    "all_keys": "keys",
    "client_token": "environment",
    "has_screen": "environment",
    "load_settings": "loading",
    "value_of": "keys",
}

__all__ = [
    "FLAGS",
    "HIDDEN",
    "Key",
    "Loaded",
    "LogLevel",
    "ServerSettings",
    "Settings",
    "all_keys",
    "client_token",
    "has_screen",
    "load_settings",
    "value_of",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
