"""The sound door: `/audio/NAME.ENDING`. Clips never change; a live line's sound streams while it is made."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import StreamingResponse

from fnlloyd.errors import NotFound
from fnlloyd.events import SoundFormat
from fnlloyd.server.doors import Doors, doors_of
from fnlloyd.voices import CONTENT_TYPES, Codec, Encoder, Recording, encode, wav, wav_header
from fnlloyd.wire import ErrorBody

router = APIRouter(tags=["sound"])

FOREVER = "public, max-age=31536000, immutable"
TEN_MINUTES = "private, max-age=600"
Ending = Literal["wav"] | Codec
_NAME = re.compile(r"([A-Za-z0-9_-]{16,128})\.(wav|opus|mp3)")
_CLIP = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@router.head("/audio/{name}", include_in_schema=False)
@router.get(
    "/audio/{name}",
    response_class=Response,
    responses={
        200: {"content": {kind: {} for kind in CONTENT_TYPES.values()}},
        206: {"description": "The bytes asked for."},
        304: {"description": "The client has it already."},
        401: {"model": ErrorBody, "description": "The server wants a key."},
        403: {"model": ErrorBody, "description": "This page may not talk to this server."},
        404: {"model": ErrorBody, "description": "No such sound, or no longer."},
        416: {"description": "No such bytes."},
    },
)
async def audio(name: str, request: Request, doors: Annotated[Doors, Depends(doors_of)]) -> Response:
    """The sound of a line. One still being made is streamed; a whole one has a length, byte ranges and an ETag."""
    named = _NAME.fullmatch(name)
    if named is None:
        raise _gone(name)
    sound, ending = named[1], _ending(named[2])
    if _CLIP.fullmatch(sound):
        clip = doors.clips.peek(sound) or await doors.clips.load(sound)
        if clip is None:
            raise _gone(name)
        return await _whole(request, clip.pcm, clip.format, ending, FOREVER)
    recording = doors.recordings.find(sound)
    if recording is None:
        raise _gone(name)
    if recording.ended:
        return await _whole(request, recording.pcm, recording.format, ending, TEN_MINUTES)
    return StreamingResponse(
        _growing(recording, ending), media_type=CONTENT_TYPES[ending], headers={"cache-control": "no-store"}
    )


async def _whole(request: Request, pcm: bytes, fmt: SoundFormat, ending: Ending, cache: str) -> Response:
    body = wav(pcm, fmt) if ending == "wav" else await anyio.to_thread.run_sync(encode, pcm, fmt, ending)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"cache-control": cache, "etag": etag, "accept-ranges": "bytes"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    span = _span(request.headers.get("range"), len(body))
    if span is None:
        return Response(body, media_type=CONTENT_TYPES[ending], headers=headers)
    first, end = span
    if first >= end:
        return Response(status_code=416, headers={"content-range": f"bytes */{len(body)}"})
    headers["content-range"] = f"bytes {first}-{end - 1}/{len(body)}"
    return Response(body[first:end], 206, headers, CONTENT_TYPES[ending])


def _span(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes one `Range` asks for, from first up to but not with end; None for all of them."""
    asked = _RANGE.fullmatch((header or "").strip())
    if asked is None or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if first == "":
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


async def _growing(recording: Recording, ending: Ending) -> AsyncGenerator[bytes]:
    encoder = Encoder(recording.format, ending) if ending != "wav" else None
    if encoder is None:
        yield wav_header(recording.format, None)
    async with aclosing(recording.stream()) as chunks:
        async for pcm in chunks:
            yield pcm if encoder is None else await anyio.to_thread.run_sync(encoder.feed, pcm)
    if encoder is not None:
        yield await anyio.to_thread.run_sync(encoder.flush)


def _ending(written: str) -> Ending:
    return "opus" if written == "opus" else "mp3" if written == "mp3" else "wav"


def _gone(name: str) -> NotFound:
    return NotFound(f"there is no sound {name!r}", hint="a live line's sound is kept for ten minutes")
