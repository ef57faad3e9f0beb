"""What the OpenAPI document promises is what the doors do: every status, content type and body is written down."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import anyio
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.openapi import from_dict

from fnlloyd.config import Settings
from fnlloyd.server.app import build_app
from tests.journey.conftest import serving

EXAMPLES = 20
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


def operations() -> dict[str, schemathesis.APIOperation]:
    document = build_app(Settings()).openapi()
    found = [operation.ok() for operation in from_dict(document).get_all_operations()]
    return {operation.label: operation for operation in found}


OPERATIONS = operations()


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_the_document_describes(address: str, label: str, mode: GenerationMode) -> None:
    operation = OPERATIONS[label]
    try:
        cases = operation.as_strategy(generation_mode=mode)
        cases.validate()
    except Unsatisfiable:
        pytest.skip("there is no wrong way to ask")

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
    @seed(1)
    @given(case=cases)
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=address)

    ask()
