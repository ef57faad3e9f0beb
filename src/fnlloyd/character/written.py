"""Read what lines.toml says, with every problem told by the place it stands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fnlloyd.character.lines import CannedLine
from fnlloyd.character.problems import Problems, did_you_mean, key_path, shown

LINES_FILE = "lines.toml"
MAX_LINE_CHARACTERS = 400
MAX_LINES = 5000


@dataclass(slots=True)
class WrittenLines:
    """What lines.toml says: lines by section, and the moods' own."""

    sections: dict[str, list[CannedLine]] = field(default_factory=dict)
    moods: dict[str, list[CannedLine]] = field(default_factory=dict)
    count: int = 0


def written_lines(written: dict[str, Any], problems: Problems) -> WrittenLines:
    """Take what can be taken and add the rest to the problems."""
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
