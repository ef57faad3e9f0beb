"""A whole answer, for doors that answer once: the stream about one cue, folded."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from starlette.requests import Request
from starlette.types import Receive

from fnlloyd.errors import Draining
from fnlloyd.server.listening import Folding
from fnlloyd.session import Cue, Ears, Session

Ask = Callable[[Session], Cue]


async def whole_answer(request: Request, session: Session, ask: Ask, ears: Ears) -> Folding:
    """Ask, and fold the line; stop it if the client leaves first. Raises Draining if the session ends first.

    The request's body must have been read.
    """
    folding = Folding()
    try:
        with session.audience.listening(ears) as outbox:
            folding.stream.cue = ask(session)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_until_gone, request.receive, tasks.cancel_scope)
                async for stamped in outbox:
                    if folding.feed(stamped.noun):
                        break
                tasks.cancel_scope.cancel()
    finally:
        session.left()
    if not folding.complete:
        raise Draining("the answer was broken off")
    return folding


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
