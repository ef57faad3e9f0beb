"""Read a card's two files and check them, telling every problem at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from fnlloyd.character.lines import CannedLine
from fnlloyd.character.moods import DEFAULT_MOOD
from fnlloyd.character.problems import Problems, did_you_mean, key_path, shown
from fnlloyd.character.schema import CardTable
from fnlloyd.errors import CardError

CARD_FILE = "card.toml"
LINES_FILE = "lines.toml"
MAX_FILE_BYTES = 1024 * 1024
MAX_LINE_CHARACTERS = 400
MAX_LINES = 5000
SECTIONS = ("greeting", "fallback", "deflect")
"""Sections of lines.toml that are not triggers: first hellos, when no engine answers, when the guard stops a line."""


@dataclass(slots=True)
class WrittenLines:
    """What lines.toml says: lines by section, and the moods' own."""

    sections: dict[str, list[CannedLine]] = field(default_factory=dict)
    moods: dict[str, list[CannedLine]] = field(default_factory=dict)
    count: int = 0


def read_card(folder: Path) -> tuple[CardTable, WrittenLines]:
    """Read and check a card's folder. Raises CardError telling all problems found, up to ten in full."""
    if not folder.is_dir():
        raise CardError(f"{folder} is not a folder", hint=f"a card is a folder with {CARD_FILE} and {LINES_FILE}")
    problems = Problems()
    card = _card_table(folder / CARD_FILE, problems)
    raw_lines = _toml(folder / LINES_FILE, problems)
    lines = _written_lines(raw_lines, problems) if raw_lines is not None else WrittenLines()
    if card is not None:
        _check_triggers(card, problems)
        _check_state(card, problems)
        if raw_lines is not None:
            _check_lines(card, lines, raw_lines, problems)
    problems.raise_any(str(folder))
    assert card is not None, "without a card there is a problem"
    return card, lines


def known_triggers(card: CardTable) -> dict[str, str]:
    """Triggers and the category each stands in, in the card's order."""
    return {trigger: name for name, category in card.categories.items() for trigger in category.triggers}


def _toml(path: Path, problems: Problems) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            written = file.read(MAX_FILE_BYTES + 1)
        if len(written) > MAX_FILE_BYTES:
            problems.add(path.name, "", f"is larger than {MAX_FILE_BYTES // 1024} KiB")
            return None
        return tomllib.loads(written.decode("utf-8"))
    except FileNotFoundError:
        problems.add(path.name, "", "is missing")
    except UnicodeDecodeError as error:
        line = written[: error.start].count(b"\n") + 1
        problems.add(path.name, "", f"is not UTF-8 text at line {line}")
    except tomllib.TOMLDecodeError as error:
        problems.add(path.name, "", f"is not TOML: {error}")
    except RecursionError:
        problems.add(path.name, "", "is nested too deeply")
    except OSError as error:
        problems.add(path.name, "", f"cannot be read: {error.strerror}")
    return None


def _card_table(path: Path, problems: Problems) -> CardTable | None:
    written = _toml(path, problems)
    if written is None:
        return None
    try:
        return CardTable.model_validate(written)
    except ValidationError as invalid:
        problems.add_invalid(path.name, CardTable, invalid)
        return None


def _written_lines(written: dict[str, Any], problems: Problems) -> WrittenLines:
    lines = WrittenLines()
    for name, section in written.items():
        if name != "mood":
            lines.sections[name] = _section(section, (name,), lines, problems)
        elif isinstance(section, dict):
            for mood, own in section.items():
                lines.moods[mood] = _section(own, ("mood", mood), lines, problems)
        else:
            problems.add(LINES_FILE, "mood", f"expected tables such as [mood.worried], found {shown(section)}")
    if lines.count > MAX_LINES:
        problems.add(LINES_FILE, "", f"has {lines.count} lines, expected at most {MAX_LINES}")
    return lines


