"""What the OpenAPI document promises is what the doors do: every status, content type and body is written down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import anyio
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance
from schemathesis.core.result import Ok
from schemathesis.openapi import from_dict

from fnlloyd.config import Settings
from fnlloyd.server.app import build_app
from tests.journey.conftest import serving

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]
EXAMPLES = 12
LIMITS_NO_SCHEMA_CAN_SAY = {
    "POST /v1/sessions/{session}/events",  # mode verbatim needs a text; data is bounded in bytes and depth
    "PATCH /v1/sessions/{session}/state",  # bounded in bytes and depth
    "POST /api/state",
    "POST /api/model",  # only a model that is there
}
PHASES = (Phase.generate, Phase.shrink)
HURRIED = {
    "engine": {"engines": ["scripted:"]},
    "voice": {"urls": ["none:"], "render_ahead": False},
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a thread of its own, since whoever asks waits for its answers."""
    found: list[str] = []
    up, over = threading.Event(), threading.Event()

    async def run() -> None:
        async with serving(tmp_path_factory.mktemp("home"), **HURRIED) as server:
            found.append(server.base_url)
            up.set()
            while not over.is_set():
                await anyio.sleep(0.05)

    thread = threading.Thread(target=anyio.run, args=(run,), daemon=True)
    thread.start()
    assert up.wait(20)
    yield found[0]
    over.set()
    thread.join(20)


def operations() -> dict[str, Operation]:
    document = build_app(Settings()).openapi()
    found = from_dict(document).get_all_operations()
    return {read.ok().label: read.ok() for read in found if isinstance(read, Ok)}


OPERATIONS = operations()


def ask(address: str, label: str, mode: GenerationMode) -> None:
    """Ask one door many things, and hold every answer against the document."""
    left_out = [positive_data_acceptance] if label in LIMITS_NO_SCHEMA_CAN_SAY else []

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
    @seed(1)
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def once(case: Case) -> None:
        case.call_and_validate(base_url=address, excluded_checks=left_out)

    once()


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_to_a_good_request_is_one_the_document_describes(address: str, label: str) -> None:
    ask(address, label, GenerationMode.POSITIVE)


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_to_a_bad_request_is_one_the_document_describes(address: str, label: str) -> None:
    with suppress(Unsatisfiable):  # some doors cannot be asked wrongly
        ask(address, label, GenerationMode.NEGATIVE)


def test_every_door_s_operation_has_a_name_of_its_own_a_summary_and_a_success() -> None:
    names = [operation.definition.raw["operationId"] for operation in OPERATIONS.values()]
    assert sorted(names) == sorted(set(names))
    unsaid = [label for label, operation in OPERATIONS.items() if not operation.definition.raw.get("description")]
    assert unsaid == []
    answers = {label: operation.definition.raw["responses"] for label, operation in OPERATIONS.items()}
    assert [label for label, known in answers.items() if not {"200", "204"} & set(known)] == []


@pytest.mark.parametrize("label", ["POST /v1/sessions/{session}/say", "POST /v1/sessions/{session}/events"])
def test_the_document_says_that_an_answer_can_come_as_a_stream(label: str) -> None:
    answer = OPERATIONS[label].definition.raw["responses"]["200"]
    assert set(answer["content"]) == {"application/json", "text/event-stream"}


@pytest.mark.parametrize("label", [label for label in OPERATIONS if "/v1/" in label])
def test_the_document_says_how_a_door_refuses(label: str) -> None:
    known = OPERATIONS[label].definition.raw["responses"]
    assert {"400", "401", "403", "404", "413", "422", "429", "503", "504"} <= set(known)
