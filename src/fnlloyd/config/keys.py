"""Every setting there is, found by walking the declaration: flags, names and tables are made from this."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

from fnlloyd.config.environment import PREFIX
from fnlloyd.config.settings import Settings

FLAGS = {
    "host": "server.host",
    "port": "server.port",
    "legacy_port": "server.legacy_port",
    "engine": "engine.engines",
    "voice": "voice.urls",
    "store": "store.url",
    "character": "character",
    "home": "home",
    "log_level": "log_level",
}
"""Settings that have a flag, by the flag's name with `_` for `-`."""
SHORT = {"engine": "engine.engines", "voice": "voice.urls", "store": "store.url"}
"""A room's name alone means its most wanted setting: `engine = "scripted:"`, FNLLOYD_ENGINE=scripted:."""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting; `name` is dotted, such as `server.port`."""

    name: str
    description: str
    default: Any
    is_list: bool
    is_secret: bool

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper().replace(".", "__")


@cache
def all_keys() -> dict[str, Key]:
    """Every setting by its dotted name, in the order of declaration."""
    return {key.name: key for key in _keys_of(Settings, "")}


def tables() -> set[str]:
    """Names of the tables, such as `server`."""
    return {name.rpartition(".")[0] for name in all_keys()} - {""}


def value_of(settings: Settings, name: str) -> Any:
    """The value in force of a setting by its dotted name."""
    at: Any = settings
    for part in name.split("."):
        at = getattr(at, part)
    return at


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """` (did you mean x?)` for the nearest known name, or nothing."""
    near = difflib.get_close_matches(found[:80], list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _keys_of(table: type[BaseModel], prefix: str) -> Iterable[Key]:
    for name, field in table.model_fields.items():
        kinds = _kinds(field.annotation)
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if inner is not None:
            yield from _keys_of(inner, f"{prefix}{name}.")
            continue
        yield Key(
            name=prefix + name,
            description=re.sub(r"\s+", " ", field.description or ""),
            default=field.get_default(call_default_factory=True),
            is_list=any(get_origin(kind) is list for kind in kinds),
            is_secret=SecretStr in kinds,
        )


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of a union, without None."""
    if get_origin(annotation) in (Union, UnionType):
        return tuple(kind for kind in get_args(annotation) if kind is not type(None))
    return (annotation,)
