"""Where settings are written: a file, the environment, flags. Each value found says where it stood."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fnlloyd.config.environment import FILE_VARIABLE, PREFIX, TOKEN_VARIABLE
from fnlloyd.config.keys import FLAGS, SHORT, all_keys, did_you_mean, tables

FILE = "fnlloyd.toml"
_NOT_SETTINGS = (FILE_VARIABLE, TOKEN_VARIABLE)
# Kubernetes and Docker links announce a service called "fnlloyd" to its neighbours under names of this form.
_SERVICE = re.compile(rf"{PREFIX}(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?)")
_HEADER = re.compile(r"\s*\[\s*([\w.\s]+?)\s*\]\s*(#.*)?$")
_ENTRY = re.compile(r"\s*([\w.-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Found:
    """A value as it was written, for the setting `key`, and where: `fnlloyd.toml line 3`, `flag --port`."""

    key: str
    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a source, and where."""

    origin: str
    what: str


Finding = Found | Wrong


def read_file(path: Path, shown: str) -> Iterator[Finding]:
    """What a TOML file sets; `shown` is how to call it."""
    try:
        text = path.read_text(encoding="utf-8")
        written = tomllib.loads(text)
    except UnicodeDecodeError:
        yield Wrong(shown, "is not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        yield Wrong(shown, f"is not TOML: {error}")
    except OSError as error:
        yield Wrong(shown, f"cannot be read: {error.strerror or error}")
    else:
        lines = _lines(text)
        yield from _walk(written, "", shown, lines)


def read_environment(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What FNLLOYD_* variables set. An empty one sets nothing, as compose files leave them so."""
    keys = all_keys()
    by_variable = {key.variable: name for name, key in keys.items()}
    by_variable |= {PREFIX + short.upper(): name for short, name in SHORT.items()}
    for variable, text in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable in _NOT_SETTINGS or _announces_a_service(variable, text):
            continue
        origin = f"environment {variable}"
        name = by_variable.get(variable.upper())
        if name is None:
            yield Wrong(origin, f"no such setting{did_you_mean(variable, by_variable)}")
        elif text.strip():
            yield _found_text(name, text, origin, is_list=keys[name].is_list)


def read_flags(flags: Mapping[str, Any]) -> Iterator[Finding]:
    """What flags set; None is a flag not given. Keys are flags' names (`legacy_port`)."""
    for flag, value in flags.items():
        if value is None:
            continue
        name = FLAGS[flag]
        if all_keys()[name].is_list and isinstance(value, str):
            value = [value]
        yield Found(name, value, f"flag --{flag.replace('_', '-')}")


def config_file(flag: Path | None, environ: Mapping[str, str], folder: Path) -> Path | None:
    """The file to read: the one asked for, or fnlloyd.toml in the folder if there is one."""
    named = flag or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    if named is not None:
        return named.expanduser()
    usual = folder / FILE
    return usual if usual.is_file() else None


def _walk(table: Mapping[str, Any], prefix: str, file: str, lines: Mapping[str, int]) -> Iterator[Finding]:
    keys = all_keys()
    for name, value in table.items():
        full = prefix + name
        origin = f"{file} line {lines[full]}" if full in lines else file
        if full in keys or (full in SHORT and not isinstance(value, dict)):
            target = SHORT.get(full, full)
            listed = keys[target].is_list and isinstance(value, str)
            yield Found(target, [value] if listed else value, origin)
        elif full in tables() and isinstance(value, dict):
            yield from _walk(value, f"{full}.", file, lines)
        elif full in tables():
            yield Wrong(origin, f"{full}: expected a table, written as [{full}]")
        else:
            yield Wrong(origin, f"{full}: no such setting{_near_key(full)}")


def _near_key(full: str) -> str:
    """A key in the wrong table is the likeliest mistake after a misspelt one."""
    last = full.rpartition(".")[2]
    elsewhere = next((name for name in all_keys() if name.rpartition(".")[2] == last), None)
    return f" (did you mean {elsewhere}?)" if elsewhere else did_you_mean(full, [*all_keys(), *tables()])


def _lines(text: str) -> dict[str, int]:
    """On which line each key of a TOML file stands, by a look at its lines: the parser does not say."""
    lines: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            prefix = header[1].replace(" ", "") + "."
            lines.setdefault(prefix[:-1], number)
        elif entry := _ENTRY.match(line):
            lines.setdefault(prefix + entry[1], number)
    return lines


def _found_text(name: str, text: str, origin: str, *, is_list: bool) -> Finding:
    if not is_list:
        return Found(name, text.strip(), origin)
    if not text.lstrip().startswith("["):
        return Found(name, [part.strip() for part in text.split(",") if part.strip()], origin)
    try:
        return Found(name, json.loads(text), origin)
    except ValueError as error:
        return Wrong(origin, f"{name}: expected values with commas between them, or a JSON array: {error}")


def _announces_a_service(variable: str, text: str) -> bool:
    return bool(_SERVICE.fullmatch(variable)) or (variable == f"{PREFIX}PORT" and "://" in text)
