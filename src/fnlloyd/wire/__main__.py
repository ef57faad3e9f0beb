"""Write the reference page and the schema into a folder: `python -m fnlloyd.wire docs`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fnlloyd.wire.page import protocol_page
from fnlloyd.wire.schema import protocol_schema

PAGE = "protocol.md"
SCHEMA = "protocol.schema.json"


def documents() -> dict[str, str]:
    """The text of every generated file, by its name."""
    return {PAGE: protocol_page(), SCHEMA: json.dumps(protocol_schema(), indent=2, ensure_ascii=False) + "\n"}


def write(folder: Path) -> None:
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python -m fnlloyd.wire FOLDER")
    write(Path(sys.argv[1]))
