"""Who may come in: hosts, origins, the key; and the headers that keep a page from doing what it should not.

A page from anywhere could reach a server on this machine through the player's browser, so a request that says
it comes from a page (`Origin`) is let in only from the server itself, from loopback, or from an origin that was
allowed by name. A native game sends no `Origin` and is let in.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from fnlloyd.config.settings import is_loopback
from fnlloyd.errors import Unauthorized
from fnlloyd.server.status import error_response
from fnlloyd.wire import CloseCode

TAURI = "tauri://localhost"
PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob:; img-src 'self' data:;"
        " frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
OPEN_PATHS = ("/health", "/health/ready")


class Gate:
    """ASGI middleware. `key` None leaves the doors open, which the server allows on loopback only.

    `loopback` says the server is bound to loopback; then a `Host` that is not is a page playing tricks with names.
    """

    def __init__(self, app: ASGIApp, *, key: str | None, origins: Sequence[str] = (), loopback: bool = True) -> None:
        self._app = app
        self._key = key
        self._origins = {origin.rstrip("/").lower() for origin in origins}
        self._loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if (refusal := self._refusal(scope, headers)) is not None:
            await _refuse(refusal, scope, receive, send)
            return
        if scope["type"] == "http" and scope["method"] == "OPTIONS" and "origin" in headers:
            await _preflight(headers, send)
            return
        await self._app(scope, receive, _with_headers(send, headers.get("origin")))

    def _refusal(self, scope: Scope, headers: Headers) -> Unauthorized | None:
        host = headers.get("host", "")
        if self._loopback and host and not is_loopback(_host_name(host)):
            return Unauthorized(f"host {host!r} is not this server", hint="use localhost or 127.0.0.1")
        origin = headers.get("origin")
        if origin is not None and not self._welcomes(origin, host):
            return Unauthorized(
                f"origin {origin!r} is not allowed", hint="add it to server.origins in the settings", field="origin"
            )
        if scope["type"] == "http" and scope["method"] != "OPTIONS" and not self._has_key(scope, headers):
            return Unauthorized("a key is needed", hint="send it as Authorization: Bearer KEY")
        return None

    def _welcomes(self, origin: str, host: str) -> bool:
        origin = origin.lower()
        if origin == TAURI or origin in self._origins:
            return True
        scheme, _, place = origin.partition("://")
        if scheme not in ("http", "https") or not place:
            return False
        return place == host.lower() or is_loopback(_host_name(place))

    def _has_key(self, scope: Scope, headers: Headers) -> bool:
        if self._key is None or scope["path"] in OPEN_PATHS:
            return True
        scheme, _, found = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self.opens(found)

    def opens(self, found: str | None) -> bool:
        """Whether that is the key. Takes the same time for every wrong one."""
        if self._key is None:
            return True
        return found is not None and secrets.compare_digest(found.encode(), self._key.encode())


def _host_name(host: str) -> str:
    """The name without port and user; nothing for what is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


async def _refuse(refusal: Unauthorized, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=CloseCode.NOT_ALLOWED, reason=refusal.message)(scope, receive, send)
        return
    response = error_response(refusal)
    response.status_code = 403 if refusal.field == "origin" or "host" in refusal.message else 401
    await response(scope, receive, send)


async def _preflight(headers: Headers, send: Send) -> None:
    allow = [
        (b"access-control-allow-origin", headers["origin"].encode("latin-1")),
        (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE"),
        (b"access-control-allow-headers", b"authorization, content-type, range, last-event-id"),
        (b"access-control-max-age", b"600"),
        (b"vary", b"Origin"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": allow})
    await send({"type": "http.response.body", "body": b""})


def _with_headers(send: Send, origin: str | None) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in PAGE_HEADERS.items():
                headers.setdefault(name, value)
            if origin is not None:
                headers["access-control-allow-origin"] = origin
                headers["access-control-expose-headers"] = "retry-after, etag, content-range"
                headers.add_vary_header("Origin")
        await send(message)

    return sending
