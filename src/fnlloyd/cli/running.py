"""Run asynchronous work that Ctrl-C stops: the first one in order, the second one at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio

INTERRUPTED = 130
Result = TypeVar("Result")


def run_async(work: Callable[..., Awaitable[Result]], *arguments: Any) -> Result:
    """Run it to its end and return its result. Raises KeyboardInterrupt when it was stopped by Ctrl-C.

    Python's own way raises KeyboardInterrupt at the second Ctrl-C wherever the code happens to be; in the middle of
    closing a child process that leaves somebody waiting for ever.
    """
    if sys.platform == "win32":  # its event loop takes no signals
        return anyio.run(work, *arguments)
    kept: list[Result] = []
    anyio.run(_watched, work, arguments, kept)
    if not kept:
        raise KeyboardInterrupt
    return kept[0]


async def _watched(work: Callable[..., Awaitable[Result]], arguments: tuple[Any, ...], kept: list[Result]) -> None:
    failure: Exception | None = None
    async with anyio.create_task_group() as tasks:
        scope = anyio.CancelScope()
        tasks.start_soon(_stop_on_signal, scope)
        with scope:
            try:
                kept.append(await work(*arguments))
            except Exception as error:  # raised outside, because the task group would wrap it
                failure = error
        tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure


async def _stop_on_signal(scope: anyio.CancelScope) -> None:
    with anyio.open_signal_receiver(signal.SIGINT) as signals:
        async for _ in signals:
            if scope.cancel_called:
                os._exit(INTERRUPTED)
            scope.cancel()
