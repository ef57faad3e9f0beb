"""Run a command so that it dies with who started it: `python tether.py PARENT -- COMMAND...`. Linux.

The kernel's parent-death signal survives the exec, so this also holds for programs that know nothing of us. Run as a
file, with nothing but the standard library, so that it costs a child's start about 10 ms.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # linux/prctl.h
EXIT_ORPHANED = 6
EXIT_NOT_FOUND = 127  # what a shell says


def tethered(command: Sequence[str]) -> list[str]:
    """Wrap a command; unchanged where the kernel cannot do it. There, a child must watch its standard input."""
    if sys.platform != "linux":
        return list(command)
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), "--", *command]


def main(argv: Sequence[str]) -> int:
    parent, command = int(argv[0]), list(argv[2:])
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel knew our wish
        return EXIT_ORPHANED
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be run: {error.strerror}\n")
        return EXIT_NOT_FOUND


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
