"""The reference page, `docs/protocol.md`: the words of `page.md` with a table for every message put in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files

from pydantic import BaseModel

from fnlloyd.wire import fields as f
from fnlloyd.wire.codes import BAD_IN_A_ROW, CLOSE_MEANINGS, ERROR_MEANINGS
from fnlloyd.wire.examples import EXAMPLES
from fnlloyd.wire.incoming import UNSUPPORTED
from fnlloyd.wire.schema import FROM_CLIENT, OVER_HTTP, SIMPLE, TO_CLIENT, Schema, body_schema

_SAID_IN_WORDS = ("type", "seq", "t_ms")
_LINE_CHARS = 110
_HTTP_NAMES = {"Answer": "An answer", "SessionView": "A session", "ErrorBody": "An error"}


def protocol_page() -> str:
    """The whole page, as Markdown."""
    parts = {
        "from client": _messages(FROM_CLIENT),
        "to client": _messages(TO_CLIENT),
        "simple": _messages(SIMPLE),
        "over http": _messages(OVER_HTTP),
        "unsupported": ", ".join(f"`{name}`" for name in UNSUPPORTED),
        "errors": _table(("Code", "Meaning"), ((f"`{code}`", words) for code, words in ERROR_MEANINGS.items())),
        "close codes": _table(("Code", "Meaning"), ((str(int(code)), words) for code, words in CLOSE_MEANINGS.items())),
        "limits": _table(("What", "At most"), _limits()),
        "bad in a row": str(BAD_IN_A_ROW),
    }
    template = files("fnlloyd.wire").joinpath("page.md").read_text(encoding="utf-8")
    return re.sub(r"\{\{ ([a-z ]+) \}\}", lambda found: parts[found[1]], template)


def _messages(models: tuple[type[BaseModel], ...]) -> str:
    return "\n\n".join(_message(model) for model in models)


def _message(model: type[BaseModel]) -> str:
    schema = body_schema(model)
    kind = model.model_fields.get("type")
    title = f"`{kind.default}`" if kind else _HTTP_NAMES[model.__name__]
    example = json.dumps(EXAMPLES[model], ensure_ascii=False)
    if len(example) > _LINE_CHARS:
        example = json.dumps(EXAMPLES[model], ensure_ascii=False, indent=2)
    rows = _table(("Field", "Type", "Meaning"), _rows(schema))
    return f"### {title}\n\n{schema['description']}\n\n{rows}\n\n```json\n{example}\n```"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _rows(schema: Schema, path: str = "") -> Iterator[tuple[str, str, str]]:
    """A row for every field, with those of the parts inside it."""
    needed = schema.get("required", [])
    for name, field in schema["properties"].items():
        if not path and name in _SAID_IN_WORDS:
            continue
        inner = _without_null(field)
        mark = "" if name in needed else "?"
        yield f"`{path}{name}`{mark}", _kind(inner) + _or_null(field, name in needed), _meaning(field)
        if "properties" in inner:
            yield from _rows(inner, f"{path}{name}.")
        elif "properties" in inner.get("items", {}):
            yield from _rows(inner["items"], f"{path}{name}[].")


def _without_null(field: Schema) -> Schema:
    kinds: list[Schema] = [kind for kind in field.get("anyOf", [field]) if kind.get("type") != "null"]
    return kinds[0]


def _or_null(field: Schema, needed: bool) -> str:
    return " or null" if needed and {"type": "null"} in field.get("anyOf", []) else ""


def _meaning(field: Schema) -> str:
    default = field.get("default")
    return str(field["description"]) + (f" (default `{default}`)" if isinstance(default, str) else "")


def _kind(field: Schema) -> str:
    if "enum" in field:
        return " | ".join(f"`{choice}`" for choice in field["enum"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    match field["type"]:
        case "string":
            return f"text, at most {field['maxLength']} characters" if "maxLength" in field else "text"
        case "integer":
            return "whole number" + _range(field)
        case "number":
            return "number" + _range(field)
        case "boolean":
            return "true or false"
        case "array":
            return "list of objects"
        case other:
            return str(other)


def _range(field: Schema) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    if low is None:
        return ""
    return f", {low} or more" if high in (None, f.SEQ, f.LINE_NUMBER) else f", {low} to {high}"


def _limits() -> Iterator[tuple[str, str]]:
    yield "a message, or the body of a request", f"{f.MESSAGE_BYTES // 1024} KiB"
    yield "`text`", f"{f.TEXT_CHARS} characters, not all of them blank"
    yield "`trigger`", f"{f.TRIGGER_CHARS} characters: letters, digits and `_` `.` `-`"
    yield "`id`, `key`, `session`, `character`", f"{f.ID_CHARS} characters, none of them control characters"
    yield "`data`, `state`", f"{f.JSON_BYTES // 1024} KiB of JSON, {f.JSON_DEPTH} levels deep"
    yield "numbers in `data` and `state`", "finite; whole ones 64 bits"
    yield "`deadline_ms`", f"{f.DEADLINE_MS} (ten minutes)"
