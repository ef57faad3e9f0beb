"""Foreign errors of an HTTP engine, translated once, with what to do about each.

Nothing here is chained to the foreign error: aiohttp's errors carry the request, and the request carries the key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import aiohttp

from fnlloyd.engines.chunks import error_message
from fnlloyd.errors import EngineError, EngineFailed, EngineTimeout, EngineUnavailable

SNIPPET = 300  # characters of a server's answer worth showing


def fault(error: Exception, name: str, address: str) -> EngineError:
    """Translate what aiohttp or the socket raised. `address` is shown, so it holds no credentials."""
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, aiohttp.ClientResponseError):  # its text is the message; its repr would show the headers
        return EngineFailed(
            f"{name} at {address} does not speak HTTP: {error.message[:SNIPPET]}", hint="check the port and http/https"
        )
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return EngineUnavailable(f"{name}: the host of {address} has no address", hint="check the host name")
    if isinstance(error, aiohttp.ClientSSLError | aiohttp.ServerFingerprintMismatch):
        return EngineUnavailable(
            f"{name} at {address}: TLS failed: {error}", hint="check http against https, and the server's certificate"
        )
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return EngineUnavailable(f"{name} at {address} does not take connections", hint="check address and firewall")
    if isinstance(error, aiohttp.ClientConnectorError):
        reason = error.strerror or str(error.os_error)
        return EngineUnavailable(f"{name} at {address} cannot be reached: {reason}")
    if isinstance(error, TimeoutError):
        return EngineTimeout(f"{name} at {address} did not answer in time", hint="it may be overloaded: see its load")
    if isinstance(error, aiohttp.ClientPayloadError):
        return EngineFailed(f"{name} broke off in the middle of its answer", hint="see the engine's log")
    return EngineFailed(f"{name} at {address} broke the connection: {said}", hint="see the engine's log")


def refusal(status: int, headers: Mapping[str, str], body: bytes, name: str, model: str) -> EngineError:
    """Translate an answer that is not 200."""
    said = _said(body)
    if status in (401, 403):
        return EngineFailed(f"{name} refuses the key (HTTP {status}){said}", hint="check the engine's API key")
    if status == 404:
        return EngineFailed(
            f"{name} does not know the model {model!r} or this address (HTTP 404){said}",
            hint="check model= against the engine's /v1/models, and that the address ends in /v1",
        )
    if status == 429:
        wait = headers.get("Retry-After")
        hint = f"it asks to wait {wait[:40]} s" if wait else "ask less often, or raise its limit"
        return EngineUnavailable(f"{name} has had too many requests (HTTP 429){said}", hint=hint)
    if status == 503:
        return EngineUnavailable(f"{name} is full or still loading (HTTP 503){said}", hint="wait, or add an engine")
    if status in (502, 504):
        return EngineUnavailable(f"{name}: nobody behind its gateway (HTTP {status}){said}", hint="see its backends")
    if status >= 500:
        return EngineFailed(f"{name} failed (HTTP {status}){said}", hint="see the engine's log")
    if 300 <= status < 400:
        where = headers.get("Location", "elsewhere")[:SNIPPET]
        return EngineFailed(f"{name} has moved to {where} (HTTP {status})", hint="configure the new address")
    return EngineFailed(f"{name} refuses the request (HTTP {status}){said}", hint="see what it says it will not take")


def not_a_stream(content_type: str, body: bytes, name: str) -> EngineError:
    """Translate a 200 that is not an event stream."""
    return EngineFailed(
        f"{name} answered with {content_type or 'no content type'}, not with an event stream{_said(body)}",
        hint="the address must be an OpenAI-style server that can stream, up to its /v1",
    )


def _said(body: bytes) -> str:
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = None
    message = error_message(parsed) if isinstance(parsed, dict) else None
    text = " ".join((message or body.decode("utf-8", "replace")).split())[:SNIPPET]
    return f": {text}" if text else ""
