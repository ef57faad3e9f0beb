"""Which HTTP status and which WebSocket close code an error becomes."""

from __future__ import annotations

from fastapi.responses import JSONResponse

from fnlloyd.errors import FnlloydError, RateLimited, StoreFailed
from fnlloyd.wire import error_body

STATUS: dict[str, int] = {
    "bad_message": 422,
    "unknown_type": 400,
    "unknown_trigger": 404,
    "unknown_character": 404,
    "unknown_line": 404,
    "not_found": 404,
    "too_big": 413,
    "unauthorized": 401,
    "slow_client": 503,
    "rate_limited": 429,
    "full": 503,
    "draining": 503,
    "engine_unavailable": 503,
    "engine_failed": 503,
    "engine_timeout": 504,
    "voice_failed": 503,
    "unsafe": 422,
    "internal": 500,
}
RETRY_AFTER_S = "1"


def status_of(error: FnlloydError) -> int:
    """The HTTP status of an error. A store that does not answer now may do so soon, whatever its code."""
    return 503 if isinstance(error, StoreFailed) else STATUS.get(error.code, 500)


def error_response(error: FnlloydError) -> JSONResponse:
    """The answer for an error before the first byte."""
    headers = {"Retry-After": RETRY_AFTER_S} if isinstance(error, RateLimited) or error.retryable else None
    return JSONResponse(error_body(error).model_dump(mode="json"), status_code=status_of(error), headers=headers)
