"""The doors, described: `/docs`, and the wire's own page beside it. Nothing here comes from another server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse

from fnlloyd.wire.page import protocol_page
from fnlloyd.wire.schema import protocol_schema

PAGE = Path(__file__).parent / "web" / "docs.html"
READING = ["GET", "HEAD"]

router = APIRouter(include_in_schema=False)


@router.api_route("/docs", methods=READING)
async def docs() -> FileResponse:
    """The page. Its script reads `/openapi.json`."""
    return FileResponse(PAGE, headers={"cache-control": "no-cache"})


@router.api_route("/docs/protocol.md", methods=READING)
def protocol() -> PlainTextResponse:
    """The WebSocket's messages, as plain text, which a browser shows instead of saving it."""
    return PlainTextResponse(protocol_page())


@router.api_route("/docs/protocol.schema.json", methods=READING)
def schema() -> dict[str, Any]:
    """The same as JSON Schema."""
    return protocol_schema()
