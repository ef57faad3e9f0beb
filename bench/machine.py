"""What the numbers were measured on, for whoever compares them with others."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fnlloyd import __version__

PACKAGES = (
    "uvicorn",
    "uvloop",
    "httptools",
    "websockets",
    "starlette",
    "aiohttp",
    "pydantic",
    "xllamacpp",
    "piper-tts",
)


def machine() -> dict[str, str]:
    """Facts by name, in the order to show them. Reads files."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    ram = _ram_gib()
    return {
        "processor": _processor(),
        "cores": f"{cores}, shared by the server, the paced engine and the client",
        "memory": f"{ram:.0f} GiB" if ram else "unknown",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Fnlloyd": __version__,
        "packages": ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
        "load before": f"{os.getloadavg()[0]:.1f} (one-minute average)" if sys.platform != "win32" else "unknown",
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _ram_gib() -> float:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return 0.0


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
