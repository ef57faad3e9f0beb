"""The settings of this room, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class VoiceSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    urls: list[str] | None = Field(
        None,
        description="Where sound comes from, the first that works: `piper:NAME`, `piper:/path/to/voice.onnx`, "
        "`tone:`, or `none:` for text only. Left out, the character's card decides.",
    )
    clips: Path | None = Field(
        None,
        description="The folder of rendered lines. Left out, a folder `clips` in the data folder.",
    )
    memory_bytes: Annotated[int, Field(ge=0)] = Field(
        64 * 1024 * 1024,
        description="How much sound of rendered lines is held in memory, in bytes; the rest waits on disk.",
    )
    processes: Annotated[int, Field(ge=1, le=64)] = Field(
        1,
        description="How many Piper processes speak at the same time. Each takes about 200 MB.",
    )
    threads: Annotated[int, Field(ge=1, le=64)] = Field(
        2,
        description="Threads of one Piper process. With many players, more processes carry more than more threads.",
    )
    speed: Annotated[float, Field(ge=0.5, le=2.0)] = Field(
        1.0,
        description="How fast Piper speaks: 1.0 is the voice's own pace, 2.0 twice as fast.",
    )
    render_ahead: bool = Field(
        True,
        description="Render the card's lines while nobody needs the voice, so that each is there at once.",
    )
