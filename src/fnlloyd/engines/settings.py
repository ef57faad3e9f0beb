"""Engine settings: each said once, with its default and what it means."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from fnlloyd.engines.http_door import Timeouts


class EngineSettings(BaseModel):
    """Where words come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engines: list[str] = Field(
        default=["llamacpp:"],
        min_length=1,
        description="Engines in order of preference; the next one answers when the one before cannot. "
        "scripted:, llamacpp:, llamacpp:MODEL, llamacpp:/path/to/file.gguf, llamacpp:hf:OWNER/REPO/FILE.gguf, "
        "openai+http://HOST:PORT/v1?model=NAME.",
    )
    api_key: SecretStr | None = Field(default=None, description="Key sent to engines reached over HTTP.")
    connect_timeout_s: float = Field(default=3.0, gt=0, le=60, description="Seconds to reach an engine.")
    first_token_timeout_s: float = Field(
        default=30.0, gt=0, le=600, description="Seconds from a request to its first word."
    )
    gap_timeout_s: float = Field(default=15.0, gt=0, le=600, description="Seconds between two words of one answer.")
    total_timeout_s: float = Field(default=120.0, gt=0, le=3600, description="Seconds for one whole answer.")
    context_tokens: int = Field(
        default=4096, ge=512, le=1_048_576, description="Tokens of context for each slot of the embedded engine."
    )
    slots: int = Field(default=4, ge=1, le=64, description="Answers the embedded engine writes at the same time.")
    threads: int | None = Field(
        default=None, ge=1, le=256, description="Threads of the embedded engine; empty for one per physical core."
    )
    gpu_layers: int = Field(
        default=-1, ge=-1, description="Layers of the embedded model to put on a GPU; -1 for as many as fit."
    )

    @property
    def timeouts(self) -> Timeouts:
        return Timeouts(
            connect_s=self.connect_timeout_s,
            first_token_s=self.first_token_timeout_s,
            gap_s=self.gap_timeout_s,
            total_s=self.total_timeout_s,
        )
