"""What every test gets: asyncio, and a failure when the event loop is blocked."""

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def blockbuster() -> Iterator[BlockBuster]:
    """Anything that blocks the event loop raises; plain blocking code outside a loop does not."""
    with blockbuster_ctx("fnlloyd") as guard:
        yield guard
