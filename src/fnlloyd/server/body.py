"""Read a request's body, no more of it than the wire allows."""

from __future__ import annotations

from starlette.requests import Request

from fnlloyd.errors import TooBig
from fnlloyd.wire import MESSAGE_BYTES


async def read_body(request: Request, limit: int = MESSAGE_BYTES) -> bytes:
    """The whole body. Raises TooBig past `limit` bytes, without reading on."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooBig(f"body: expected at most {limit} bytes", field="body")
    return bytes(body)
