"""The Store protocol: where sessions live between a player's visits."""

from __future__ import annotations

from typing import Any, Protocol


class Store(Protocol):
    async def load(self, session: str) -> dict[str, Any] | None:
        """The session's record as it was last saved (plain JSON values), or None."""
        ...

    async def save(self, session: str, record: dict[str, Any]) -> None:
        """Keep the record; when this returns, it survives a killed process."""
        ...

    async def delete(self, session: str) -> bool:
        """Forget the session; True if there was one."""
        ...

    async def ids(self) -> list[str]:
        """Every session's id, the most recently saved first."""
        ...

    async def aclose(self) -> None: ...
