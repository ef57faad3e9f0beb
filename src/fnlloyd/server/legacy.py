"""The older HTTP API, `/api/*`, which existing game clients use: its shapes, on the same sessions as every other door.

Without a session's name it is the session `default` that answers, where the older server had one for everybody.
Chats are in `legacy_chat.py`, what was said in `legacy_history.py`, what the routes share in `legacy_route.py`.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from fnlloyd.errors import BadMessage
from fnlloyd.server import legacy_chat, legacy_history
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
    open_session,
    read_as,
    read_object,
)
from fnlloyd.session import Session
from fnlloyd.wire import StateMessage

router = APIRouter(tags=["older API"], route_class=LegacyRoute)
router.include_router(legacy_chat.router)
router.include_router(legacy_history.router)

DESCRIPTIONS = {
    "fast": "For lines that must come at once.",
    "quality": "For lines worth waiting for.",
    "alt": "For when the others do not suit.",
}
STATE: dict[str, Any] = {
    "score": 0,
    "lives": 3,
    "level": 1,
    "combo": 0,
    "maxCombo": 0,
    "bricksDestroyed": 0,
    "powerupsCollected": 0,
    "accuracy": 0,
    "shotsFired": 0,
    "shotsHit": 0,
    "streak": 0,
    "lastEvent": None,
}
"""The fields older clients read without asking whether they are there, whatever the card's own state has."""


class Models(Shape):
    active: str = Field(description="the model that answers now")
    available: dict[str, str] = Field(description="models by name")
    descriptions: dict[str, str] = Field(description="what each name is for")


class ModelBody(Shape):
    model: str = Field(min_length=1, max_length=200, description="a model's name or id")


class StateBody(Shape):
    """Fields of any name and kind; those named here are not kept."""

    session_id: SessionName = Field("", description="the session; without it, `default`")


class StateView(Shape):
    state: dict[str, Any] = Field(description="the whole state, with `mood` worked out again")


class Triggers(Shape):
    triggers: list[str] = Field(description="everything that can happen, in the card's order")
    count: int
    categories: dict[str, list[str]] = Field(description="triggers by category")


@router.get("/api/models", responses=ERRORS)
async def models(doors: At) -> Models:
    """Which model answers, and the names models are known by."""
    available = doors.models()
    described = {name: DESCRIPTIONS.get(name, f"The model {model}.") for name, model in available.items()}
    return Models(active=doors.engine().model, available=available, descriptions=described)


@router.post("/api/model", responses=ERRORS, openapi_extra=body_of(ModelBody))
async def model(request: Request, doors: At) -> Told:
    """Choose the model. Only the one that answers already can be chosen: the engine is a setting of the server."""
    asked = read_as(ModelBody, read_object(await read_body(request))).model
    active, available = doors.engine().model, doors.models()
    if available.get(asked, asked) == active:
        return Told(message=f"{active or asked} answers")
    if asked in available or asked in available.values():
        raise BadMessage(f"model: {asked} cannot take over while the server runs", hint="start it with that engine")
    raise BadMessage(f"model: there is no model {asked!r}", hint=f"there is {', '.join([*available, active])}")


@router.get("/api/state", responses=ERRORS)
async def state(doors: At, named: Named = None) -> dict[str, Any]:
    """The game's state, with the character's mood."""
    return _view(await open_session(doors, named))


@router.post("/api/state", responses=ERRORS, openapi_extra=body_of(StateBody))
async def change_state(request: Request, doors: At, named: Named = None) -> StateView:
    """Merge fields into the game's state, as RFC 7396 does: null removes a field. The mood follows from it."""
    fields = read_object(await read_body(request))
    id = read_as(StateBody, fields).session_id
    patch = {name: value for name, value in fields.items() if name not in ("sessionId", "mood")}
    checked = read_as(StateMessage, {"state": patch}).state
    session = await open_session(doors, id, named)
    session.change_state(checked)
    return StateView(state=_view(session))


@router.get("/api/triggers", responses=ERRORS)
async def triggers(doors: At) -> Triggers:
    """Everything that can happen and has lines of its own."""
    card = doors.house.card
    categories = {name: list(its) for name, its in card.categories.items()}
    return Triggers(triggers=list(card.triggers), count=len(card.triggers), categories=categories)


def _view(session: Session) -> dict[str, Any]:
    began = {"sessionStart": round(1000 * session.memory.began_at)}
    return STATE | began | session.memory.state | {"mood": session.mood.name}
