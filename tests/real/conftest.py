"""What the tests with real models need: the files, fetched once into the user's own folder, outside any checkout."""

import os
from pathlib import Path
from typing import NoReturn

import anyio
import pytest

from fnlloyd.assets import Assets
from fnlloyd.errors import FnlloydError

PIPER_VOICE = "en_US-joe-medium"


@pytest.fixture(scope="session")
def assets() -> Assets:
    return Assets()


@pytest.fixture(scope="session")
def model_file(assets: Assets) -> Path:
    """The default GGUF model."""
    _need("xllamacpp")
    try:
        return anyio.run(assets.model)
    except FnlloydError as trouble:
        absent(f"no model: {trouble}")


@pytest.fixture(scope="session")
def piper_files(assets: Assets) -> tuple[Path, Path]:
    """Model and config of a Piper voice."""
    _need("piper")
    try:
        files = anyio.run(assets.voice, PIPER_VOICE)
    except FnlloydError as trouble:
        absent(f"no Piper voice: {trouble}")
    return files.model, files.config


def absent(reason: str) -> NoReturn:
    """Skip with the reason; fail where everything must run."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _need(module: str) -> None:
    try:
        __import__(module)
    except ImportError:
        absent(f"{module} is not installed: it comes with the extra `local`")
