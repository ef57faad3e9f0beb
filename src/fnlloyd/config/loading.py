"""Put the sources together, check everything at once, and remember where each value came from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from fnlloyd.config.keys import all_keys
from fnlloyd.config.settings import Settings
from fnlloyd.config.sources import Finding, Found, Wrong, config_file, read_environment, read_file, read_flags
from fnlloyd.errors import SetupError

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings in force; `origins` says by dotted name where each came from, `file` which file was read."""

    settings: Settings
    origins: dict[str, str]
    file: Path | None


def load_settings(
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Loaded:
    """Read fnlloyd.toml, then FNLLOYD_* variables, then flags; the later wins. Raises SetupError telling all problems.

    `flags` are by name with `_` for `-`; `config` is the file to read. Left out, `environ` is the process's
    environment and `folder` the current one.
    """
    environ = os.environ if environ is None else environ
    given = dict(flags or {})
    folder = folder or Path.cwd()
    file = config_file(given.pop("config", None), environ, folder)
    sources: list[Iterable[Finding]] = []
    if file is not None:
        sources.append(read_file(file, file.name if file.absolute().parent == folder else str(file)))
    sources += [read_environment(environ), read_flags(given)]
    found: dict[str, Found] = {}
    problems: list[str] = []
    for finding in (finding for source in sources for finding in source):
        if isinstance(finding, Wrong):
            problems.append(f"{finding.origin}: {finding.what}")
        else:
            found[finding.key] = finding
    settings = _check(found, problems)
    if settings is None or problems:
        raise _refusal(problems)
    origins = {name: found[name].origin if name in found else "default" for name in all_keys()}
    return Loaded(settings, origins, file)


def _check(found: dict[str, Found], problems: list[str]) -> Settings | None:
    try:
        settings = Settings.model_validate(_nested(found))
    except ValidationError as invalid:
        problems += [_told(error, found) for error in invalid.errors(include_url=False)]
        return None
    server = settings.server
    if not server.is_loopback and server.key is None:
        origin = found["server.host"].origin
        problems.append(
            f"{origin}: server.host: refuses to start on {server.host} without a key, because anybody who reaches "
            "this machine could use it; set FNLLOYD_SERVER__KEY, or listen on 127.0.0.1"
        )
    if server.legacy_port is not None and server.legacy_port == server.port != 0:
        origin = found["server.legacy_port"].origin
        problems.append(f"{origin}: server.legacy_port: {server.port} is server.port already; expected another port")
    return settings


def _nested(found: Mapping[str, Found]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, finding in found.items():
        *tables, last = name.split(".")
        at = tree
        for table in tables:
            at = at.setdefault(table, {})
        at[last] = finding.value
    return tree


def _refusal(problems: list[str]) -> SetupError:
    if len(problems) == 1:
        message = problems[0]
    else:
        message = f"{len(problems)} settings are wrong:" + "".join(f"\n  {problem}" for problem in problems)
    return SetupError(message, hint="`fnlloyd config --toml` prints every setting with what it means")


def _told(error: ErrorDetails, found: Mapping[str, Found]) -> str:
    """One problem: where the value stands, which setting, what was expected, what was found."""
    parts = [str(part) for part in error["loc"]]
    name = next(
        (known for end in range(len(parts), 0, -1) if (known := ".".join(parts[:end])) in all_keys()), ".".join(parts)
    )
    origin = found[name].origin if name in found else "default"
    value = HIDDEN if name in all_keys() and all_keys()[name].is_secret else _shown(error["input"])
    return f"{origin}: {name}: {_expected(error)}, found {value}"


def _expected(error: ErrorDetails) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        word = {"greater_than_equal": "at least", "less_than_equal": "at most", "greater_than": "more than"}
        return f"expected {word.get(kind, 'less than')} {next(iter(limits.values()))}"
    if kind in ("string_too_short", "too_short"):
        of = "characters" if kind == "string_too_short" or limits.get("field_type") != "List" else "entries"
        return f"expected at least {limits['min_length']} {of}"
    plain = {
        "int_parsing": "expected a whole number",
        "int_from_float": "expected a whole number",
        "int_type": "expected a whole number",
        "float_parsing": "expected a number",
        "float_type": "expected a number",
        "bool_parsing": "expected true or false",
        "bool_type": "expected true or false",
        "string_type": "expected a text",
        "list_type": "expected an array",
        "path_type": "expected a path",
    }
    if kind == "literal_error":
        return f"expected {limits['expected']}"
    return plain.get(kind, error["msg"])


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:76]}..."
