"""The WebSocket door: `/chat`. One reader and one writer a connection; the writer never holds up the session.

A connection whose first message is not `hello` is in simple mode: it gets whole lines and nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import anyio
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from fnlloyd.errors import BadMessage, Draining, FnlloydError, RateLimited, SlowClient, Unauthorized
from fnlloyd.server.doors import Doors
from fnlloyd.server.pace import Pace
from fnlloyd.server.views import FullView, SimpleView, View
from fnlloyd.session import Outbox, Session
from fnlloyd.wire import BAD_IN_A_ROW, CloseCode, Hello, Incoming, close_code, parse, parse_simple
from fnlloyd.server.hearing import obey

SLOW_GRACE_S = 3.0
"""How long a slow client has to take the message that says so."""
FIRST_MESSAGE_S = 30.0

log = structlog.get_logger(__name__)


async def chat(socket: WebSocket, doors: Doors) -> None:
    """Serve one connection from its handshake to its end."""
    await socket.accept()
    connection = Connection(socket, doors)
    try:
        await connection.serve()
    except WebSocketDisconnect:
        pass
    except FnlloydError as error:
        await connection.refuse(error)


class Connection:
    def __init__(self, socket: WebSocket, doors: Doors) -> None:
        self._socket = socket
        self._doors = doors
        self._pace = Pace()
        self._bad = 0
        self._view: View | None = None

    async def serve(self) -> None:
        """Read the first message, open the session in the mode it asks for, and go on until either side leaves."""
        first = await self._first()
        if first is None:
            return
        query = self._socket.query_params
        if isinstance(first, Hello):
            self._doors.admit(first.token)
            session = await self._doors.open(first.session or query.get("session"), first.character or query.get("character"))
            self._view = FullView(session, first, self._doors)
        else:
            self._doors.admit(query.get("token"))
            session = await self._doors.open(query.get("session"), query.get("character"))
            self._view = SimpleView(session, self._doors)
        await self._attend(session, self._view, first)
