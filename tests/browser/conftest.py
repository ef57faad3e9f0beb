"""A real server, a real Chromium, and a page that remembers what went wrong on it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
START_S = 60.0
RUNG_0 = ("--engine", "scripted:", "--voice", "tone:", "--store", "memory:", "--host", "127.0.0.1")
QUIET = (
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Served:
    """A server in a process of its own, on one port for all its lives."""

    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        return self.log.parent / "home"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "fnlloyd",
                    "serve",
                    *RUNG_0,
                    "--port",
                    str(self.port),
                    "--home",
                    str(self.log.parent / "home"),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process = None

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + START_S
        while time.monotonic() < give_up:
            assert self.process is not None
            assert self.process.poll() is None, f"the server ended:\n{self.log.read_text()}"
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.1)
        pytest.fail(f"the server was not ready within {START_S} s:\n{self.log.read_text()}")


@dataclass
class Watched:
    """A page and everything it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def until(self, condition: str, seconds: float = 60) -> None:
        """Wait until an expression is true. Asked from here: the page's policy forbids it to evaluate text."""
        give_up = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            assert time.monotonic() < give_up, f"not within {seconds} s: {condition}; complaints: {self.complaints}"
            self.page.wait_for_timeout(100)

    def picture(self, name: str) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"{name}.png")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Served(port, tmp_path / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        reason = "no Chromium on this machine (apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield chromium
        chromium.close()


Visit = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """Open an address of the server in a fresh browser profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})

    def open_page(address: str = "/", width: int = 1280, height: int = 720) -> Watched:
        watched = Watched(context.new_page())
        watched.page.set_viewport_size({"width": width, "height": height})
        watched.page.goto(served.url + address)
        return watched

    yield open_page
    context.close()