def _section(section: object, at: tuple[str, ...], lines: WrittenLines, problems: Problems) -> list[CannedLine]:
    if not isinstance(section, dict):
        problems.add(LINES_FILE, key_path(at), f"expected a table with lines = [...], found {shown(section)}")
        return []
    for key in section:
        if key != "lines":
            problems.add(LINES_FILE, key_path((*at, key)), f"unknown key{did_you_mean(key, ['lines'])}")
    written = section.get("lines")
    if not isinstance(written, list):
        found = "is missing" if written is None else f"expected an array of lines, found {shown(written)}"
        problems.add(LINES_FILE, key_path((*at, "lines")), found)
        return []
    lines.count += len(written)
    read = [_line(one, (*at, "lines", index), problems) for index, one in enumerate(written)]
    return [line for line in read if line is not None]


def _line(written: object, at: tuple[str | int, ...], problems: Problems) -> CannedLine | None:
    if isinstance(written, str):
        written = {"text": written}
    if not isinstance(written, dict):
        problems.add(LINES_FILE, key_path(at), f"expected a text or a table with text, found {shown(written)}")
        return None
    kept: dict[str, Any] = {}
    for key, value in written.items():
        if key not in _LINE_KEYS:
            problems.add(LINES_FILE, key_path((*at, key)), f"unknown key{did_you_mean(key, _LINE_KEYS)}")
            continue
        good, expected = _LINE_KEYS[key]
        if good(value):
            kept[key] = value
        else:
            problems.add(LINES_FILE, key_path((*at, key)), f"expected {expected}, found {shown(value)}")
    if "text" not in written:
        problems.add(LINES_FILE, key_path((*at, "text")), "is missing")
    return CannedLine(**kept) if "text" in kept else None


_LINE_KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "text": (
        lambda value: isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= MAX_LINE_CHARACTERS,
        f"a text of 1 to {MAX_LINE_CHARACTERS} characters",
    ),
    "mood": (lambda value: isinstance(value, str), "a mood's name"),
    "intensity": (lambda value: type(value) is int and 0 <= value <= 3, "a whole number from 0 to 3"),
}


def _check_triggers(card: CardTable, problems: Problems) -> None:
    homes: dict[str, str] = {}
    for name, category in card.categories.items():
        for trigger in category.triggers:
            where = key_path(("categories", name, "triggers", trigger))
            if trigger in (*SECTIONS, "mood"):
                problems.add(CARD_FILE, where, "is a section of lines.toml and cannot be a trigger")
            if trigger in homes:
                problems.add(CARD_FILE, where, f"is already in category {homes[trigger]}")
            homes.setdefault(trigger, name)
    for trigger in card.phrases:
        if trigger not in homes:
            what = f"no such trigger in the categories{did_you_mean(trigger, homes)}"
            problems.add(CARD_FILE, key_path(("phrases", trigger)), what)


def _check_state(card: CardTable, problems: Problems) -> None:
    state = card.state
    for name in (*state.empty, *state.clock_ms):
        if name in state.fields:
            problems.add(CARD_FILE, "state", f"{name} is both in fields and in empty or clock_ms")


def _check_lines(card: CardTable, lines: WrittenLines, written: dict[str, Any], problems: Problems) -> None:
    triggers = known_triggers(card)
    moods = list(dict.fromkeys([*(rule.name for rule in card.moods), DEFAULT_MOOD]))
    for section in lines.sections:
        if section not in triggers and section not in SECTIONS:
            what = f"no such trigger in {CARD_FILE}{did_you_mean(section, [*triggers, *SECTIONS])}"
            problems.add(LINES_FILE, section, what)
    for mood in lines.moods:
        if mood not in moods:
            problems.add(
                LINES_FILE, key_path(("mood", mood)), f"no such mood in {CARD_FILE}{did_you_mean(mood, moods)}"
            )
    for section, table in written.items():
        _check_line_moods(section, table, moods, problems)


def _check_line_moods(section: str, table: object, moods: list[str], problems: Problems) -> None:
    entries = table.get("lines") if isinstance(table, dict) else None
    for index, line in enumerate(entries if isinstance(entries, list) else ()):
        mood = line.get("mood") if isinstance(line, dict) else None
        if isinstance(mood, str) and mood not in moods:
            where = key_path((section, "lines", index, "mood"))
            problems.add(LINES_FILE, where, f'no such mood "{mood}" in {CARD_FILE}{did_you_mean(mood, moods)}')
