"""The settings of this room, said once: flags, environment names and documentation come from here."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class StoreSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(
        "sqlite:",
        description="Where sessions live: `sqlite:` (a file in the data folder), `sqlite:PATH`, or `memory:`.",
    )
    flush_each_save: bool = Field(
        False,
        description="Wait for the disk at every save, so that it survives a power cut and not only a killed process.",
    )
    memory_sessions: int = Field(
        10_000, ge=1, description="How many sessions `memory:` holds before it forgets the one saved longest ago."
    )
