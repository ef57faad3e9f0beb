"""The embedded engine's own process: `python -P llama_child.py --model FILE --port N`.

It lives as long as its standard input stays open, so that it never outlives who started it. Run as a file: it needs
the library and nothing of Fnlloyd.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

KEY_VARIABLE = "FNLLOYD_CHILD_KEY"  # the environment, not the arguments: those any user of the machine can list
EXIT_NO_LIBRARY = 3
EXIT_NO_MODEL = 4
EXIT_NOT_STARTED = 5
CACHE_MIB = 256  # prompts kept aside when slots change hands; the library's own 8 GiB is too much for a laptop
CHILD_VERBOSITY = 2  # warnings and errors


def main(argv: list[str] | None = None) -> int:
    """Serve until standard input ends. Returns the process's exit code."""
    options = _parser().parse_args(argv)
    try:
        import xllamacpp
    except ImportError as error:
        sys.stderr.write(f"{error}\ninstall it with: pip install 'fnlloyd[local]'\n")
        return EXIT_NO_LIBRARY
    if not options.model.is_file():
        sys.stderr.write(f"there is no model at {options.model}\n")
        return EXIT_NO_MODEL
    try:
        server = xllamacpp.Server(_params(xllamacpp, options, os.environ.pop(KEY_VARIABLE, "")))
    except RuntimeError as error:  # the library has written the reason to the log already
        sys.stderr.write(f"llama.cpp did not start: {error}\n")
        return EXIT_NOT_STARTED
    sys.stderr.write(f"listening on {server.listening_address}\n")
    sys.stderr.flush()
    while os.read(sys.stdin.fileno(), 4096):
        pass
    sys.stderr.flush()
    os._exit(0)  # answers in progress have no reader any more; an orderly stop would wait for them


def _params(xllamacpp: Any, options: argparse.Namespace, key: str) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = str(options.model)
    params.model_alias = {options.alias or options.model.stem}
    params.hostnames = ["127.0.0.1"]
    params.port = options.port
    params.api_keys = [key] if key else []
    params.n_parallel = options.slots
    params.n_ctx = options.slots * options.context
    params.n_gpu_layers = options.gpu_layers
    if options.threads is not None:
        params.cpuparams.n_threads = options.threads
        params.cpuparams_batch.n_threads = options.threads
    params.cache_ram_mib = CACHE_MIB
    if options.keep is not None:
        params.slot_save_path = f"{options.keep}{os.sep}"
    params.endpoint_metrics = True
    params.endpoint_slots = True
    params.ui = False
    params.offline = True
    params.warmup = True
    params.verbosity = CHILD_VERBOSITY
    return params


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a GGUF file")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--alias", default="", help="the model's name in answers; the file's name if empty")
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--context", type=int, default=4096, help="tokens of each slot")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--gpu-layers", type=int, default=-1)
    parser.add_argument("--keep", type=Path, default=None, help="a folder for the caches of slots")
    return parser


if __name__ == "__main__":
    sys.exit(main())
