"""A player at the WebSocket: sends what happens, and notes when each message and the first sound of each line came."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections.abc import Callable
from typing import Any

import aiohttp

WITHIN_S = 60.0
_LINE = struct.Struct("<I")


class Player:
    """One connection in full mode. `on_sound(line, at)` and `on_message(message, at)`: `at` is `time.perf_counter`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._reading: asyncio.Task[None] | None = None
        self._last_line = 0
        self.on_sound: Callable[[int, float], None] = lambda _line, _at: None
        """Called for the first sound of each line."""
        self.on_message: Callable[[dict[str, Any], float], None] = lambda _message, _at: None

    async def hello(self, session: str, audio: str) -> None:
        await self.send({"type": "hello", "protocol": 1, "session": session, "audio": audio, "format": "pcm16"})
        welcome = await self._socket.receive_json(timeout=WITHIN_S)
        if welcome["type"] != "welcome":
            raise RuntimeError(f"not welcome: {welcome}")
        self._reading = asyncio.create_task(self._read())

    async def send(self, message: dict[str, Any]) -> float:
        """Send, and return when, on `time.perf_counter`."""
        text = json.dumps(message)
        sent = time.perf_counter()
        await self._socket.send_str(text)
        return sent

    async def close(self) -> None:
        await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def line(self, message: dict[str, Any]) -> Line:
        """Send what asks for one line, say it was heard as soon as all of it has come, and wait for its end."""
        line = Line()
        sent, ended = _future(), _future()

        def take(found: dict[str, Any], at: float) -> None:
            line.messages.append(found)
            line.at.setdefault(found["type"], at)
            for type, future in (("line.sent", sent), ("line.end", ended)):
                if not future.done() and found["type"] == type:
                    future.set_result(None)
                elif not future.done() and found["type"] == "error":
                    future.set_exception(RuntimeError(str(found)))

        self.on_message = take
        self.on_sound = lambda _line, at: line.at.update(sound=at)
        line.sent = await self.send(message)
        async with asyncio.timeout(WITHIN_S):
            await sent
            number = line.first("line.sent")["line"]
            if not ended.done():
                await self.send({"type": "heard", "line": number, "status": "finished"})
            await ended
        return line

    async def trip_ms(self, message: dict[str, Any]) -> float:
        """Send, and return how long the first message back took."""
        back: asyncio.Future[float] = asyncio.get_running_loop().create_future()

        def take(_message: dict[str, Any], at: float) -> None:
            if not back.done():
                back.set_result(at)

        self.on_message = take
        sent = await self.send(message)
        async with asyncio.timeout(WITHIN_S):
            return 1000 * (await back - sent)

    async def _read(self) -> None:
        async for message in self._socket:
            at = time.perf_counter()
            if message.type is aiohttp.WSMsgType.BINARY:
                (line,) = _LINE.unpack_from(message.data, 4)
                if line > self._last_line:
                    self._last_line = line
                    self.on_sound(line, at)
            elif message.type is aiohttp.WSMsgType.TEXT:
                self.on_message(json.loads(message.data), at)


def _future() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


class Line:
    """One line as the player got it. `at` is when the first message of each type came; "sound" is among them."""

    def __init__(self) -> None:
        self.sent = 0.0
        self.at: dict[str, float] = {}
        self.messages: list[dict[str, Any]] = []

    def ms_to(self, type: str) -> float:
        """Milliseconds from sending to the first message of that type, or to "sound"."""
        return 1000 * (self.at[type] - self.sent)

    def first(self, type: str) -> dict[str, Any]:
        return next(message for message in self.messages if message["type"] == type)


class Players:
    """Opens connections to one server; used with `async with`, which closes them."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/chat"
        self._opened: list[Player] = []

    async def __aenter__(self) -> Players:
        self._client = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_: object) -> None:
        for player in self._opened:
            await player.close()
        await self._client.close()

    async def join(self, session: str, audio: str = "binary") -> Player:
        player = Player(await self._client.ws_connect(self._url, compress=0, max_msg_size=0))
        self._opened.append(player)
        await player.hello(session, audio)
        return player
