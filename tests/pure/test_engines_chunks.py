"""The OpenAI chat wire as data."""

import json

import pytest

from fnlloyd.engines.chunks import Chunk, read_chunk, request_body
from fnlloyd.events import Message, Prompt, Usage

PROMPT = Prompt((Message("system", "Be brave."), Message("user", "Hé!")), max_tokens=9, temperature=0.5)


def test_a_request_says_what_the_prompt_says_and_asks_for_usage() -> None:
    assert json.loads(request_body(PROMPT, "m")) == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brave."}, {"role": "user", "content": "Hé!"}],
        "max_tokens": 9,
        "temperature": 0.5,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_extras_win_in_order_and_none_takes_a_field_out() -> None:
    body = json.loads(request_body(PROMPT, "m", {"top_k": 1, "seed": 1}, None, {"seed": 2, "max_tokens": None}))
    assert (body["top_k"], body["seed"], "max_tokens" in body) == (1, 2, False)


def test_stops_are_sent_and_the_session_is_not() -> None:
    body = request_body(Prompt(PROMPT.messages, stop=("\n",), session="secret-player"), "m")
    assert json.loads(body)["stop"] == ["\n"]
    assert b"secret-player" not in body


def test_half_a_character_from_a_game_does_not_break_the_request() -> None:
    assert (
        json.loads(request_body(Prompt((Message("user", "oh \ud83d no"),)), "m"))["messages"][0]["content"] == "oh ? no"
    )


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"choices": [{"delta": {"role": "assistant", "content": None}, "finish_reason": None}]}, Chunk()),
        ({"choices": [{"delta": {"content": "I say"}}]}, Chunk("I say")),
        ({"choices": [{"delta": {"reasoning": "hm"}}]}, Chunk()),
        ({"choices": [{"delta": {"reasoning_content": "hm", "content": ""}}]}, Chunk()),
        ({"choices": [{"delta": {}, "finish_reason": "stop"}]}, Chunk(finished=True)),
        ({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}, Chunk(usage=Usage(3, 2))),
        (
            {
                "choices": [],
                "usage": {
                    "prompt_tokens": 3,
                    "completion_tokens": 2,
                    "prompt_tokens_details": {"cached_tokens": 1},
                },
            },
            Chunk(usage=Usage(3, 2, 1)),
        ),
        ({"choices": [], "usage": {"prompt_tokens": 3, "prompt_tokens_details": None}}, Chunk(usage=Usage(3, 0))),
        ({"choices": [{"delta": {"content": "x"}}], "usage": None}, Chunk("x")),
        ({"error": {"message": "out of memory", "code": 500}}, Chunk(error="out of memory")),
        ({"error": "plain"}, Chunk(error="plain")),
        ({"object": "error", "message": "old vllm"}, Chunk(error="old vllm")),
        ({"message": "old llama", "code": 400}, Chunk(error="old llama")),
    ],
)
def test_a_chunk_is_read(event: object, expected: Chunk) -> None:
    assert read_chunk(json.dumps(event).encode()) == expected


@pytest.mark.parametrize(
    "event",
    [
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"choices": [7]}',
        b'{"choices": {"a": 1}}',
        b'{"choices": [{"delta": {"content": 7}}]}',
        b'{"choices": [], "usage": 5}',
    ],
)
def test_what_is_not_a_chunk_raises_value_error(event: bytes) -> None:
    with pytest.raises(ValueError):
        read_chunk(event)
