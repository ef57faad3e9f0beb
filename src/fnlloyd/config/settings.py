"""Settings of every room, composed; and the server's own."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from fnlloyd.engines.settings import EngineSettings
from fnlloyd.stores.settings import StoreSettings
from fnlloyd.voices.settings import VoiceSettings

LogLevel = Literal["debug", "info", "warning", "error"]


@lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


class ServerSettings(BaseModel):
    """Where the doors are, and who may come in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address to listen on. Anything but loopback needs a key.",
    )
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    legacy_port: int | None = Field(
        None, ge=0, le=65535, description="A second port for clients of the older API, which used 3456."
    )
    key: SecretStr | None = Field(None, min_length=8, description="Key every client has to send; empty for none.")
    origins: list[str] = Field(
        default=[],
        description="Web pages allowed besides this server's own and loopback, such as https://game.example.",
    )
    drain_s: float = Field(20.0, ge=0, le=3600, description="Seconds lines in progress get to end at shutdown.")

    @property
    def is_loopback(self) -> bool:
        """Whether only programs on this machine can reach the server."""
        return is_loopback(self.host)


class Settings(BaseModel):
    """All that can be set. `load_settings` fills it from a file, the environment and flags."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: ServerSettings = ServerSettings()
    engine: EngineSettings = EngineSettings()
    voice: VoiceSettings = VoiceSettings()
    store: StoreSettings = StoreSettings()
    character: str = Field(
        "fnlloyd", min_length=1, description="Who speaks: a built-in character's name, or a card's folder."
    )
    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("fnlloyd", appauthor=False),
        description="The data folder: models, voices, rendered lines, sessions.",
    )
    log_level: LogLevel = Field("info", description="How much is logged: debug, info, warning or error.")

    @field_validator("home")
    @classmethod
    def _expand(cls, home: Path) -> Path:
        return home.expanduser()

    @property
    def models(self) -> Path:
        return self.home / "models"

    @property
    def voices(self) -> Path:
        return self.home / "voices"

    @property
    def clips(self) -> Path:
        return self.voice.clips or self.home / "clips"

    @property
    def database(self) -> Path:
        return self.home / "fnlloyd.db"
