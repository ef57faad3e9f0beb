"""Is a file what it should be? Hashed once; after that its size and time are compared with what was noted. Blocks.

The note stands beside the file as FILE.ok. A file put there by hand has none yet and is hashed like any other.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

from fnlloyd.assets.catalogue import AssetFile

_CHUNK = 1024 * 1024


def is_noted(file: Path, wanted: AssetFile) -> bool:
    """Whether the file is there and unchanged since it was found good. Reads no more than the note."""
    try:
        return bool(_fingerprint(file, wanted.sha256) == json.loads(_note(file).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def is_good(file: Path, wanted: AssetFile) -> bool:
    """Whether the file is there and right, hashing it if it has not been noted. Notes it when it is right."""
    if is_noted(file, wanted):
        return True
    if not file.is_file() or file.stat().st_size == 0:
        return False
    if wanted.size is not None and file.stat().st_size != wanted.size:
        return False
    if wanted.sha256 is not None and sha256(file) != wanted.sha256:
        return False
    # A read-only folder holds good files too; they are hashed again next time.
    with contextlib.suppress(OSError):
        _write(_note(file), json.dumps(_fingerprint(file, wanted.sha256)))
    return True


def sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _fingerprint(file: Path, pinned: str | None) -> dict[str, object]:
    found = file.stat()
    return {"size": found.st_size, "mtime_ns": found.st_mtime_ns, "sha256": pinned}


def _note(file: Path) -> Path:
    return file.with_name(file.name + ".ok")


def _write(file: Path, text: str) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
