"""The REST door and SSE: `/v1/sessions/{session}/...`.

Both read the stream the WebSocket reads: JSON folds it into one answer, SSE forwards it. A client that leaves
stops the engine.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from fnlloyd.errors import NotFound
from fnlloyd.events import Event, Say
from fnlloyd.server.addresses import link_as
from fnlloyd.server.body import read_body
from fnlloyd.server.doors import Doors, doors_of
from fnlloyd.server.sse import EVENT_STREAM, CueEvents
from fnlloyd.server.whole import Ask, whole_answer
from fnlloyd.session import Ears, Session
from fnlloyd.wire import (
    Answer,
    ErrorBody,
    EventMessage,
    SayMessage,
    SessionView,
    StateMessage,
    parse_as,
    session_view,
)
from fnlloyd.wire.fields import ID_CHARS, NO_CONTROLS
from fnlloyd.wire.schema import body_schema

router = APIRouter(tags=["sessions"])
Id = Annotated[
    str,
    Path(description="The session's id, chosen by the game.", min_length=1, max_length=ID_CHARS, pattern=NO_CONTROLS),
]
At = Annotated[Doors, Depends(doors_of)]
Moment = TypeVar("Moment", Say, Event)

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody} for status in (400, 401, 403, 404, 413, 422, 429, 503, 504)
}
_ANSWERS: dict[int | str, dict[str, Any]] = _ERRORS | {
    200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}, "description": "The line; as messages if asked."}
}


def _body_of(model: type[SayMessage | EventMessage | StateMessage]) -> dict[str, Any]:
    """The OpenAPI of a body that `parse_as` reads itself, so that its errors name the field in our words."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": body_schema(model)}}}}


@router.post(
    "/v1/sessions/{session}/say", response_model=Answer, responses=_ANSWERS, openapi_extra=_body_of(SayMessage)
)
async def say(session: Id, request: Request, doors: At) -> Response:
    """The player speaks to the character. Answered by a line."""
    message = parse_as(SayMessage, await read_body(request)).to_say()
    return await _answer(request, doors, session, lambda opened: opened.say(_named(message)))


@router.post(
    "/v1/sessions/{session}/events", response_model=Answer, responses=_ANSWERS, openapi_extra=_body_of(EventMessage)
)
async def events(session: Id, request: Request, doors: At) -> Response:
    """Something happened in the game. Answered by a line, or by why there is none."""
    message = parse_as(EventMessage, await read_body(request)).to_event()
    return await _answer(request, doors, session, lambda opened: opened.event(_named(message)))


@router.patch(
    "/v1/sessions/{session}/state", response_model=SessionView, responses=_ERRORS, openapi_extra=_body_of(StateMessage)
)
async def state(session: Id, request: Request, doors: At) -> SessionView:
    """Merge a patch (RFC 7396) into the game's state."""
    message = parse_as(StateMessage, await read_body(request))
    opened = await doors.open(session)
    opened.change_state(message.state)
    return _view(opened)


@router.get("/v1/sessions/{session}", response_model=SessionView, responses=_ERRORS)
async def look(session: Id, doors: At) -> SessionView:
    """A session as the server holds it: state, mood, what was said and heard."""
    found = await doors.sessions.find(session)
    if found is None:
        raise _no_session(session)
    return _view(found)


@router.delete("/v1/sessions/{session}", status_code=204, responses=_ERRORS)
async def delete(session: Id, doors: At) -> Response:
    """Forget a session altogether."""
    if not await doors.sessions.delete(session):
        raise _no_session(session)
    return Response(status_code=204)


async def _answer(request: Request, doors: Doors, id: str, ask: Ask) -> Response:
    session = await doors.open(id)
    if EVENT_STREAM in request.headers.get("accept", ""):
        return CueEvents(session, ask)
    folding = await whole_answer(request, session, ask, Ears(urls=True))
    return JSONResponse(folding.answer(link_as(None), session.mood).model_dump(mode="json", by_alias=True))


def _named(moment: Moment) -> Moment:
    """Give a nameless request a name, so that its outcome is told."""
    return moment if moment.id is not None else replace(moment, id=secrets.token_hex(6))


def _view(session: Session) -> SessionView:
    memory = session.memory
    return session_view(session.id, session.cast.card.name, memory.state, session.mood, memory.history)


def _no_session(id: str) -> NotFound:
    return NotFound(f"there is no session {id!r}", hint="a session begins with its first event, say or state")
