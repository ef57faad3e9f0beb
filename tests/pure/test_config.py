"""Settings: which source wins, where a value came from, and what is said when something is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fnlloyd.cli.config import example_file
from fnlloyd.config import FLAGS, Loaded, Settings, all_keys, load_settings, value_of
from fnlloyd.config.keys import SHORT
from fnlloyd.errors import SetupError

Load = Callable[..., Loaded]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loading(toml: str | None = None, environ: dict[str, str] | None = None, **flags: Any) -> Loaded:
        if toml is not None:
            (tmp_path / "fnlloyd.toml").write_text(toml)
        return load_settings(flags, environ or {}, tmp_path)

    return loading


def refusal(load: Load, *args: Any, **flags: Any) -> str:
    with pytest.raises(SetupError) as refused:
        load(*args, **flags)
    return refused.value.message


def test_without_sources_everything_is_default(load: Load) -> None:
    loaded = load()
    assert loaded.settings == Settings()
    assert set(loaded.origins.values()) == {"default"}
    assert loaded.file is None


def test_the_environment_wins_over_the_file_and_a_flag_over_both(load: Load) -> None:
    toml = "[server]\nport = 1001\nlegacy_port = 1002\ndrain_s = 3"
    environ = {"FNLLOYD_SERVER__PORT": "2001", "FNLLOYD_SERVER__LEGACY_PORT": "2002"}
    server = load(toml, environ, port=3001).settings.server
    assert (server.port, server.legacy_port, server.drain_s) == (3001, 2002, 3)


def test_each_value_knows_where_it_was_set(load: Load) -> None:
    toml = "# mine\n[server]\nport = 1001\n\n[store]\nurl = 'memory:'"
    origins = load(toml, {"FNLLOYD_ENGINE__SLOTS": "2"}, character="fnlloyd").origins
    assert origins["server.port"] == "fnlloyd.toml line 3"
    assert origins["store.url"] == "fnlloyd.toml line 6"
    assert origins["engine.slots"] == "environment FNLLOYD_ENGINE__SLOTS"
    assert origins["character"] == "flag --character"
    assert origins["server.host"] == "default"


def test_a_flag_not_given_sets_nothing(load: Load) -> None:
    assert load("[server]\nport = 1001", port=None).settings.server.port == 1001


def test_port_0_is_a_value_and_not_a_missing_one(load: Load) -> None:
    assert load(port=0).settings.server.port == 0


def test_a_file_can_be_named_by_flag_and_by_environment(load: Load, tmp_path: Path) -> None:
    for name, port in (("a.toml", 1), ("b.toml", 2)):
        (tmp_path / name).write_text(f"[server]\nport = {port}")
    environ = {"FNLLOYD_CONFIG": str(tmp_path / "a.toml")}
    assert load("[server]\nport = 3", environ).settings.server.port == 1
    assert load(None, environ, config=tmp_path / "b.toml").settings.server.port == 2


def test_a_named_file_that_is_missing_is_a_mistake(load: Load, tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refusal(load, config=tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "engines"),
    [
        ("scripted:", ["scripted:"]),
        ("openai+http://a/v1, scripted:", ["openai+http://a/v1", "scripted:"]),
        ('["scripted:?text=One, two"]', ["scripted:?text=One, two"]),
    ],
)
def test_a_list_in_the_environment_has_commas_or_is_json(load: Load, text: str, engines: list[str]) -> None:
    assert load(None, {"FNLLOYD_ENGINE__ENGINES": text}).settings.engine.engines == engines


def test_a_room_alone_means_its_most_wanted_setting(load: Load) -> None:
    loaded = load("engine = 'scripted:'\nvoice = ['tone:']", {"FNLLOYD_STORE": "memory:"})
    settings = loaded.settings
    assert (settings.engine.engines, settings.voice.urls, settings.store.url) == (["scripted:"], ["tone:"], "memory:")
    assert loaded.origins["engine.engines"].endswith("line 1")


def test_an_empty_variable_sets_nothing(load: Load) -> None:
    assert load(None, {"FNLLOYD_SERVER__KEY": "", "FNLLOYD_SERVER__PORT": " "}).settings == Settings()


def test_what_kubernetes_says_of_a_service_named_fnlloyd_is_no_setting(load: Load) -> None:
    environ = {
        "FNLLOYD_PORT": "tcp://10.0.0.7:8000",
        "FNLLOYD_PORT_8000_TCP_ADDR": "10.0.0.7",
        "FNLLOYD_SERVICE_HOST": "10.0.0.7",
        "FNLLOYD_SERVICE_PORT_HTTP": "8000",
    }
    assert load(None, environ).settings == Settings()


def test_all_problems_are_told_at_once_and_where_each_is(load: Load) -> None:
    toml = "caracter = 'x'\n[server]\nprot = 1\nport = 'eighty'\n[engine]\nhost = 'a'\n"
    environ = {"FNLLOYD_SERVER_PORT": "1", "FNLLOYD_ENGINE__SLOTS": "900", "FNLLOYD_LOG_LEVEL": "loud"}
    assert refusal(load, toml, environ, legacy_port=70000).splitlines() == [
        "8 settings are wrong:",
        "  fnlloyd.toml line 1: caracter: no such setting (did you mean character?)",
        "  fnlloyd.toml line 3: server.prot: no such setting (did you mean server.port?)",
        "  fnlloyd.toml line 6: engine.host: no such setting (did you mean server.host?)",
        "  environment FNLLOYD_SERVER_PORT: no such setting (did you mean FNLLOYD_SERVER__PORT?)",
        '  fnlloyd.toml line 4: server.port: expected a whole number, found "eighty"',
        "  flag --legacy-port: server.legacy_port: expected at most 65535, found 70000",
        '  environment FNLLOYD_ENGINE__SLOTS: engine.slots: expected at most 64, found "900"',
        "  environment FNLLOYD_LOG_LEVEL: log_level: expected 'debug', 'info', 'warning' or 'error', found \"loud\"",
    ]


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("port = [", "is not TOML"),
        ("server = 3", "server: expected a table, written as [server]"),
        ("[server]\norigins = [1]", "server.origins: expected a text, found 1"),
        ("[engine]\nengines = []", "engine.engines: expected at least 1 entries, found []"),
    ],
)
def test_a_wrong_file_is_told_in_its_writers_words(load: Load, toml: str, problem: str) -> None:
    assert problem in refusal(load, toml)


def test_a_wrong_secret_is_not_shown(load: Load) -> None:
    told = refusal(load, None, {"FNLLOYD_SERVER__KEY": "hunter2"})
    assert told == "environment FNLLOYD_SERVER__KEY: server.key: expected at least 8 characters, found ***"


def test_a_secret_does_not_show_in_what_was_loaded(load: Load) -> None:
    assert "open sesame" not in repr(load(None, {"FNLLOYD_SERVER__KEY": "open sesame"}))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_it_refuses_to_start_for_others_without_a_key(load: Load, host: str) -> None:
    assert f"flag --host: server.host: refuses to start on {host} without a key" in refusal(load, host=host)
    assert load(None, {"FNLLOYD_SERVER__KEY": "open sesame"}, host=host).settings.server.host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"])
def test_on_loopback_no_key_is_needed(load: Load, host: str) -> None:
    assert load(host=host).settings.server.is_loopback


def test_two_doors_cannot_have_one_port(load: Load) -> None:
    assert "server.legacy_port: 8000 is server.port already" in refusal(load, legacy_port=8000)
    assert load(port=0, legacy_port=0).settings.server.legacy_port == 0


def test_the_data_folder_holds_everything(load: Load, tmp_path: Path) -> None:
    settings = load(home=tmp_path).settings
    places = [settings.models, settings.voices, settings.clips, settings.database]
    assert places == [tmp_path / name for name in ("models", "voices", "clips", "fnlloyd.db")]


def test_a_tilde_is_the_users_folder(load: Load) -> None:
    assert load("home = '~/talk'").settings.home == Path.home() / "talk"


def test_every_flag_and_short_name_sets_a_setting_that_exists() -> None:
    assert set(FLAGS.values()) <= set(all_keys())
    assert set(SHORT.values()) <= set(all_keys())


def test_every_setting_says_what_it_is_and_can_be_read() -> None:
    settings = Settings()
    for name, key in all_keys().items():
        assert key.description.endswith("."), name
        value_of(settings, name)


def test_the_example_file_names_every_setting_and_sets_none(load: Load) -> None:
    text = example_file()
    assert tomllib.loads(text) == {"server": {}, "engine": {}, "voice": {}, "store": {}}
    assert load(text).settings == Settings()
    set_ones = [
        line.removeprefix("# ") for line in text.splitlines() if line.startswith(("[", "# ")) and line[-1] != "="
    ]
    written = "\n".join(line for line in set_ones if line.startswith("[") or _sets_a_key(line))
    assert load(written).settings == Settings()


def _sets_a_key(line: str) -> bool:
    name, equals, _ = line.partition(" = ")
    return bool(equals) and any(name == key.rpartition(".")[2] for key in all_keys())
