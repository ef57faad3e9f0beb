"""The command line as its users meet it: real processes, their output and their exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LIMIT_S = 60
QUICK = {"--engine": "scripted:", "--voice": "tone:", "--store": "memory:", "--port": "0"}
Ended = subprocess.CompletedProcess[str]
Run = Callable[..., Ended]


def quick(**other: str) -> list[str]:
    """Flags for a server without models, on a free port, some of them otherwise."""
    flags = QUICK | {f"--{name.replace('_', '-')}": value for name, value in other.items()}
    return [word for pair in flags.items() for word in pair]


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FNLLOYD_")}
    return kept | {"FNLLOYD_HOME": str(home), "CI": "1"} | more


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `fnlloyd` in an empty folder, until it ends."""

    def running(*arguments: str, stdin: str = "", **environ: str) -> Ended:
        return subprocess.run(
            [sys.executable, "-m", "fnlloyd", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            cwd=tmp_path,
            env=clean_environment(tmp_path / "home", **environ),
        )

    return running


class Served:
    """A running `fnlloyd serve`. `banner` is what it wrote up to the line with `until`."""

    def __init__(self, home: Path, *arguments: str, command: str = "serve", until: str = "Ctrl-C") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fnlloyd", command, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=home,
            env=clean_environment(home / "home"),
        )
        assert self.process.stdout is not None
        self.banner = ""
        for line in self.process.stdout:
            self.banner += line
            if until in line:
                break
        else:
            raise AssertionError(f"it did not start: {self.process.communicate()}")

    @property
    def port(self) -> int:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.banner)
        assert found, self.banner
        return int(found[1])

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/chat"

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Ask it to stop. Returns its exit code and what it wrote to stderr."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=LIMIT_S)
        return self.process.returncode, errors

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that only talk to it."""
    running = Served(tmp_path_factory.mktemp("served"), *quick())
    yield running
    running.close()


@pytest.mark.parametrize(
    "command",
    [
        "",
        "play",
        "serve",
        "chat",
        "voice",
        "voice list",
        "voice pull",
        "voice say",
        "voice render",
        "model",
        "model list",
        "model pull",
        "config",
        "version",
    ],
)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    shown = run(*command.split(), "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"Usage: fnlloyd {command}".rstrip())
    if command not in ("", "voice", "model"):
        assert f"• fnlloyd {command}" in shown.stdout


def test_help_imports_no_engine_and_no_server(tmp_path: Path) -> None:
    code = (
        "import sys; from fnlloyd.cli.main import run; assert run(sys.argv[1:]) == 0;"
        "print(sorted({'fastapi', 'uvicorn', 'aiohttp', 'pydantic', 'websockets'} & set(sys.modules)))"
    )
    for command in ([], ["chat"], ["serve"], ["voice", "say"]):
        shown = subprocess.run(
            [sys.executable, "-c", code, *command, "--help"],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            env=clean_environment(tmp_path),
        )
        assert shown.stdout.splitlines()[-1] == "[]", shown.stderr


def test_the_version_names_what_is_installed(run: Run) -> None:
    lines = run("version").stdout.splitlines()
    assert lines[1].split()[:2] == ["fnlloyd", "0.1.0"]
    assert any(line.startswith("fastapi") for line in lines)
    assert run("--version").stdout == "0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(["serv"], "serve"), (["serve", "--prot", "1"], "--port"), (["serve", "--port", "x"], "int")],
)
def test_what_is_not_understood_is_a_usage_error(run: Run, arguments: list[str], meant: str) -> None:
    refused = run(*arguments)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert meant in refused.stderr
    assert "--help" in refused.stderr


def test_config_shows_values_and_origins_but_no_secret(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fnlloyd.toml").write_text("[server]\nport = 1234\n")
    shown = run("config", "--host", "0.0.0.0", FNLLOYD_SERVER__KEY="open sesame", FNLLOYD_ENGINE__API_KEY="sk-secret")
    assert shown.returncode == 0
    rows = {line.split()[0]: line for line in shown.stdout.splitlines()}
    assert "0.0.0.0" in rows["server.host"] and "flag --host" in rows["server.host"]
    assert "1234" in rows["server.port"] and "fnlloyd.toml line 2" in rows["server.port"]
    assert "***" in rows["server.key"] and "environment FNLLOYD_SERVER__KEY" in rows["server.key"]
    assert "sesame" not in shown.stdout + shown.stderr
    assert "sk-secret" not in shown.stdout + shown.stderr


def test_config_writes_a_file_that_can_be_read_again(run: Run, tmp_path: Path) -> None:
    text = run("config", "--toml").stdout
    tomllib.loads(text)
    (tmp_path / "fnlloyd.toml").write_text(text)
    assert run("config").returncode == 0


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("engine", "lamacpp:", "no engine is called 'lamacpp:'"),
        ("voice", "pipper:joe", "no voice is called 'pipper:joe'"),
        ("store", "redys:", "no store is called 'redys:'"),
        ("character", "fnloyd", 'there is no character "fnloyd"'),
        ("host", "0.0.0.0", "refuses to start on 0.0.0.0 without a key"),
        ("host", "no.such.host.invalid", "cannot listen on 'no.such.host.invalid'"),
    ],
)
def test_what_is_wrong_at_the_start_is_told_in_one_paragraph(run: Run, flag: str, value: str, said: str) -> None:
    key = {"FNLLOYD_SERVER__KEY": "open sesame"} if value.endswith("invalid") else {}
    refused = run("serve", *quick(**{flag: value}), **key)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert "  try: " in refused.stderr
    assert "Traceback" not in refused.stderr


def test_everything_wrong_with_a_card_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "card.toml").write_text("[charakter]\nid = 3\n")
    refused = run("serve", *quick(character=str(tmp_path)))
    assert refused.returncode == 1
    assert 'charakter: unknown key (did you mean "character"?)' in refused.stderr
    assert "lines.toml: is missing" in refused.stderr


def test_with_debug_an_error_shows_where_it_was(run: Run) -> None:
    assert "Traceback" in run("--debug", "serve", "--engine", "lamacpp:", "--voice", "tone:", "--port", "0").stderr


def test_a_port_that_is_taken_is_told_before_anything_is_fetched(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = run("serve", "--port", str(port))
    assert refused.returncode == 1
    assert f"port {port} on 127.0.0.1 is taken by another program" in refused.stderr
    assert f"--port {port + 1}" in refused.stderr


def test_a_port_that_another_fnlloyd_has_is_told_as_that(run: Run, served: Served) -> None:
    assert "is taken by another Fnlloyd" in run("serve", "--port", str(served.port)).stderr


def test_the_banner_says_where_everything_is(served: Served, tmp_path: Path) -> None:
    for word in ("!Fnlloyd", "http://127.0.0.1:", "scripted:", "tone:", "memory:", "home"):
        assert word in served.banner


def test_the_chat_says_one_message_and_keeps_the_sound(run: Run, served: Served, tmp_path: Path) -> None:
    said = run("chat", "Good evening", "--url", served.url, "--save", "said.wav")
    assert said.returncode == 0, said.stderr
    assert "Good evening" in said.stdout
    assert "llm · neutral · first word" in said.stderr
    assert "first sound" in said.stderr
    with wave.open(str(tmp_path / "said.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16000)
        assert file.getnframes() > 8000


def test_the_chat_takes_lines_from_a_pipe_one_after_the_other(run: Run, served: Served) -> None:
    typed = "One\n/state combo=12\n/event boss_appear mode=canned\n/mood\nTwo"
    said = run("chat", "--url", served.url, "--no-sound", stdin=typed)
    lines = said.stdout.splitlines()
    assert said.returncode == 0, said.stderr
    assert len(lines) == 3
    assert "One" in lines[0] and "Two" in lines[2]
    assert "mood: excited 2" in said.stderr
    assert "canned · excited 2" in said.stderr


def test_the_chat_can_show_the_messages_as_they_are(run: Run, served: Served) -> None:
    said = run("chat", "Hello", "--url", served.url, "--json", "--no-sound")
    messages = [json.loads(line) for line in said.stdout.splitlines()]
    assert messages[0]["type"] == "welcome"
    assert messages[-1]["type"] == "line.end"
    assert said.stderr == ""


def test_a_session_goes_on_when_it_is_named(run: Run, served: Served) -> None:
    for _ in range(2):
        said = run("chat", "/mood", "--url", served.url, "--session", "amy", "--json", "--no-sound")
        assert json.loads(said.stdout.splitlines()[0])["session"] == "amy"


def test_a_line_that_fails_is_an_error(run: Run, served: Served) -> None:
    failed = run("chat", "/event boss_apear mode=canned", "--url", served.url, "--no-sound")
    assert failed.returncode == 1
    assert "boss_appear" in failed.stderr


def test_without_a_server_the_chat_says_how_to_start_one(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    refused = run("chat", "Hello", "--url", f"127.0.0.1:{port}")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"nobody answers at ws://127.0.0.1:{port}/chat" in refused.stderr
    assert "fnlloyd serve" in refused.stderr


def test_the_chat_needs_the_servers_key(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fnlloyd.toml").write_text("[server]\nkey = 'open sesame'\n")
    server = Served(tmp_path, *quick())
    try:
        refused = run("chat", "Hello", "--url", server.url, "--no-sound")
        assert refused.returncode == 1
        assert "FNLLOYD_TOKEN" in refused.stderr
        assert run("chat", "Hello", "--url", server.url, "--no-sound", FNLLOYD_TOKEN="open sesame").returncode == 0
    finally:
        server.close()


def test_a_voice_can_be_tried_into_a_file(run: Run, tmp_path: Path) -> None:
    said = run("voice", "say", "Capital!", "--voice", "tone:", "--save", "capital.wav", "--no-sound")
    assert (said.returncode, said.stdout) == (0, "capital.wav\n")
    with wave.open(str(tmp_path / "capital.wav")) as file:
        assert file.getnframes() > 0


def test_lines_are_rendered_once(run: Run, tmp_path: Path) -> None:
    first, again = (run("voice", "render", "--voice", "tone:") for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0)
    lines = int(first.stdout.split()[0])
    assert lines == len(list((tmp_path / "home" / "clips").glob("*.wav")))
    assert again.stdout == f"{lines} lines: 0 rendered, {lines} were there, 0 failed\n"


def test_rendering_stops_at_ctrl_c_and_goes_on_later(run: Run, tmp_path: Path) -> None:
    clips = tmp_path / "home" / "clips"
    process = subprocess.Popen(
        [sys.executable, "-m", "fnlloyd", "voice", "render", "--voice", "tone:"],
        stdout=subprocess.PIPE,
        env=clean_environment(tmp_path / "home"),
    )
    try:
        while not clips.is_dir() or len(list(clips.iterdir())) < 5:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT_S) == 130
    finally:
        process.kill()
        process.communicate()
    again = run("voice", "render", "--voice", "tone:")
    found = re.search(r"(\d+) were there, 0 failed", again.stdout)
    assert found, again.stderr
    assert int(found[1]) >= 5


def test_a_file_that_cannot_be_written_is_named(run: Run) -> None:
    refused = run("voice", "say", "Capital!", "--voice", "tone:", "--save", "no/such/folder.wav", "--no-sound")
    assert refused.returncode == 1
    assert "error: no/such/folder.wav: No such file or directory" in refused.stderr


def test_voices_and_models_are_listed_with_their_licences(run: Run) -> None:
    voices, models = run("voice", "list"), run("model", "list")
    assert re.search(r"en_US-joe-medium .* MIT .* no", voices.stdout)
    assert "GPL-3.0" in voices.stderr
    assert re.search(r"smollm2-135m .* Apache-2.0 +98 MB +no", models.stdout)


def test_colours_stay_out_of_pipes_and_under_no_color(run: Run) -> None:
    for environ in ({}, {"NO_COLOR": "1", "FORCE_COLOR": ""}):
        assert "\x1b" not in run("version", **environ).stdout + run("serv", **environ).stderr


def test_a_reader_who_leaves_is_no_error_of_ours(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fnlloyd", "config"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(tmp_path),
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.wait(LIMIT_S)
    process.stderr.close()
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors
