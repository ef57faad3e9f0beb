"""Server-sent events: the stream about one cue, message by message, until its line has ended."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fnlloyd.errors import FnlloydError
from fnlloyd.events import LineSound
from fnlloyd.server.addresses import link_as
from fnlloyd.server.listening import CueStream
from fnlloyd.server.status import error_response
from fnlloyd.session import Cue, Ears, Outbox, Session, Stamped
from fnlloyd.wire import encode, translate

EVENT_STREAM = "text/event-stream"
HEARTBEAT_S = 15.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class CueEvents(Response):
    """Ask when the client is there to listen, and stop the line when it leaves."""

    def __init__(self, session: Session, ask: Callable[[Session], Cue]) -> None:
        self.status_code = 200
        self.background = None
        self._session = session
        self._ask = ask
        self._stream = CueStream()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._session.audience.listening(Ears(urls=True)) as outbox:
                self._stream.cue = self._ask(self._session)
                await self._forward(outbox, receive, send)
        except FnlloydError as error:  # refused before anything was sent
            await error_response(error)(scope, receive, send)
        finally:
            self._session.left()

    async def _forward(self, outbox: Outbox, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                tasks.cancel_scope.cancel()

            async def beat() -> None:
                while True:
                    await anyio.sleep(HEARTBEAT_S)
                    await _part(send, b": still here\n\n")

            tasks.start_soon(watch)
            tasks.start_soon(beat)
            async for stamped in outbox:
                if self._stream.takes(stamped.noun) and not isinstance(stamped.noun, LineSound):
                    await _part(send, _event(stamped))
                if self._stream.over:
                    break
            tasks.cancel_scope.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def _event(stamped: Stamped) -> bytes:
    noun = stamped.noun
    assert not isinstance(noun, LineSound)
    message = translate(noun, seq=stamped.seq, t_ms=stamped.t_ms, audio_url=link_as(None))
    return f"event: {message.type}\nid: {stamped.seq}\ndata: {encode(message)}\n\n".encode()
