"""Health: whether the server is up, and whether lines would be what they should be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from fnlloyd import __version__
from fnlloyd.server.doors import Doors, doors_of

router = APIRouter(tags=["health"])
At = Annotated[Doors, Depends(doors_of)]


@router.get("/health")
async def health(doors: At) -> dict[str, Any]:
    """The server is up. Always 200 while it answers at all."""
    engine = doors.engine()
    return {
        "status": "ok",
        "model": engine.model,
        "availableModels": doors.models(),
        "timestamp": timestamp(),
        "version": __version__,
        "engine": {"name": engine.name, "rung": engine.rung, "ready": engine.ready, "detail": engine.detail},
        "voice": {"name": doors.voice_name, "ready": doors.voice_ready()},
        "sessions": len(doors.sessions.live()),
        "store": "degraded" if doors.sessions.degraded else "ok",
        "draining": doors.sessions.draining,
    }


@router.get("/health/ready", responses={503: {"description": "Not yet, or no longer."}})
async def ready(doors: At) -> JSONResponse:
    """200 when engine and voice are ready to answer, 503 before that and while draining."""
    parts = {
        "engine": doors.house.engine.ready,
        "voice": doors.voice_name is None or doors.voice_ready(),
        "serving": not doors.sessions.draining,
    }
    return JSONResponse({"ready": all(parts.values()), **parts}, status_code=200 if all(parts.values()) else 503)


def timestamp() -> str:
    """Now, as ISO 8601 in UTC, to the millisecond, as JavaScript writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
