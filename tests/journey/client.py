"""A client of the server's doors, written for tests: it says, listens, and keeps what it heard."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import anyio

Json = dict[str, Any]


class Talk:
    """One WebSocket. `frames` are the binary ones, `messages` the others, in order."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.messages: list[Json] = []
        self.frames: list[bytes] = []

    async def send(self, type: str, **fields: Any) -> None:
        await self.socket.send_str(json.dumps({"type": type, **fields}))

    async def next(self) -> Json:
        """The next text message; frames on the way are kept."""
        with anyio.fail_after(10):
            while True:
                message = await self.socket.receive()
                if message.type is aiohttp.WSMsgType.BINARY:
                    self.frames.append(message.data)
                elif message.type is aiohttp.WSMsgType.TEXT:
                    read: Json = json.loads(message.data)
                    self.messages.append(read)
                    return read
                else:
                    raise ConnectionError(f"closed with {self.socket.close_code}")

    async def until(self, type: str, **fields: Any) -> Json:
        """The next message of that type with these fields."""
        while True:
            message = await self.next()
            if message["type"] == type and all(message.get(key) == value for key, value in fields.items()):
                return message

    async def silent(self, seconds: float = 0.1) -> bool:
        """Whether nothing comes for a while."""
        with anyio.move_on_after(seconds):
            await self.next()
            return False
        return True

    def of(self, type: str) -> list[Json]:
        return [message for message in self.messages if message["type"] == type]


class Client:
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    @asynccontextmanager
    async def chat(self, query: str = "", headers: dict[str, str] | None = None) -> AsyncGenerator[Talk]:
        """A bare connection; the first message decides its mode."""
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"{self.base_url}/chat{query}", headers=headers) as socket,
        ):
            yield Talk(socket)

    @asynccontextmanager
    async def full(self, session: str = "player", **hello: Any) -> AsyncGenerator[Talk]:
        """A connection in full mode, welcomed."""
        async with self.chat() as talk:
            await talk.send("hello", protocol=1, session=session, **hello)
            assert (await talk.next())["type"] == "welcome"
            yield talk

    async def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Json]:
        """A request whose answer is JSON, or nothing."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, self.base_url + path, data=data, headers=headers) as response,
        ):
            text = await response.text()
            return response.status, json.loads(text) if text else {}

    async def events(self, path: str, body: Json) -> list[Json]:
        """The messages of an answer by server-sent events."""
        headers = {"accept": "text/event-stream"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.base_url + path, json=body, headers=headers) as response,
        ):
            assert response.status == 200, await response.text()
            text = await response.text()
        blocks = (block.split("\n") for block in text.split("\n\n") if block and not block.startswith(":"))
        return [json.loads(next(line[6:] for line in block if line.startswith("data: "))) for block in blocks]

    async def sound(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, Any]:
        """A sound by its address: status, bytes, headers."""
        address = path if path.startswith("http") else self.base_url + path
        async with aiohttp.ClientSession() as http, http.get(address, headers=headers) as response:
            return response.status, await response.read(), response.headers
