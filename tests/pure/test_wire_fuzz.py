"""Whatever a client sends, the reader answers with a message or a refusal that names a field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.errors import ClientError
from fnlloyd.wire import parse, parse_simple
from fnlloyd.wire.examples import EXAMPLES
from fnlloyd.wire.incoming import MESSAGES

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({name for model in MESSAGES.values() for name in model.model_fields} - {"type"})
WORDS = st.sampled_from(["low", "high", "now", "url", "cut", "verbatim", "a", "1"])
FUZZED = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(MESSAGES)) | ANY_JSON},
    optional={name: WORDS | st.integers(0, 3) | ANY_JSON for name in FIELDS},
)


def refused_politely(read: Any, raw: str | bytes) -> None:
    try:
        read(raw)
    except ClientError as error:
        assert error.field
        assert str(error).encode()
        assert len(str(error)) < 500


@given(st.binary(max_size=200) | st.text(st.characters(exclude_categories=[]), max_size=200))
def test_no_bytes_at_all_break_the_reader(raw: str | bytes) -> None:
    refused_politely(parse, raw)
    refused_politely(parse_simple, raw)


@given(FUZZED)
def test_no_object_breaks_the_reader_and_every_refusal_names_a_field(message: dict[str, Any]) -> None:
    refused_politely(parse, json.dumps(message))
    refused_politely(parse_simple, json.dumps(message))


@given(st.sampled_from(sorted(MESSAGES)), st.data())
def test_one_bad_field_is_the_field_that_is_named(kind: str, data: st.DataObject) -> None:
    fields = MESSAGES[kind].model_fields
    name = data.draw(st.sampled_from(sorted(set(fields) - {"type"})))
    bad = data.draw(st.sampled_from([[], [[]], False, -1, 1e999, "\u0000 ", {"x": 1e999}]))
    raw = json.dumps(EXAMPLES[MESSAGES[kind]] | {name: bad}).replace("Infinity", "1e999")
    with pytest.raises(ClientError) as caught:
        parse(raw)
    assert caught.value.field == name
    assert caught.value.message.startswith(f"{kind}.{name}")
