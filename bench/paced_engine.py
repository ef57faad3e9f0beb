"""The paced engine: an OpenAI-style server that gives tokens at a set pace, so that what Fnlloyd adds can be measured.

    python bench/paced_engine.py --port 0 --ttft-ms 150 --rate 60      prints its port, serves until killed

GET /metrics says how many requests run, ended and were left, and when. POST /pace changes the pace while it runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import deque
from dataclasses import asdict, dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from aiohttp import web

TEXT = (
    "I say, what a perfectly splendid shot that was, dear friend. The Armada shall hear of it by teatime! "
    "Onwards, then, with courage and impeccable posture."
)
WORDS = TEXT.split()
KEPT_CANCELLATIONS = 10_000


@dataclass(frozen=True)
class Pace:
    """`ttft_ms` before the first token; `rate` tokens a second after it, 0 for no wait; `tokens` in an answer."""

    ttft_ms: float = 0.0
    rate: float = 0.0
    tokens: int = 20


@dataclass
class Counts:
    """`cancelled_at` holds Unix times in seconds, of requests left before their end."""

    running: int = 0
    started: int = 0
    ended: int = 0
    cancelled: int = 0
    cancelled_at: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT_CANCELLATIONS))


class PacedEngine:
    """Serve on loopback inside `async with`; then `base_url` and `port` are known."""

    def __init__(self, pace: Pace | None = None, *, port: int = 0, model: str = "paced") -> None:
        self.pace = pace or Pace()
        self.counts = Counts()
        self.port = port
        self.model = model
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/health", self._health)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_post("/pace", self._set_pace)
        # A short wait at the end: what still runs then belongs to somebody who has gone.
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        began = asyncio.get_running_loop().time()
        counts = self.counts
        counts.running += 1
        counts.started += 1
        try:
            body = json.loads(await request.read())
            answer = await (self._stream if body.get("stream") else self._whole)(request, body, began)
            counts.ended += 1
            return answer
        except (asyncio.CancelledError, ConnectionError):
            counts.cancelled += 1
            counts.cancelled_at.append(time.time())
            raise
        finally:
            counts.running -= 1

    async def _stream(self, request: web.Request, body: dict[str, Any], began: float) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        pace, count = self.pace, self._count(body)
        for number in range(count):
            await _wait_until(_due(pace, began, number))
            await response.write(_chunk(number, self.model))
        last = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
        if (body.get("stream_options") or {}).get("include_usage"):
            last += b'data: {"choices":[],"usage":%s}\n\n' % json.dumps(_usage(body, count)).encode()
        await response.write(last + b"data: [DONE]\n\n")
        return response

    async def _whole(self, _request: web.Request, body: dict[str, Any], began: float) -> web.Response:
        count = self._count(body)
        await _wait_until(_due(self.pace, began, count - 1))
        text = "".join(_word(number) for number in range(count))
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return web.json_response({"model": self.model, "choices": [choice], "usage": _usage(body, count)})

    def _count(self, body: dict[str, Any]) -> int:
        return min(self.pace.tokens, body.get("max_tokens") or self.pace.tokens)

    async def _models(self, _request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": self.model, "object": "model"}]})

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.json_response({**asdict(self.counts), "cancelled_at": list(self.counts.cancelled_at)})

    async def _set_pace(self, request: web.Request) -> web.Response:
        self.pace = replace(self.pace, **await request.json())
        return web.json_response(asdict(self.pace))


def _due(pace: Pace, began: float, number: int) -> float:
    return began + pace.ttft_ms / 1000 + (number / pace.rate if pace.rate else 0.0)


async def _wait_until(due: float) -> None:
    # Times are counted from the start of the request, so that lateness does not add up.
    await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))


def _word(number: int) -> str:
    return (" " if number else "") + WORDS[number % len(WORDS)]


def _chunk(number: int, model: str) -> bytes:
    choice = {"index": 0, "delta": {"content": _word(number)}, "finish_reason": None}
    return b"data: %s\n\n" % json.dumps({"model": model, "choices": [choice]}).encode()


def _usage(body: dict[str, Any], count: int) -> dict[str, int]:
    words = sum(len(str(message.get("content", "")).split()) for message in body.get("messages", []))
    return {"prompt_tokens": words, "completion_tokens": count, "total_tokens": words + count}


async def _serve(pace: Pace, port: int) -> None:
    async with PacedEngine(pace, port=port) as engine:
        print(engine.port, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    parser.add_argument("--ttft-ms", type=float, default=150.0)
    parser.add_argument("--rate", type=float, default=60.0, help="tokens a second; 0 for no wait")
    parser.add_argument("--tokens", type=int, default=20)
    options = parser.parse_args()
    try:
        asyncio.run(_serve(Pace(options.ttft_ms, options.rate, options.tokens), options.port))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
