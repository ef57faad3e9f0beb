"""Lines by the older API: canned ones by name, and a chat that is answered whole."""

from __future__ import annotations

import time
from typing import Annotated, Literal
from weakref import WeakKeyDictionary

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from fnlloyd.errors import Full, NotFound
from fnlloyd.events import Exchange, Say, Source
from fnlloyd.server.addresses import link_as
from fnlloyd.server.body import read_body
from fnlloyd.server.health import timestamp
from fnlloyd.server.legacy_history import Kind, chats, kind_of
from fnlloyd.server.legacy_route import (
    ERRORS,
    At,
    ErrorText,
    LegacyRoute,
    Named,
    SessionName,
    Shape,
    body_of,
    open_session,
    read_as,
    read_object,
)
from fnlloyd.server.whole import whole_answer
from fnlloyd.session import Ears, Session
from fnlloyd.session.script import FALLBACK
from fnlloyd.wire import TEXT_CHARS

IDLE = "idle"
CHATS_WAITING = 8
"""Chats of one session that may wait for the one being answered."""

router = APIRouter(tags=["older API"], route_class=LegacyRoute)
_turns: WeakKeyDictionary[Session, anyio.Lock] = WeakKeyDictionary()


class QuickLine(Shape):
    trigger: str = Field(description="as it was asked for")
    response: str = Field(description="the line")
    mood: str = Field(description="the character's mood")
    timestamp: str


class ShorthandLine(Shape):
    code: str = Field(description="as it was asked for")
    response: str = Field(description="the line")
    type: Literal["canned"] = "canned"


class ChatBody(Shape):
    message: str = Field(min_length=1, max_length=TEXT_CHARS, pattern=r"\S", description="the player's words")
    context: Literal["gameplay", "development"] = Field("gameplay", description="who speaks: a player, or a developer")
    force_llm: Annotated[bool, Field(alias="forceLLM")] = Field(
        False, description="ask the model even for what reads as a trigger's name"
    )
    session_id: SessionName = Field("", description="the session; without it, `default`")


class ChatLine(Shape):
    response: str = Field(description="the line")
    type: Kind = Field(description="where it came from")
    session_id: str
    history_length: int = Field(description="exchanges remembered, this one included")
    timestamp: str


class ChatFailed(ErrorText):
    fallback: str = Field(description="a line to show instead")
    fallback_type: Literal["canned"] = "canned"


@router.get("/api/quick/{trigger}", responses=ERRORS)
async def quick(trigger: str, doors: At, named: Named = None) -> QuickLine:
    """A canned line at once, whatever else is being said. A trigger nobody knows gets an idle line."""
    session = await open_session(doors, named)
    known = session.cast.card.rule(trigger) is not None
    line = (session.canned(trigger) if known else None) or session.canned(IDLE) or _last_resort(session)
    return QuickLine(trigger=trigger, response=line, mood=session.mood.name, timestamp=timestamp())


@router.get("/api/shorthand/{code}", responses=ERRORS | {404: {"model": ErrorText, "description": "Not understood."}})
async def shorthand(code: str, doors: At, named: Named = None) -> ShorthandLine:
    """A canned line for a code such as `!FN_GOOD_SHOT$`."""
    session = await open_session(doors, named)
    trigger = session.cast.card.read_shorthand(code)
    line = session.canned(trigger) if trigger is not None else None
    if line is None:
        raise NotFound(f"no trigger has the code {code!r}", hint="GET /api/triggers lists the triggers")
    return ShorthandLine(code=code, response=line)


@router.post(
    "/api/chat",
    response_model=ChatLine,
    responses=ERRORS | {500: {"model": ChatFailed, "description": "The engine failed; there is a line all the same."}},
    openapi_extra=body_of(ChatBody),
)
async def chat(request: Request, doors: At, named: Named = None) -> ChatLine | Response:
    """The player speaks, and is answered by a canned line or a live one. Chats of a session wait for one another."""
    asked = read_as(ChatBody, read_object(await read_body(request)))
    session = await open_session(doors, asked.session_id, named)
    trigger = None if asked.force_llm else session.cast.card.read_phrase(asked.message)
    line = session.canned(trigger) if trigger is not None else None
    if line is None:
        return await _live(request, session, Say(asked.message, setting=asked.context))
    session.memory.remember(Exchange(line, Source.CANNED.value, time.time(), said=asked.message))
    session.change_state({})  # nothing of the state changes; it gets the session stored
    return _chat_line(session, line, Source.CANNED)


async def _live(request: Request, session: Session, say: Say) -> ChatLine | Response:
    turn = _turns.setdefault(session, anyio.Lock())
    if turn.statistics().tasks_waiting >= CHATS_WAITING:
        raise Full(f"{CHATS_WAITING} chats of this session wait already", hint="wait for their answers")
    async with turn:
        folding = await whole_answer(request, session, lambda session: session.say(say), Ears())
    cue, answer = folding.stream.cue, folding.answer(link_as(None), session.mood)
    trouble = cue.trouble if cue else None
    if trouble is None and answer.text and answer.source:
        unfinished = session.performance is not None and session.performance.cue is cue
        return _chat_line(session, answer.text, answer.source, unfinished)
    spoken = answer.text if answer.source is Source.FALLBACK else None
    failed = ChatFailed(
        error=str(trouble or "the answer was broken off before its first word"),
        fallback=spoken or session.canned(FALLBACK) or _last_resort(session),
    )
    return JSONResponse(failed.model_dump(by_alias=True), status_code=500)


def _chat_line(session: Session, line: str, source: Source, unfinished: bool = False) -> ChatLine:
    """`unfinished` while another client still plays the line, so that it is not remembered yet."""
    return ChatLine(
        response=line,
        type=kind_of(source),
        session_id=session.id,
        history_length=len(chats(session.memory)) + unfinished,
        timestamp=timestamp(),
    )


def _last_resort(session: Session) -> str:
    """What a card without a fitting line still has to say."""
    return session.cast.card.refrain or ""
