"""Server-sent events, however they are chopped."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.engines.sse import MAX_EVENT_BYTES, EventTooLong, SseReader

STREAM = (
    ": welcome\n\n"
    'data: {"a": "é"}\n\n'
    "id: 7\r\nevent: chunk\r\ndata: one\r\ndata:two\r\n\r\n"
    ": ping\n\n"
    "retry: 10\n\n"
    "data:  kept space\r\r"
    'error: {"message": "oh"}\n\n'
    "data\n\n"
    "data: 🎆 [DONE]\n\n"
).encode()
EVENTS = ['{"a": "é"}', "one\ntwo", " kept space", '{"message": "oh"}', "", "🎆 [DONE]"]


def read(chunks: list[bytes]) -> list[str]:
    reader = SseReader()
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    return [event.decode() for event in events + reader.flush()]


def test_events_come_out_whole() -> None:
    assert read([STREAM]) == EVENTS


def test_one_byte_at_a_time_gives_the_same_events() -> None:
    assert read([STREAM[i : i + 1] for i in range(len(STREAM))]) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_chopped_anywhere_the_events_are_the_same(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    assert read([STREAM[a:b] for a, b in pairwise(edges)]) == EVENTS


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_are_read_the_same_in_two_parts_as_in_one(text: bytes, cut: int) -> None:
    whole, parts = SseReader(), SseReader()
    expected = whole.feed(text) + whole.flush()
    assert parts.feed(text[:cut]) + parts.feed(text[cut:]) + parts.flush() == expected


@pytest.mark.parametrize("text", [b"\xef\xbb\xbfdata: x\n\n", b"\xef\xbb\xbfdata: x"])
def test_a_byte_order_mark_and_a_missing_end_do_no_harm(text: bytes) -> None:
    assert read([text[i : i + 1] for i in range(len(text))]) == ["x"]


def test_an_endless_line_is_refused() -> None:
    reader = SseReader()
    with pytest.raises(EventTooLong):
        for _ in range(MAX_EVENT_BYTES // 65536 + 2):
            reader.feed(b"data: " + b"x" * 65536)


def test_an_event_of_endless_lines_is_refused() -> None:
    reader = SseReader()
    with pytest.raises(EventTooLong):
        for _ in range(MAX_EVENT_BYTES // 60000 + 2):
            reader.feed(b"data: " + b"x" * 60000 + b"\n")
