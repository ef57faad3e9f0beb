"""What was said, by the older API: chats only. Lines for events are not part of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import Field

from fnlloyd.events import Exchange, Source
from fnlloyd.server.body import read_body
from fnlloyd.server.legacy_route import (
    ERRORS,
    At,
    LegacyRoute,
    Named,
    SessionName,
    Shape,
    Told,
    body_of,
    read_as,
    read_object,
)
from fnlloyd.session import Memory
from fnlloyd.sessions import Sessions

CHATS_SHOWN = 20
SESSIONS_LISTED = 1000
"""The newest sessions that are looked through for chats."""

Kind = Literal["canned", "llm"]

router = APIRouter(tags=["older API"], route_class=LegacyRoute)


class Chat(Shape):
    user: str = Field(description="the player's words")
    response: str = Field(description="the line, as far as it was heard")
    type: Kind = Field(description="where it came from")
    timestamp: str


class History(Shape):
    session_id: str
    history: list[Chat] = Field(description="the newest 20 chats, the oldest of them first")


class Histories(Shape):
    sessions: list[str] = Field(description="sessions with chats, the most recently changed first")
    total_conversations: int = Field(description="how many there are")


class ClearBody(Shape):
    session_id: SessionName = Field("", description="the session; without it, all of them")


@router.get("/api/history/{sessionId}", responses=ERRORS)
async def history(id: Annotated[SessionName, Path(alias="sessionId", min_length=1)], doors: At) -> History:
    """The chats of a session; none if there is no such session."""
    found = await doors.sessions.find(id)
    newest = chats(found.memory)[-CHATS_SHOWN:] if found else []
    return History(session_id=id, history=[_view(exchange) for exchange in newest])


@router.get("/api/history", responses=ERRORS)
async def histories(doors: At) -> Histories:
    """The sessions with chats."""
    ids = [id async for id, memory in _memories(doors.sessions, SESSIONS_LISTED) if chats(memory)]
    return Histories(sessions=ids, total_conversations=len(ids))


@router.post("/api/clear", responses=ERRORS, openapi_extra=body_of(ClearBody, required=False))
async def clear(request: Request, doors: At, named: Named = None) -> Told:
    """Forget what was said in one session, or in all. The game's state stays."""
    body = await read_body(request)
    id = (read_as(ClearBody, read_object(body)).session_id if body else "") or named
    if id:
        if (session := await doors.sessions.find(id)) is not None:
            session.forget()
        return Told(message=f"the history of session {id} is cleared")
    async for kept, memory in _memories(doors.sessions):
        if memory.history and (session := await doors.sessions.find(kept)) is not None:
            session.forget()
    return Told(message="the history of all sessions is cleared")


def chats(memory: Memory) -> list[Exchange]:
    """What the player said and was answered, the oldest first."""
    return [exchange for exchange in memory.history if exchange.said is not None and exchange.line]


def kind_of(source: str) -> Kind:
    """The older API's word for a line's source."""
    return "llm" if source == Source.LLM.value else "canned"


async def _memories(sessions: Sessions, limit: int | None = None) -> AsyncGenerator[tuple[str, Memory]]:
    """What sessions remember, without opening those that are only stored."""
    live = {session.id: session.memory for session in sessions.live()}
    for id in (await sessions.ids())[:limit]:
        memory = live.get(id) or _stored(await sessions.store.load(id))
        if memory is not None:
            yield id, memory


def _stored(record: dict[str, object] | None) -> Memory | None:
    try:
        return Memory.from_record(record) if record is not None else None
    except (KeyError, TypeError, ValueError):
        return None  # not ours; opening the session will log it


def _view(exchange: Exchange) -> Chat:
    at = datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Chat(user=exchange.said or "", response=exchange.line, type=kind_of(exchange.source), timestamp=at)
