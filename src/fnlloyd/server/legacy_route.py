"""What the routes of the older API share: how its bodies are read, its errors told, its sessions named.

Its errors are one text, `{"error": "..."}`, where every other door says `{"error": {"code": ...}}`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, from_json

from fnlloyd.errors import BadMessage, FnlloydError
from fnlloyd.server.doors import Doors, doors_of
from fnlloyd.server.status import RETRY_AFTER_S, status_of
from fnlloyd.session import Session
from fnlloyd.wire import ErrorBody

DEFAULT_SESSION = "default"

SessionName = Annotated[
    str,
    Field(
        max_length=128,
        pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$",
        coerce_numbers_to_str=True,
        json_schema_extra={"type": ["string", "number"]},
    ),
]
"""Some clients number their sessions. The empty name is none."""
Named = Annotated[SessionName | None, Query(alias="sessionId", description="the session; without it, `default`")]
At = Annotated[Doors, Depends(doors_of)]


class Shape(BaseModel):
    """A body of the older API; its names are written as JavaScript writes them."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class ErrorText(Shape):
    error: str = Field(description="what went wrong")


class Told(Shape):
    message: str = Field(description="what was done")


Errors = dict[int | str, dict[str, Any]]
ERRORS: Errors = {
    400: {"model": ErrorText, "description": "Not understood, or not possible."},
    401: {"model": ErrorBody, "description": "The server wants a key."},
    403: {"model": ErrorBody, "description": "This page may not talk to this server."},
    "default": {"model": ErrorText, "description": "Too big (413), going away (503), or a fault (500)."},
}

_Body = TypeVar("_Body", bound=BaseModel)
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class LegacyRoute(APIRoute):
    """A route whose every error is one text."""

    def get_route_handler(self) -> _Handler:
        answer = super().get_route_handler()

        async def answer_in_text(request: Request) -> Response:
            try:
                return await answer(request)
            except RequestValidationError as error:
                return _error_text(BadMessage(_first_wrong(error.errors()[0])))
            except FnlloydError as error:
                return _error_text(error)

        return answer_in_text


def body_of(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """The OpenAPI of a body that the route reads itself."""
    schema = model.model_json_schema()
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object a body holds. Raises BadMessage."""
    try:
        found = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise BadMessage(f"body: expected a JSON object; not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadMessage("body: expected a JSON object")
    return found


def read_as(model: type[_Body], fields: dict[str, Any]) -> _Body:
    """The fields of a body as a model; null counts as left out. Raises BadMessage naming the field."""
    try:
        return model.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        raise BadMessage(_first_wrong(error.errors(include_url=False)[0])) from None


async def open_session(doors: Doors, *names: str | None) -> Session:
    """The session of the first name that is one, `default` without any."""
    return await doors.open(next(filter(None, names), DEFAULT_SESSION))


def _first_wrong(wrong: ErrorDetails | dict[str, Any]) -> str:
    where = [str(part) for part in wrong["loc"] if part not in ("query", "path")]
    return f"{'.'.join(where[:1]) or 'body'}: {wrong['msg']}"


def _error_text(error: FnlloydError) -> Response:
    status = 400 if isinstance(error, BadMessage) else status_of(error)
    headers = {"Retry-After": RETRY_AFTER_S} if error.retryable else None
    return JSONResponse(ErrorText(error=str(error)).model_dump(), status_code=status, headers=headers)
