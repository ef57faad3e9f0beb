"""All sessions of this server: found by id, kept in memory while they are used, stored when something changes."""

from __future__ import annotations

import difflib
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import anyio
import structlog
from anyio.abc import TaskGroup, TaskStatus

from fnlloyd.errors import Draining, FnlloydError, Full, TooBig, UnknownCharacter
from fnlloyd.events import Noun
from fnlloyd.session import Memory, Session
from fnlloyd.stores import Store
from fnlloyd.turn import Cast

IDLE_S = 600.0
"""A session nobody listens to leaves memory after this long; it stays in the store."""
SWEEP_S = 15.0
SESSIONS_LIMIT = 10_000

log = structlog.get_logger(__name__)


class Sessions:
    """`casts` maps a character's id to those who play it; `default` names the one used when none is asked for."""

    def __init__(
        self,
        casts: Mapping[str, Cast],
        default: str,
        store: Store,
        *,
        engine_ready: Callable[[], bool] = lambda: True,
        idle_s: float = IDLE_S,
        limit: int = SESSIONS_LIMIT,
    ) -> None:
        self.casts = casts
        self.default = default
        self.store = store
        self.draining = False
        self.degraded = False
        """The store does not answer; sessions go on from memory."""
        self._engine_ready = engine_ready
        self._idle_s = idle_s
        self._limit = limit
        self._open: dict[str, Session] = {}
        self._opening = anyio.Lock()
        self._changed: dict[str, Session] = {}
        self._unread: set[str] = set()
        """Sessions opened while the store did not answer: what it holds of them is still to be read."""
        self._news = anyio.Event()
        self._tasks: TaskGroup | None = None

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Run lines, storing and sweeping until cancelled. What changed by then is stored."""
        try:
            async with anyio.create_task_group() as tasks:
                self._tasks = tasks
                tasks.start_soon(self._keep_storing)
                tasks.start_soon(self._keep_sweeping)
                task_status.started()
        finally:
            with anyio.CancelScope(shield=True), anyio.move_on_after(5.0):
                await self._store_changed()

    async def open(self, id: str | None, character: str | None = None) -> Session:
        """The session of that id, from memory, from the store, or new. Without an id it gets one nobody can guess.

        Raises UnknownCharacter, Full, or Draining.
        """
        if self.draining or self._tasks is None:
            raise Draining("the server is going away")
        if character is not None and character not in self.casts:
            near = next(iter(difflib.get_close_matches(character, self.casts, 1)), None)
            raise UnknownCharacter(
                f"character: nobody here is called {character!r}",
                hint=f"did you mean {near}?" if near else f"there is {', '.join(self.casts)}",
                field="character",
            )
        id = id or secrets.token_urlsafe(16)
        if (session := self._open.get(id)) is not None:
            return session
        async with self._opening:
            if (session := self._open.get(id)) is not None:
                return session
            if len(self._open) >= self._limit and not await self._make_room():
                raise Full(f"all {self._limit} sessions are in use", hint="try again in a minute")
            session = self._new(id, await self._recall(id, character or self.default))
            self._open[id] = session
            return session

    async def find(self, id: str) -> Session | None:
        """The session of that id if there is one, in memory or stored."""
        if id in self._open:
            return self._open[id]
        return await self.open(id) if await self._load(id) is not None else None

    async def ids(self) -> list[str]:
        """Every session's id, the most recently changed first."""
        await self._store_changed()
        return await self.store.ids()

    async def delete(self, id: str) -> bool:
        """Forget a session altogether. True if there was one."""
        session = self._open.pop(id, None)
        self._changed.pop(id, None)
        if session:
            session.close()
        return await self.store.delete(id) or session is not None

    def live(self) -> list[Session]:
        """The sessions in memory."""
        return list(self._open.values())

    def announce(self, noun: Noun) -> None:
        """Tell every listener of every session."""
        for session in self.live():
            session.audience.publish(noun)

    async def until_quiet(self) -> None:
        """Return when each session has been quiet once."""
        for session in self.live():
            await session.until_quiet()

    async def drain(self, grace_s: float) -> None:
        """Take nothing new, let lines in progress end for up to `grace_s` seconds, then stop the rest."""
        self.draining = True
        with anyio.move_on_after(grace_s):
            await self.until_quiet()
        for session in self.live():
            session.close()

    def _new(self, id: str, memory: Memory) -> Session:
        assert self._tasks is not None
        cast = self.casts[memory.character]
        return Session(id, cast, memory, self._tasks, kept=self._note_change, engine_ready=self._engine_ready)

    async def _recall(self, id: str, character: str) -> Memory:
        record = await self._load(id)
        if record is not None:
            try:
                memory = Memory.from_record(record)
                if memory.character in self.casts:
                    return memory
                log.warning("session.character_gone", session=id, character=memory.character)
            except (KeyError, TypeError, ValueError) as error:
                log.warning("session.record_unreadable", session=id, error=str(error))
        began_at = time.time()
        state = self.casts[character].card.default_state(now_ms=round(1000 * began_at))
        return Memory(character, began_at, state)

    async def _load(self, id: str) -> dict[str, object] | None:
        try:
            return await self.store.load(id)
        except FnlloydError as error:
            self._unread.add(id)
            self._degrade(error)
            return None

    def _note_change(self, session: Session) -> None:
        if self._open.get(session.id) is session:  # a deleted one is not brought back by its last line
            self._changed[session.id] = session
            self._news.set()

    async def _keep_storing(self) -> None:
        while True:
            await self._news.wait()
            self._news = anyio.Event()
            if not await self._store_changed():
                await anyio.sleep(1.0)
                self._news.set()

    async def _store_changed(self) -> bool:
        """Store what changed. False if the store did not answer; then it is tried again."""
        while self._changed:
            id, session = next(iter(self._changed.items()))
            del self._changed[id]
            try:
                await self._catch_up(session)
                await self.store.save(id, session.memory.to_record())
                self.degraded = False
            except TooBig as error:
                log.warning("session.too_big", session=id, error=str(error))
                if session.memory.shed():
                    self._note_change(session)
            except FnlloydError as error:
                self._note_change(session)
                self._degrade(error)
                return False
        return True

    async def _catch_up(self, session: Session) -> None:
        """Put what was stored before what was begun while the store could not be read."""
        if session.id in self._unread:
            record = await self.store.load(session.id)
            self._unread.discard(session.id)
            if record is not None:
                with suppress(KeyError, TypeError, ValueError):  # said to be unreadable when it was opened
                    session.catch_up(Memory.from_record(record))

    def _degrade(self, error: FnlloydError) -> None:
        if not self.degraded:
            log.warning("store.down", error=str(error))
        self.degraded = True

    async def _keep_sweeping(self) -> None:
        while True:
            await anyio.sleep(SWEEP_S)
            self._sweep(self._idle_s)

    async def _make_room(self) -> bool:
        await self._store_changed()
        self._sweep(min(self._idle_s, 1.0))
        return len(self._open) < self._limit

    def _sweep(self, idle_s: float) -> None:
        for id, session in list(self._open.items()):
            if session.idle_s > idle_s and id not in self._changed:
                del self._open[id]
