"""The command line: which commands there are, and what becomes of an error.

Exit codes: 0 done, 1 it could not be done, 2 not understood, 130 interrupted by the user.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import cyclopts

from fnlloyd import __version__
from fnlloyd.cli.terminal import Terminal, err
from fnlloyd.errors import FnlloydError

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
DEBUG = "--debug"
HELP_WIDTH = 100

app = cyclopts.App(
    name="fnlloyd",
    help="Give a game a character who talks, in text and voice.",
    help_epilogue=(
        "Begin with `fnlloyd play`: it starts everything on this machine and opens a game in the browser. "
        f"With `{DEBUG}`, any command that fails shows where in the code it did."
    ),
    help_format="markdown",
    version=__version__,
    console=Terminal(pipe_width=HELP_WIDTH),
    error_console=err,
    suppress_keyboard_interrupt=False,
)
COMMANDS = {
    "play": "Start everything on this machine and open the game in the browser.",
    "serve": "Serve games until stopped.",
    "chat": "Talk with the character in this terminal.",
    "voice": "Voices: list, fetch, try, render lines ahead.",
    "model": "Models for the embedded engine: list and fetch.",
    "config": "Show every setting: its value, where it was set, what it means.",
    "version": "Show what is installed here.",
}
# By path, so that a command is imported only when it is wanted.
for place, (name, about) in enumerate(COMMANDS.items()):
    app.command(f"fnlloyd.cli.{name}:app", name=name, help=about, sort_key=place)


def main() -> None:
    """Run the command the process was started with, and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Never raises, except what `--debug` lets through."""
    debug = DEBUG in arguments
    try:
        found = app(
            [argument for argument in arguments if argument != DEBUG],
            print_error=False,
            exit_on_error=False,
            result_action="return_value",
        )
    except cyclopts.CycloptsError as error:
        return _misused(error, arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; the interpreter's own last flush would complain about it.
        sys.stdout = None
        return FAILED
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else FAILED if leaving.code else DONE
    except Exception as error:
        if debug:
            raise
        return _failed(_only(error))
    return found if isinstance(found, int) else DONE


def _misused(error: cyclopts.CycloptsError, arguments: Sequence[str]) -> int:
    error.verbose = False
    err.problem(str(error).strip())
    command = next((word for word in arguments if word in COMMANDS), None)
    err.hint(f"see fnlloyd {command} --help" if command else "see fnlloyd --help")
    return MISUSED


def _failed(error: BaseException) -> int:
    if isinstance(error, FnlloydError):
        err.problem(error.message)
        if error.hint:
            err.hint(error.hint)
    elif isinstance(error, OSError) and error.filename is not None:
        err.problem(f"{error.filename}: {error.strerror}")
        err.hint("check the path, and whether this user may read or write there")
    else:
        err.problem(f"something in Fnlloyd itself went wrong: {type(error).__name__}: {error}")
        err.hint(f"run it again with {DEBUG} to see where, and please report it")
    return FAILED


def _only(error: BaseException) -> BaseException:
    """What a task group wrapped, if it is one error."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
