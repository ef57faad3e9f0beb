"""The app: every door on one house."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from fnlloyd import __version__
from fnlloyd.build import open_house
from fnlloyd.config import Settings
from fnlloyd.errors import BadMessage, FnlloydError, NotFound
from fnlloyd.server import audio, docs_page, health, legacy, rest
from fnlloyd.server.doors import Doors
from fnlloyd.server.gate import Gate
from fnlloyd.server.status import error_response
from fnlloyd.server.ws import Connection

WEB = Path(__file__).parent / "web"

log = structlog.get_logger(__name__)


def build_app(settings: Settings) -> FastAPI:
    """The ASGI app of these settings. The house opens when the server starts and closes when it stops."""
    key = settings.server.key.get_secret_value() if settings.server.key else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with open_house(settings) as house:
            app.state.doors = Doors(house, key)
            yield

    app = FastAPI(
        title="Fnlloyd",
        version=__version__,
        lifespan=lifespan,
        description="A character who talks, for games.",
        docs_url=None,  # theirs loads its scripts from elsewhere; ours is docs_page
        redoc_url=None,
    )
    app.add_middleware(Gate, key=key, origins=settings.server.origins, loopback=settings.server.is_loopback)
    for room in (rest, audio, health, legacy, docs_page):
        app.include_router(room.router)

    @app.websocket("/chat")
    async def chat(socket: WebSocket) -> None:
        await Connection(socket, app.state.doors).serve()

    _translate_errors(app)
    mimetypes.add_type("text/javascript", ".js")  # reads the machine's own list now, which may call it plain text
    app.mount("/", StaticFiles(directory=WEB, html=True), name="game")
    return app


def _translate_errors(app: FastAPI) -> None:
    @app.exception_handler(FnlloydError)
    async def ours(_: Request, error: FnlloydError) -> Response:
        return error_response(error)

    @app.exception_handler(RequestValidationError)
    async def not_understood(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return error_response(BadMessage(f"{field}: {first['msg']}", field=field))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return error_response(NotFound(f"there is nothing at {request.url.path}", hint="GET /docs lists the doors"))
        return JSONResponse(
            {"error": {"code": "bad_message", "message": error.detail, "hint": None, "retryable": False}},
            status_code=error.status_code,
            headers=error.headers,
        )
