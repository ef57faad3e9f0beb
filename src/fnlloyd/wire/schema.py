"""The wire as JSON Schema, made from the models. Every message's schema stands alone, with nothing to look up."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from fnlloyd.wire.answers import Answer, ErrorBody, SessionView
from fnlloyd.wire.examples import EXAMPLES
from fnlloyd.wire.incoming import MESSAGES, PROTOCOL
from fnlloyd.wire.messages import (
    EngineMessage,
    ErrorMessage,
    LineDeltaMessage,
    LineEndMessage,
    LineSentenceMessage,
    LineSentMessage,
    LineStartMessage,
    LineStopMessage,
    OutcomeMessage,
    SimpleLine,
    StateChangedMessage,
    Welcome,
)
from fnlloyd.wire.parts import Part

Schema = dict[str, Any]

FROM_CLIENT: tuple[type[BaseModel], ...] = tuple(MESSAGES.values())
TO_CLIENT: tuple[type[BaseModel], ...] = (
    Welcome,
    LineStartMessage,
    LineDeltaMessage,
    LineSentenceMessage,
    LineSentMessage,
    LineStopMessage,
    LineEndMessage,
    OutcomeMessage,
    StateChangedMessage,
    EngineMessage,
    ErrorMessage,
)
SIMPLE: tuple[type[BaseModel], ...] = (SimpleLine,)
OVER_HTTP: tuple[type[BaseModel], ...] = (Answer, SessionView, ErrorBody)


def protocol_schema() -> Schema:
    """One document: every message by its model's name, and which of them travel which way."""
    models = (*FROM_CLIENT, *TO_CLIENT, *SIMPLE, *OVER_HTTP)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Fnlloyd wire contract, version {PROTOCOL}",
        "description": "Any message of the WebSocket, either way. Unknown fields are ignored by both sides.",
        "anyOf": [{"$ref": "#/$defs/FromClient"}, {"$ref": "#/$defs/ToClient"}],
        "$defs": {
            "FromClient": {"oneOf": [_reference(model) for model in FROM_CLIENT]},
            "ToClient": {"oneOf": [_reference(model) for model in (*TO_CLIENT, *SIMPLE)]},
            **{model.__name__: message_schema(model) for model in models},
        },
    }


def message_schema(model: type[BaseModel]) -> Schema:
    """A message as it must look in a WebSocket frame: `type` is needed."""
    schema = body_schema(model)
    if "type" in model.model_fields:
        schema["required"] = ["type", *(name for name in schema.get("required", []) if name != "type")]
    return schema | {"examples": [EXAMPLES[model]]}


def body_schema(model: type[BaseModel]) -> Schema:
    """A message as the body of a request, whose address says which it is. Holds no references."""
    schema = model.model_json_schema(by_alias=True, mode="validation")
    inlined: Schema = _inline(schema, schema.get("$defs", {}))
    if issubclass(model, Part):
        _require_what_is_always_sent(inlined)
    return inlined


def _require_what_is_always_sent(schema: Schema) -> None:
    """The server leaves out only what is None, so a default of any other kind is no leave to omit."""
    fields = schema.get("properties", {})
    if fields:
        schema["required"] = [name for name, field in fields.items() if field.get("default", "") is not None]
    for field in fields.values():
        for inner in (field, field.get("items", {}), *field.get("anyOf", [])):
            _require_what_is_always_sent(inner)


def _reference(model: type[BaseModel]) -> Schema:
    return {"$ref": f"#/$defs/{model.__name__}"}


def _inline(node: Any, definitions: Schema) -> Any:
    if isinstance(node, list):
        return [_inline(inner, definitions) for inner in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        named = definitions[node["$ref"].rsplit("/", 1)[1]]
        node = named | {key: value for key, value in node.items() if key != "$ref"}
    return {key: _value(key, value, definitions) for key, value in node.items() if key not in ("title", "$defs")}


def _value(key: str, value: Any, definitions: Schema) -> Any:
    if key == "properties":  # its keys are names of fields, not words of JSON Schema
        return {name: _inline(inner, definitions) for name, inner in value.items()}
    if key in ("default", "const", "enum"):
        return value
    return _inline(value, definitions)
