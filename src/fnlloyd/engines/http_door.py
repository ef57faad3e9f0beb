"""One engine's HTTP address: pooled connections, its key, its timeouts. What it raises is typed.

A pooled connection may die just as a request takes it. Only then, and only if not one byte of an answer came, is the
request sent a second time.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from fnlloyd.engines.faults import fault, not_a_stream, refusal
from fnlloyd.errors import EngineError, EngineFailed

KEEP_ALIVE_S = 4.0  # vLLM closes idle connections after 5 s; a later reuse would meet a reset
DRAIN_S = 0.05  # how long to wait for the end of a body after its last event, so that the connection can be reused
ASIDE_S = 3.0  # for the small questions: models, tokens, health
MAX_ASIDE_BYTES = 4 * 1024 * 1024
MAX_REFUSAL_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds. `first_token_s` counts from the request to the first text, thoughts and keep-alives not counted;
    `gap_s` from one text to the next; `total_s` for the whole answer, including how slowly it is taken.
    """

    connect_s: float = 3.0
    first_token_s: float = 30.0
    gap_s: float = 15.0
    total_s: float = 120.0


class HttpDoor:
    """Sends requests below `base_url`, such as http://127.0.0.1:8001/v1. Made anywhere; used within one loop."""

    def __init__(
        self, base_url: str, *, name: str, api_key: str | None = None, timeouts: Timeouts | None = None
    ) -> None:
        self.url = URL(base_url.rstrip("/"))
        self.name = name
        self.timeouts = timeouts or Timeouts()
        self._api_key = api_key
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"HttpDoor({self.address})"

    @property
    def address(self) -> str:
        """The base URL as it may be shown: without user or password."""
        return str(self.url.with_user(None))

    async def open_stream(self, url: URL, body: bytes, deadline: float, *, model: str) -> aiohttp.ClientResponse:
        """Post and return the response as soon as its head is there; close it. `deadline` is in loop time.

        Raises EngineError, also for a status other than 200 and for a 200 that is not an event stream.
        """
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._send("POST", url, body)
                if response.status == 200 and response.content_type == "text/event-stream":
                    return response
                async with response:
                    said = await self._start_of(response, MAX_REFUSAL_BYTES)
        except (aiohttp.ClientError, OSError) as error:
            raise self._typed(error) from None
        said = self._redact(said)
        if response.status == 200:
            raise not_a_stream(response.headers.get("Content-Type", ""), said, self.name)
        raise refusal(response.status, response.headers, said, self.name, model)

    async def read(self, response: aiohttp.ClientResponse, deadline: float) -> bytes:
        """Return what has arrived, waiting for something; b"" at the end. Raises EngineError."""
        try:
            async with asyncio.timeout_at(deadline):
                return await response.content.readany()
        except (aiohttp.ClientError, OSError) as error:
            raise self._typed(error) from None

    async def drain(self, response: aiohttp.ClientResponse) -> None:
        """Read to the end of a body that has said all, so that its connection goes back to the pool."""
        try:
            async with asyncio.timeout(DRAIN_S):
                while await response.content.readany():
                    pass
        except (aiohttp.ClientError, OSError):
            pass  # then the connection is closed instead

    async def ask(self, method: str, url: URL, body: object = None, *, within_s: float = ASIDE_S) -> Any:
        """Ask a small question and return the JSON answered. Raises EngineError."""
        try:
            async with asyncio.timeout(within_s):
                payload = None if body is None else json.dumps(body).encode()
                async with await self._send(method, url, payload) as response:
                    answer = await self._start_of(response, MAX_ASIDE_BYTES)
        except (aiohttp.ClientError, OSError) as error:
            raise self._typed(error) from None
        if response.status != 200:
            raise refusal(response.status, response.headers, self._redact(answer), self.name, "")
        try:
            return json.loads(answer)
        except ValueError:
            raise EngineFailed(f"{self.name} answered {url.path} with something that is not JSON") from None

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _send(self, method: str, url: URL, body: bytes | None) -> aiohttp.ClientResponse:
        # llama-server closes a connection after each streamed answer without saying so: the second try is no rarity.
        for last in (False, True):
            seen = SimpleNamespace(reused=False)
            try:
                return await self._pool().request(method, url, data=body, allow_redirects=False, trace_request_ctx=seen)
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
                # A message that is not a text is the head of an answer: the server had begun.
                begun = not isinstance(getattr(error, "message", ""), str)
                if last or begun or not seen.reused:
                    raise
        raise AssertionError("unreachable")

    async def _start_of(self, response: aiohttp.ClientResponse, limit: int) -> bytes:
        parts, size = [], 0
        while size < limit and (part := await response.content.readany()):
            parts.append(part)
            size += len(part)
        return b"".join(parts)[:limit]

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            tracing = aiohttp.TraceConfig()
            tracing.on_connection_reuseconn.append(_mark_reused)
            headers = {
                "Content-Type": "application/json",
                "Accept-Encoding": "identity",  # a compressing proxy would hold pieces back
                "User-Agent": "fnlloyd",
            }
            if self._api_key:
                headers["Authorization"] = f"Bearer {self._api_key}"
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S, ttl_dns_cache=30),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.timeouts.connect_s),
                trace_configs=[tracing],
            )
        return self._session

    def _typed(self, error: Exception) -> EngineError:
        return fault(error, self.name, self.address)

    def _redact(self, said: bytes) -> bytes:
        # Some servers quote the key they refuse.
        return said.replace(self._api_key.encode(), b"***") if self._api_key else said


async def _mark_reused(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    if context.trace_request_ctx is not None:
        context.trace_request_ctx.reused = True
