"""The published page and schema are what the models say today, and their examples are true."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from fnlloyd.wire.__main__ import documents
from fnlloyd.wire.examples import EXAMPLES
from fnlloyd.wire.incoming import UNSUPPORTED, parse
from fnlloyd.wire.page import protocol_page
from fnlloyd.wire.schema import FROM_CLIENT, OVER_HTTP, SIMPLE, TO_CLIENT, body_schema, message_schema, protocol_schema

DOCS = Path(__file__).parents[2] / "docs"
MODELS = (*FROM_CLIENT, *TO_CLIENT, *SIMPLE, *OVER_HTTP)
SENT = (*FROM_CLIENT, *TO_CLIENT, *SIMPLE)


@pytest.mark.parametrize("name", ["protocol.md", "protocol.schema.json"])
def test_the_published_file_is_fresh(name: str) -> None:
    published = (DOCS / name).read_text(encoding="utf-8")
    assert published == documents()[name], "run: python -m fnlloyd.wire docs"


def test_every_message_has_an_example_and_every_example_a_message() -> None:
    assert set(EXAMPLES) == set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_example_fits_its_schema(model: type) -> None:
    schema = message_schema(model)
    assert list(jsonschema_rs.validator_for(schema).iter_errors(EXAMPLES[model])) == []


@pytest.mark.parametrize("model", SENT, ids=lambda model: model.__name__)
def test_every_message_fits_the_whole_schema(model: type) -> None:
    assert jsonschema_rs.validator_for(protocol_schema()).is_valid(EXAMPLES[model])


def test_what_the_reader_refuses_does_not_fit_the_schema() -> None:
    schema = jsonschema_rs.validator_for(protocol_schema())
    wrong: list[dict[str, Any]] = [
        {"text": "no type"},
        {"type": "say", "text": "  "},
        {"type": "hello", "protocol": 2},
        {"type": "event", "trigger": "a b"},
        {"type": "event", "trigger": "a", "id": "line\nbreak"},
        {"type": "heard", "line": 0, "status": "finished"},
    ]
    assert [schema.is_valid(message) for message in wrong] == [False] * len(wrong)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_explained(model: type) -> None:
    def unexplained(schema: dict[str, Any]) -> list[str]:
        found = []
        for name, field in schema.get("properties", {}).items():
            found += [] if field.get("description") else [name]
            for inner in (field, field.get("items", {}), *field.get("anyOf", [])):
                found += unexplained(inner)
        return found

    assert unexplained(body_schema(model)) == []


def test_a_schema_holds_no_references() -> None:
    assert [model for model in MODELS if "$ref" in json.dumps(message_schema(model))] == []


def test_the_page_has_a_heading_for_every_message_and_names_every_type() -> None:
    page = protocol_page()
    types = [EXAMPLES[model]["type"] for model in SENT]
    assert [kind for kind in types if f"### `{kind}`" not in page] == []
    assert [kind for kind in UNSUPPORTED if f"`{kind}`" not in page] == []
    assert "{{" not in page


def test_the_pages_json_is_json_and_its_requests_are_understood() -> None:
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", protocol_page(), re.DOTALL)]
    assert blocks == [EXAMPLES[model] for model in MODELS]
    for message in blocks[: len(FROM_CLIENT)]:
        parse(json.dumps(message))
