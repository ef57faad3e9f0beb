"""Read a card's two files and check them, telling every problem at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from fnlloyd.character.moods import DEFAULT_MOOD
from fnlloyd.character.problems import Problems, did_you_mean, key_path
from fnlloyd.character.rules import known_triggers
from fnlloyd.character.schema import CardTable
from fnlloyd.character.written import LINES_FILE, WrittenLines, written_lines
from fnlloyd.errors import CardError

CARD_FILE = "card.toml"
MAX_FILE_BYTES = 1024 * 1024
SECTIONS = ("greeting", "fallback", "deflect")
"""Sections of lines.toml that are not triggers: first hellos, when no engine answers, when the guard stops a line."""


def read_card(folder: Path) -> tuple[CardTable, WrittenLines]:
    """Read and check a card's folder. Raises CardError telling all problems found, up to ten in full."""
    if not folder.is_dir():
        raise CardError(f"{folder} is not a folder", hint=f"a card is a folder with {CARD_FILE} and {LINES_FILE}")
    problems = Problems()
    card = _card_table(folder / CARD_FILE, problems)
    raw_lines = _toml(folder / LINES_FILE, problems)
    lines = written_lines(raw_lines, problems) if raw_lines is not None else WrittenLines()
    if card is not None:
        _check_triggers(card, problems)
        _check_state(card, problems)
        if raw_lines is not None:
            _check_lines(card, lines, raw_lines, problems)
    problems.raise_any(str(folder))
    assert card is not None, "without a card there is a problem"
    return card, lines


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
