"""How a served process starts, stops and writes its log."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.journey.test_cli import LIMIT_S, Served, clean_environment, quick


def health(server: Served) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/health", timeout=LIMIT_S) as answer:
        read: dict[str, Any] = json.load(answer)
        return read


def begin_a_line(server: Served, home: Path) -> subprocess.Popen[str]:
    """A chat whose line has begun."""
    chat = subprocess.Popen(
        [sys.executable, "-m", "fnlloyd", "chat", "Good evening", "--url", server.url, "--no-sound", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(home),
    )
    assert chat.stdout is not None
    for line in chat.stdout:
        if '"line.delta"' in line:
            return chat
    raise AssertionError("no line began")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_server_cleanly(tmp_path: Path, number: int) -> None:
    server = Served(tmp_path, *quick(legacy_port="0"))
    try:
        assert "older API" in server.banner
        assert server.stop(number) == (0, "")
    finally:
        server.close()


def test_a_line_in_progress_ends_before_the_server_does(tmp_path: Path) -> None:
    server = Served(tmp_path, *quick(engine="scripted:?rate=8", voice="none:"))
    chat = begin_a_line(server, tmp_path)
    try:
        code, _ = server.stop()
        messages = [json.loads(line) for line in chat.communicate(timeout=LIMIT_S)[0].splitlines()]
        assert code == 0
        assert [message["end"] for message in messages if message["type"] == "line.end"] == ["complete"]
        assert chat.returncode == 0
    finally:
        chat.kill()
        chat.communicate()
        server.close()


def test_a_second_ctrl_c_does_not_wait_for_the_line(tmp_path: Path) -> None:
    endless = "scripted:?rate=1&text=" + "on%20and%20" * 200
    server = Served(tmp_path, *quick(engine=endless, voice="none:"))
    chat = begin_a_line(server, tmp_path)
    try:
        server.process.send_signal(signal.SIGINT)
        while not health(server)["draining"]:
            pass
        code, errors = server.stop(signal.SIGINT)
        assert code == 0
        assert "Traceback" not in errors
    finally:
        chat.kill()
        chat.communicate()
        server.close()


def test_play_says_where_to_play_where_no_browser_can_be_shown(tmp_path: Path) -> None:
    flags = quick()
    del flags[flags.index("--store") : flags.index("--store") + 2]
    server = Served(tmp_path, *flags, command="play", until="Play at")
    try:
        assert server.banner.splitlines()[-1] == f"Play at http://127.0.0.1:{server.port}"
        assert server.stop() == (0, "")
    finally:
        server.close()


LOGGING = """
import logging, structlog
from fnlloyd.cli.logs import configure_logs
from fnlloyd.config import load_settings
configure_logs(load_settings({}).settings)
structlog.get_logger("fnlloyd.engines").info("engine.refused", said="no such key: open sesame", status=401)
structlog.get_logger("fnlloyd.engines").debug("engine.asked")
logging.getLogger("uvicorn.error").warning("Invalid HTTP request received, %s", "open sesame")
logging.getLogger("asyncio").info("a detail")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("asyncio").exception("task failed")
"""


def log_lines(**environ: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", LOGGING],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env=clean_environment(Path("nowhere"), FNLLOYD_SERVER__KEY="open sesame", **environ),
    )
    assert (done.returncode, done.stdout) == (0, "")
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_log_that_nobody_watches_is_json_without_secrets() -> None:
    ours, theirs, failed = log_lines()
    assert (ours["event"], ours["level"], ours["status"]) == ("engine.refused", "info", 401)
    assert ours["said"] == "no such key: ***"
    assert (theirs["event"], theirs["level"]) == ("Invalid HTTP request received, ***", "warning")
    assert "ZeroDivisionError" in failed["exception"]


def test_how_much_is_logged_is_a_setting() -> None:
    assert [line["event"] for line in log_lines(FNLLOYD_LOG_LEVEL="error")] == ["task failed"]
    assert "engine.asked" in [line["event"] for line in log_lines(FNLLOYD_LOG_LEVEL="debug")]


FALLING = """
import socket
from contextlib import asynccontextmanager
import anyio
from fastapi import FastAPI
from fnlloyd.cli.uvicorn_server import run_app
from fnlloyd.errors import StoreFailed

up = anyio.Event()

async def fall():
    await up.wait()
    raise StoreFailed("the disk is gone")

@asynccontextmanager
async def house(app):
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(fall)
        yield

with socket.create_server(("127.0.0.1", 0)) as listening:
    run_app(FastAPI(lifespan=house), [listening], drain_s=0, on_started=up.set)
"""


def test_a_server_whose_house_fell_in_does_not_serve_on() -> None:
    fallen = subprocess.run([sys.executable, "-c", FALLING], capture_output=True, text=True, timeout=LIMIT_S)
    assert fallen.returncode == 1
    assert "StoreFailed: the disk is gone" in fallen.stderr
