"""The embedded engine's server: llama.cpp in a child process, on loopback, with a key nobody else has."""

from __future__ import annotations

import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import anyio
import anyio.to_thread
from anyio.abc import TaskStatus

from fnlloyd.errors import SetupError
from fnlloyd.launch import llama_child
from fnlloyd.launch.child import Child, ChildState, Patience
from fnlloyd.launch.llama_child import EXIT_NO_LIBRARY, EXIT_NO_MODEL, KEY_VARIABLE

PROBE_S = 2.0


@dataclass(frozen=True, slots=True)
class LlamaShape:
    """How much the server takes. `context` is in tokens for each slot; `threads` None for one per physical core."""

    slots: int = 4
    context: int = 4096
    threads: int | None = None
    gpu_layers: int = -1


class LlamaServer:
    """Serves one GGUF file at `base_url` with `api_key`; both stay the same over restarts.

    Run it in a task group: `await group.start(server.run)`, then `await server.wait_ready()`.
    """

    def __init__(
        self,
        model: Path,
        shape: LlamaShape | None = None,
        *,
        alias: str = "",
        patience: Patience | None = None,
        on_change: Callable[[ChildState], None] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        self.model = model
        self.shape = shape or LlamaShape()
        self.api_key = secrets.token_urlsafe(24)
        self.port = free_port()
        self._command = self._words(alias)
        self.child = Child(
            "llama.cpp",
            self._command,
            probe=self._healthy,
            env={KEY_VARIABLE: self.api_key},
            patience=patience,
            secrets=[self.api_key],
            on_change=on_change,
            on_line=on_line,
        )

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def state(self) -> ChildState:
        return self.child.state

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Keep the server running until cancelled. The caches it keeps on disk go with it."""
        with anyio.CancelScope(shield=True):
            folder = await anyio.to_thread.run_sync(tempfile.mkdtemp, None, "fnlloyd-slots-")
        try:
            self.child.command = (*self._command, "--keep", folder)
            await self.child.run(task_status=task_status)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(shutil.rmtree, folder, True)

    async def wait_ready(self) -> None:
        """Return once the model is loaded. Raises SetupError, with the log's tail, if the server dies first."""
        try:
            await self.child.wait_ready()
        except SetupError:
            if self.child.exit_code == EXIT_NO_LIBRARY:
                raise SetupError("the embedded engine needs xllamacpp", hint="pip install 'fnlloyd[local]'") from None
            if self.child.exit_code == EXIT_NO_MODEL:
                hint = "check the path, or fetch it: fnlloyd model pull"
                raise SetupError(f"there is no model at {self.model}", hint=hint) from None
            raise

    def _words(self, alias: str) -> list[str]:
        shape = self.shape
        command = [sys.executable, "-P", llama_child.__file__, "--model", str(self.model)]
        command += ["--port", str(self.port), "--slots", str(shape.slots), "--context", str(shape.context)]
        command += ["--gpu-layers", str(shape.gpu_layers)]
        if shape.threads is not None:
            command += ["--threads", str(shape.threads)]
        return [*command, "--alias", alias] if alias else command

    async def _healthy(self) -> bool:
        timeout = aiohttp.ClientTimeout(total=PROBE_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(f"http://127.0.0.1:{self.port}/health") as response,
            ):
                return response.status == 200  # 503 while the model loads
        except (aiohttp.ClientError, OSError):
            return False


def free_port() -> int:
    """Find a TCP port free on loopback now. Somebody else may take it first; then the child says so and tries again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
