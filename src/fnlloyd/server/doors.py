"""What every door needs of the house: the sessions, the sound, who answers, and who may come in."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from starlette.requests import Request

from fnlloyd.build import House
from fnlloyd.errors import BadMessage, Unauthorized
from fnlloyd.events import EngineFacts
from fnlloyd.session import Session
from fnlloyd.sessions import Sessions
from fnlloyd.voices import ClipStore, Recordings
from fnlloyd.wire.fields import ID_CHARS, NO_CONTROLS

_SESSION_ID = re.compile(NO_CONTROLS)


@dataclass(frozen=True, slots=True)
class Doors:
    """`key` None means none is needed."""

    house: House
    key: str | None = None

    @property
    def sessions(self) -> Sessions:
        return self.house.sessions

    @property
    def clips(self) -> ClipStore:
        return self.house.clips

    @property
    def recordings(self) -> Recordings:
        return self.house.recordings

    @property
    def voice_name(self) -> str | None:
        return self.house.voice_url

    def engine(self) -> EngineFacts:
        """Who would answer now, from what is known."""
        return self.house.engine.facts

    def models(self) -> dict[str, str]:
        """The names the older API knows models by. One engine answers, so it is all three."""
        return dict.fromkeys(("fast", "quality", "alt"), self.engine().model)

    def voice_ready(self) -> bool:
        return self.house.voice_ready.is_set()

    def admit(self, token: str | None) -> None:
        """Raises Unauthorized for a missing or a wrong key, in the same time for every wrong one."""
        if self.key is not None and not hmac.compare_digest((token or "").encode(), self.key.encode()):
            raise Unauthorized("a key is needed, or this one is wrong", hint="send it as hello.token")

    async def open(self, session: str | None, character: str | None = None) -> Session:
        """Open a session under the id a client gave. Raises BadMessage for an id no client may use."""
        if session is not None and not (len(session) <= ID_CHARS and _SESSION_ID.fullmatch(session)):
            raise BadMessage(
                f"session: expected 1 to {ID_CHARS} characters without control characters", field="session"
            )
        return await self.sessions.open(session, character)


async def doors_of(request: Request) -> Doors:
    """The doors of the app a request came to. Async, because FastAPI sends a plain function through a thread."""
    doors: Doors = request.app.state.doors
    return doors
