"""Look at a running `make play` as a player would: the page, a canned line with sound, an answer with sound."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp

READY_S = 900.0  # the first start fetches the model and the voice


async def main(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as http:
        await until_ready(http, base)
        async with http.get(base + "/") as page:
            assert page.status == 200, page.status
            assert "<canvas" in await page.text(), "the page has no game on it"
        async with http.ws_connect(f"{base}/chat") as socket:
            await socket.send_json({"type": "hello", "protocol": 1, "session": "first-minute", "audio": "binary"})
            for ask in ({"type": "event", "trigger": "boss_appear"}, {"type": "say", "text": "Hello! Who are you?"}):
                await socket.send_json(ask)
                text, sound = await line(socket)
                assert text, "a line without words"
                assert loud(sound), "a line without sound"
                print(f"{ask['type']}: {text!r} with {len(sound) / 44100:.1f} s of sound")


async def until_ready(http: aiohttp.ClientSession, base: str) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        try:
            async with http.get(base + "/health/ready") as ready:
                if ready.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.5)
    raise SystemExit("the server did not become ready")


async def line(socket: aiohttp.ClientWebSocketResponse) -> tuple[str, bytes]:
    sound = b""
    while True:
        message = await socket.receive(timeout=60)
        if message.type is aiohttp.WSMsgType.BINARY:
            sound += message.data[16:]
            continue
        said: dict[str, Any] = json.loads(message.data)
        if said["type"] == "line.sent":
            await socket.send_json({"type": "heard", "line": said["line"], "status": "finished"})
        if said["type"] == "line.end":
            return said["text"], sound


def loud(pcm: bytes) -> bool:
    samples = memoryview(pcm[: len(pcm) // 2 * 2]).cast("h")
    return len(samples) > 4000 and max(map(abs, samples)) > 1000


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
