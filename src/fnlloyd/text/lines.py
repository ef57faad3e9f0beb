"""The layout of written lines, made into speech: headings, lists, quotations, tables, rules."""

from __future__ import annotations

import re

_HEADING = re.compile(r"\s*#{1,6}\s+")
_BULLET = re.compile(r"\s*[-*+•‣◦·▪–]\s+(?:\[[ xX]\]\s+)?")
_QUOTATION = re.compile(r"\s*(?:>\s?)+")
_RULE = re.compile(r"\s*(?:[-*_=~]\s*){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|\-]*-{2,}[\s:|\-]*$")
_ENDS = tuple(".!?…:;,。！？、，；：")


def spoken_lines(text: str) -> str:
    """Drop the layout; a heading, an item or a row that another line follows ends with a full stop."""
    spoken: list[str] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        words, stands_alone = _spoken_line(line)
        if words:
            followed = number + 1 < len(lines)
            spoken.append(words + "." if stands_alone and followed and not words.endswith(_ENDS) else words)
    return "\n".join(spoken)


def _spoken_line(line: str) -> tuple[str, bool]:
    """The words of a line, and whether it says something by itself."""
    if not line.strip() or _RULE.match(line) or ("|" in line and _TABLE_RULE.match(line)):
        return "", False
    if found := _QUOTATION.match(line):
        line = line[found.end() :]
    if line.count("|") >= 2:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        return ", ".join(cell for cell in cells if cell), True
    if found := _HEADING.match(line):
        return line[found.end() :].strip(" #"), True
    if found := _BULLET.match(line):
        return line[found.end() :].strip(), True
    return line.strip(), False
