"""The WebSocket door, `/chat`: one reader and one writer a connection; neither ever holds up the session.

A connection whose first message is not `hello` is in simple mode: it gets whole lines and nothing else.
"""

from __future__ import annotations

import contextlib

import anyio
import anyio.to_thread
from starlette.websockets import WebSocket, WebSocketDisconnect

from fnlloyd.errors import BadMessage, Draining, FnlloydError, RateLimited, SlowClient
from fnlloyd.events import LineSent, LineSound
from fnlloyd.server.addresses import base_of
from fnlloyd.server.doors import Doors
from fnlloyd.server.hearing import obey
from fnlloyd.server.pace import Pace
from fnlloyd.server.views import FullView, Out, SimpleView, View, trouble_of
from fnlloyd.session import Outbox, Session, Stamped
from fnlloyd.wire import (
    BAD_IN_A_ROW,
    CloseCode,
    Hello,
    Incoming,
    close_code,
    encode,
    error_message,
    parse,
    parse_simple,
)

SLOW_GRACE_S = 3.0
"""How long a slow client has to take the message that says so."""


class Connection:
    """One client, from its handshake to its end."""

    def __init__(self, socket: WebSocket, doors: Doors) -> None:
        self._socket = socket
        self._doors = doors
        self._pace = Pace()
        self._bad_in_a_row = 0
        self._sending = anyio.Lock()

    async def serve(self) -> None:
        await self._socket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            try:
                await self._serve()
            except FnlloydError as error:
                await self._send([encode(error_message(trouble_of(error)))])
                await self._socket.close(close_code(error.code) or CloseCode.DONE)

    async def _serve(self) -> None:
        first = await self._first_message()
        if first is None:
            return
        query = self._socket.query_params
        hello = first if isinstance(first, Hello) else None
        self._doors.admit(hello.token if hello and hello.token else query.get("token"))
        name = hello.session if hello and hello.session else query.get("session")
        character = hello.character if hello and hello.character else query.get("character")
        session = await self._doors.open(name, character)
        base = base_of(self._socket)
        view: View = FullView(session, hello, self._doors, base) if hello else SimpleView(base)
        try:
            with session.audience.listening(view.ears) as outbox:
                await self._attend(session, view, outbox, None if hello else first)
        finally:
            session.left()
        await self._part(view, outbox)

    async def _first_message(self) -> Incoming | None:
        """The first message that can be understood; None if there were too many that could not."""
        while True:
            try:
                raw = await self._receive()
                self._pace.take()
                message = parse_simple(raw)
            except FnlloydError as error:
                await self._send([encode(error_message(trouble_of(error)))])
                if await self._too_many_bad():
                    return None
            else:
                self._bad_in_a_row = 0
                return message

    async def _attend(self, session: Session, view: View, outbox: Outbox, first: Incoming | None) -> None:
        """Read and write at once until either side has had enough."""
        await self._send(view.greeting())
        async with anyio.create_task_group() as tasks:

            async def write() -> None:
                with contextlib.suppress(WebSocketDisconnect):
                    async for stamped in outbox:
                        await self._send(await _shown(view, stamped))
                tasks.cancel_scope.cancel()

            async def watch() -> None:
                await outbox.cut_off.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(write)
            tasks.start_soon(watch)
            with contextlib.suppress(WebSocketDisconnect):
                if first is not None:
                    self._do(session, view, outbox, first)
                await self._read(session, view, outbox)
                outbox.close()
                await anyio.sleep(SLOW_GRACE_S)  # until all that waits is sent, if it ever is
            tasks.cancel_scope.cancel()

    async def _read(self, session: Session, view: View, outbox: Outbox) -> None:
        """Until the client leaves, or too much of what it says is not understood.

        Complaints go the way of everything else, so that numbers stay in order.
        """
        understand = parse if isinstance(view, FullView) else parse_simple
        while True:
            try:
                raw = await self._receive()
                self._pace.take()
                message = understand(raw)
            except FnlloydError as error:
                outbox.put(view.complain(error))
                self._bad_in_a_row += not isinstance(error, RateLimited)  # understood well enough, but too much
                if self._bad_in_a_row >= BAD_IN_A_ROW:
                    return
            else:
                self._bad_in_a_row = 0
                self._do(session, view, outbox, message)

    def _do(self, session: Session, view: View, outbox: Outbox, message: Incoming) -> None:
        try:
            obey(session, message)
        except FnlloydError as error:
            outbox.put(view.complain(error, getattr(message, "id", None)))

    async def _part(self, view: View, outbox: Outbox) -> None:
        """Say why, if the server is the one who leaves."""
        if outbox.slow:
            with anyio.move_on_after(SLOW_GRACE_S):
                told = view.complain(SlowClient("this client reads too slowly and was cut off"))
                await self._send(view.show(told))
                await self._socket.close(CloseCode.TRY_AGAIN)
        elif self._bad_in_a_row >= BAD_IN_A_ROW:
            await self._socket.close(CloseCode.NOT_UNDERSTOOD)
        elif self._doors.sessions.draining:
            await self._send(view.show(view.complain(Draining("the server is going away"))))
            await self._socket.close(CloseCode.GOING_AWAY)

    async def _receive(self) -> str:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        text = message.get("text")
        if text is None:
            raise BadMessage("message: expected a text frame with JSON; got a binary frame", field="message")
        return str(text)

    async def _too_many_bad(self) -> bool:
        self._bad_in_a_row += 1
        if self._bad_in_a_row < BAD_IN_A_ROW:
            return False
        await self._socket.close(CloseCode.NOT_UNDERSTOOD)
        return True

    async def _send(self, out: Out) -> None:
        """Raises WebSocketDisconnect when the client is gone, however the server below says so."""
        async with self._sending:
            try:
                for frame in out:
                    if isinstance(frame, bytes):
                        await self._socket.send_bytes(frame)
                    else:
                        await self._socket.send_text(frame)
            except RuntimeError as error:
                raise WebSocketDisconnect(1006) from error


async def _shown(view: View, stamped: Stamped) -> Out:
    """What a noun becomes. Coding sound takes some 12 ms for a second of it, so that is not done on the event loop."""
    if view.codes_sound and isinstance(stamped.noun, LineSound | LineSent):
        return await anyio.to_thread.run_sync(view.show, stamped)
    return view.show(stamped)
