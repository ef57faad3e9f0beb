"""What the tests with real models need: the files, fetched once into the user's own folder."""

from pathlib import Path

import anyio
import pytest

from fnlloyd.errors import FnlloydError

PIPER_VOICE = "en_US-joe-medium"


@pytest.fixture(scope="session")
def piper_files() -> tuple[Path, Path]:
    """Model and config of a Piper voice. Skips, with the reason, where it is neither here nor to be had."""
    return fetch_piper()


def fetch_piper() -> tuple[Path, Path]:
    pytest.importorskip("piper", reason="the extra `local` is not installed")
    assets = pytest.importorskip("fnlloyd.assets")

    async def fetch() -> tuple[Path, Path]:
        files = await assets.Assets().voice(PIPER_VOICE)
        return files.model, files.config

    try:
        return anyio.run(fetch)
    except FnlloydError as trouble:
        pytest.skip(f"no Piper voice: {trouble}")
