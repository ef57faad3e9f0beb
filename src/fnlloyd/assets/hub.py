"""Fetch files from the Hugging Face Hub, by repository and name."""

from __future__ import annotations

import contextlib
import logging
import sys
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from fnlloyd.assets.catalogue import Asset, AssetFile, HubRepo
from fnlloyd.assets.progress import Progress
from fnlloyd.errors import AssetError

LOOK_EVERY_S = 0.25


async def fetch_hub(asset: Asset, hub: HubRepo, into: Path, on_progress: Progress) -> None:
    """Leave the asset's files in the folder `into`, which exists and is ours alone. Raises AssetError.

    When cancelled, the transfer in progress ends in its thread; the folder is cleaned before the next fetch.
    """
    failure: AssetError | None = None
    async with anyio.create_task_group() as group:
        group.start_soon(_watch, into, asset.name, on_progress)
        try:
            for file in asset.files:
                await anyio.to_thread.run_sync(_download, hub, file, into, abandon_on_cancel=True)
        except AssetError as error:
            failure = error  # raised outside: a task group would wrap it
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure


async def _watch(into: Path, name: str, on_progress: Progress) -> None:
    while True:
        on_progress(await anyio.to_thread.run_sync(_bytes_in, into), None, name)
        await anyio.sleep(LOOK_EVERY_S)


def _bytes_in(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):  # renamed under our eyes
            found = file.stat()
            total += min(found.st_size, getattr(found, "st_blocks", sys.maxsize) * 512)  # some files start out sparse
    return total


def _download(hub: HubRepo, file: AssetFile, into: Path) -> None:
    try:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.utils.tqdm import disable_progress_bars
    except ImportError:
        raise AssetError(
            "fetching from the Hugging Face Hub needs huggingface-hub", hint="pip install 'fnlloyd[local]'"
        ) from None
    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it warns at each retry; what matters is the end
    arguments: dict[str, Any] = {"repo_id": hub.repo, "filename": file.source, "revision": hub.revision}
    try:
        Path(hf_hub_download(**arguments, local_dir=into / ".hub")).replace(into / file.name)
    except Exception as error:  # its errors share no base class: HTTP, disk, validation, offline
        said = " ".join(str(error).split())[:300]
        raise AssetError(f"{file.source} was not fetched from {hub.repo}: {type(error).__name__}: {said}") from error
