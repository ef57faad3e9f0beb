"""A WebSocket by hand, for doing what no good client does: not reading, and sending what is no message."""

from __future__ import annotations

import base64
import os
import socket
from asyncio import StreamReader, StreamWriter, get_running_loop, open_connection
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import anyio

CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
SMALL_BUFFER = 4096


class RawSocket:
    """Reads and writes frames as they are; nothing is read before it is asked for."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, payload: bytes, kind: int = TEXT, *, final: bool = True, mask: bool = True) -> None:
        length = len(payload)
        if length < 126:
            size = bytes([length])
        else:
            size = bytes([126]) + length.to_bytes(2, "big") if length < 1 << 16 else b"\x7f" + length.to_bytes(8, "big")
        head = bytes([kind | (0x80 if final else 0), size[0] | (0x80 if mask else 0)]) + size[1:]
        # A mask of zeros is a mask.
        await self.write(head + (bytes(4) if mask else b"") + payload)

    async def write(self, data: bytes) -> None:
        """Any bytes at all."""
        self._writer.write(data)
        await self._writer.drain()

    async def read(self) -> tuple[int, bytes]:
        """The next frame: its kind and payload. Raises EOFError when the server has gone."""
        with anyio.fail_after(10):
            first, second = await self._reader.readexactly(2)
            length = second & 0x7F
            if length >= 126:
                length = int.from_bytes(await self._reader.readexactly(2 if length == 126 else 8), "big")
            return first & 0x0F, await self._reader.readexactly(length)

    async def until_closed(self) -> tuple[int | None, list[tuple[int, bytes]]]:
        """The close code, None for none, and every frame before it."""
        frames: list[tuple[int, bytes]] = []
        try:
            while True:
                kind, payload = await self.read()
                if kind == CLOSE:
                    return (int.from_bytes(payload[:2], "big") if payload else None), frames
                frames.append((kind, payload))
        except (EOFError, ConnectionError):
            return None, frames


@asynccontextmanager
async def raw_socket(base_url: str, path: str = "/chat", *, small: bool = False) -> AsyncGenerator[RawSocket]:
    """Shake hands and no more. `small` keeps as little as can be in this machine's buffers."""
    host, port = urlsplit(base_url).hostname or "", urlsplit(base_url).port
    end = socket.socket()
    if small:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    end.setblocking(False)
    await get_running_loop().sock_connect(end, (host, port))
    reader, writer = await open_connection(sock=end, limit=SMALL_BUFFER)
    try:
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101"), answer
        yield RawSocket(reader, writer)
    finally:
        writer.transport.abort()
