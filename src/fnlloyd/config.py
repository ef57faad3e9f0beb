"""Settings of every room, composed."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from fnlloyd.engines.settings import EngineSettings
from fnlloyd.stores.settings import StoreSettings
from fnlloyd.voices.settings import VoiceSettings


class ServerSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    host: str = "127.0.0.1"
    port: int = 8000
    legacy_port: int | None = None
    key: SecretStr | None = None
    origins: list[str] = []
    drain_s: float = 20.0


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    server: ServerSettings = ServerSettings()
    engine: EngineSettings = EngineSettings()
    voice: VoiceSettings = VoiceSettings()
    store: StoreSettings = StoreSettings()
    character: str = "fnlloyd"
    home: Path = Field(default_factory=lambda: platformdirs.user_data_path("fnlloyd", appauthor=False))

    @property
    def clips(self) -> Path:
        return self.voice.clips or self.home / "clips"

    @property
    def database(self) -> Path:
        return self.home / "fnlloyd.db"
