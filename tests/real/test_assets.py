"""The files the catalogue promises are the ones the package index has."""

from pathlib import Path

import anyio
import pytest

from fnlloyd.assets import Assets
from fnlloyd.assets.catalogue import MODELS, VOICES
from fnlloyd.assets.stamps import sha256

pytestmark = pytest.mark.real


def test_the_default_model_is_the_file_pinned(assets: Assets, model_file: Path) -> None:
    assert sha256(model_file) == MODELS["smollm2-135m"].files[0].sha256
    assert assets.have_model()


def test_the_default_voice_is_the_files_pinned(assets: Assets, piper_files: tuple[Path, Path]) -> None:
    pinned = [file.sha256 for file in VOICES["en_US-joe-medium"].files]
    assert [sha256(file) for file in piper_files] == pinned
    assert assets.have_voice()


def test_a_second_look_fetches_and_reads_nothing(model_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_hash(_file: Path) -> str:
        raise AssertionError("hashed again")

    monkeypatch.setattr("fnlloyd.assets.stamps.sha256", no_hash)

    async def again() -> Path:
        return await Assets().model(fetch=False)

    assert anyio.run(again) == model_file
