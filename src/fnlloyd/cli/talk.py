"""A conversation over the WebSocket door, kept up through lost connections."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import anyio
from anyio.abc import TaskGroup, TaskStatus
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from fnlloyd.cli.ear import Ear
from fnlloyd.cli.screen import Screen
from fnlloyd.errors import ClientError, FnlloydError, SetupError, Unauthorized

DELAYS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""How long to wait before each new try; after the last the server is taken to be gone."""
OPEN_TIMEOUT_S = 5.0
NOT_ALLOWED, NOT_UNDERSTOOD = 1008, 4400

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom to talk to, and as whom."""

    url: str
    session: str | None = None
    character: str | None = None
    token: str | None = None


class Talk:
    """Says things and shows what comes back. `failed` tells whether the last thing said got no line."""

    def __init__(self, whom: Whom, screen: Screen, ear: Ear) -> None:
        self._url = chat_url(whom.url)
        self._whom = whom
        self._screen = screen
        self._ear = ear
        self._session = whom.session
        self._last_seq: int | None = None
        self._socket: ClientConnection | None = None
        self._open = anyio.Event()
        self._asked = 0
        self._turns: dict[str, int | None] = {}
        self._news = anyio.Event()
        self.speaking: int | None = None
        self.failed = False

    async def keep_up(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Stay connected until cancelled. Raises FnlloydError if the server is not there, will not, or stays away."""
        tries = 0
        while True:
            try:
                async with self._connect() as socket, anyio.create_task_group() as tasks:
                    try:
                        await self._greet(socket)
                        tries = 0
                        task_status.started()
                        await self._listen(socket, tasks)
                    except ConnectionClosed as closed:
                        self._refuse(closed)
                    tasks.cancel_scope.cancel()
            except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
                if self._last_seq is None:
                    raise self._not_there(error) from None
            except BaseExceptionGroup as group:
                raise _only(group) from None
            self._lose()
            if tries == len(DELAYS_S):
                raise SetupError(f"{self._url} does not come back", hint="see what its terminal or log says")
            self._screen.note(f"  the connection is lost; trying again in {DELAYS_S[tries]:.3g} s")
            await anyio.sleep(DELAYS_S[tries])
            tries += 1

    async def send(self, message: Message, *, answered: bool = False) -> None:
        """Send a message, waiting for a connection if there is none."""
        if answered:
            self._asked += 1
            message = message | {"id": f"chat-{self._asked}"}
            self._turns[message["id"]] = None
            self.failed = False
        while True:
            await self._open.wait()
            assert self._socket is not None
            try:
                await self._socket.send(json.dumps(message))
                return
            except ConnectionClosed:
                await anyio.sleep(0.05)

    async def interrupt(self) -> None:
        """Cut the line being spoken short."""
        self._ear.stop()
        await self.send({"type": "interrupt"})

    @property
    def busy(self) -> bool:
        """Whether a line is being spoken or waited for."""
        return bool(self._turns) or self.speaking is not None

    async def settled(self) -> None:
        """Wait until everything said has been answered, or will not be."""
        while self.busy:
            await self._news.wait()

    def _connect(self) -> connect:
        # A proxy from the environment is for the world outside, never for this machine.
        near = urlsplit(self._url).hostname in ("localhost", "127.0.0.1", "::1")
        return connect(
            self._url, compression=None, open_timeout=OPEN_TIMEOUT_S, close_timeout=1, proxy=None if near else True
        )

    async def _greet(self, socket: ClientConnection) -> None:
        hello = {
            "type": "hello",
            "protocol": 1,
            "session": self._session,
            "character": self._whom.character,
            "token": self._whom.token,
            "resume_after": self._last_seq,
            "audio": "binary" if self._ear.wants_sound else "none",
            "format": "pcm16" if self._ear.wants_sound else None,
        }
        await socket.send(json.dumps({name: value for name, value in hello.items() if value is not None}))
        while (message := json.loads(await socket.recv()))["type"] != "welcome":
            if message["type"] == "error" and not message["retryable"]:
                raise _refusal(message)
        self._session = message["session"]
        self._ear.welcome(message.get("voice"))
        self._last_seq = message["seq"]
        self._socket = socket
        self._open.set()
        self._screen.show(message)

    async def _listen(self, socket: ClientConnection, tasks: TaskGroup) -> None:
        async for frame in socket:
            if isinstance(frame, bytes):
                if (line := await self._ear.hear(frame)) is not None:
                    await socket.send(json.dumps({"type": "heard", "line": line, "status": "started"}))
                continue
            message: Message = json.loads(frame)
            self._last_seq = message.get("seq") or self._last_seq
            self._screen.show(message)
            self._follow(message)
            if message["type"] == "line.sent":
                tasks.start_soon(self._tell_heard, socket, message["line"])
        self._refuse(None)

    def _follow(self, message: Message) -> None:
        """Keep account of what has been asked and what is being spoken."""
        match message["type"]:
            case "line.start":
                self.speaking = message["line"]
            case "line.stop":
                self._ear.stop()
            case "line.end":
                self.speaking = None
                self._turns = {id: line for id, line in self._turns.items() if line != message["line"]}
            case "outcome" if message["id"] in self._turns:
                if message.get("line") is not None and message["outcome"] in ("spoken", "coalesced"):
                    self._turns[message["id"]] = message["line"]
                else:
                    del self._turns[message["id"]]
                    self.failed = message["outcome"] == "failed"
            case "error":
                if self._turns.pop(message.get("id") or "", self) is not self:
                    self.failed = True
        self._tell()

    async def _tell_heard(self, socket: ClientConnection, line: int) -> None:
        if await self._ear.finish(line):
            await socket.send(json.dumps({"type": "heard", "line": line, "status": "finished"}))

    def _lose(self) -> None:
        self._socket = None
        self._open = anyio.Event()
        self._ear.stop()
        self.failed = bool(self._turns)
        self._turns.clear()
        self.speaking = None
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = anyio.Event()
        if not self.busy and self._socket is not None:
            self._screen.prompt()

    def _refuse(self, closed: ConnectionClosed | None) -> None:
        """Raise if the server closed for a reason that trying again will not change."""
        code = closed.rcvd.code if closed is not None and closed.rcvd is not None else None
        if code == NOT_ALLOWED:
            raise Unauthorized(f"{self._url} does not let this client in", hint="--token KEY, or FNLLOYD_TOKEN")
        if code == NOT_UNDERSTOOD:
            raise ClientError(f"{self._url} does not understand this client", hint="use the server's own version")

    def _not_there(self, error: Exception) -> FnlloydError:
        if isinstance(error, InvalidURI):
            return SetupError(f"{self._url} is no address of a server", hint="--url ws://HOST:PORT/chat")
        if isinstance(error, InvalidStatus):
            status = error.response.status_code
            if status in (401, 403):
                return Unauthorized(
                    f"{self._url} does not let this client in, or has no chat there ({status})",
                    hint="--url ws://HOST:PORT/chat, and --token KEY if it wants one",
                )
            return SetupError(
                f"what answers at {self._url} is not Fnlloyd, or not its chat ({status})",
                hint="--url ws://HOST:PORT/chat",
            )
        return SetupError(
            f"nobody answers at {self._url}", hint="start the server: fnlloyd serve; or say where it is: --url"
        )


def chat_url(url: str) -> str:
    """The WebSocket's address from whatever was given: `localhost:8000`, `http://host`, `ws://host/chat`."""
    parts = urlsplit(url if "://" in url else f"ws://{url}")
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    return urlunsplit((scheme, parts.netloc, parts.path if parts.path.strip("/") else "/chat", parts.query, ""))


def _refusal(message: Message) -> FnlloydError:
    if message["code"] == "unauthorized":
        return Unauthorized(message["message"], hint="--token KEY, or FNLLOYD_TOKEN in the environment")
    return ClientError(message["message"], hint=message.get("hint"))


def _only(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
