"""From URLs to engines."""

import pytest

from fnlloyd.engines.llamacpp import LlamaCppEngine
from fnlloyd.engines.open import LlamaSource, is_embedded, open_engine, parse_llamacpp
from fnlloyd.engines.openai_http import OpenAIEngine
from fnlloyd.engines.settings import EngineSettings
from fnlloyd.errors import SetupError


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("llamacpp:", LlamaSource("default")),
        ("llamacpp:smollm2-135m", LlamaSource("named", "smollm2-135m")),
        ("llamacpp:/models/a%20b.gguf", LlamaSource("path", "/models/a b.gguf")),
        ("llamacpp:a.gguf", LlamaSource("path", "a.gguf")),
        ("llamacpp:hf:Own/Repo/sub/f.gguf", LlamaSource("hub", "hf:Own/Repo/sub/f.gguf")),
    ],
)
def test_a_llamacpp_url_names_a_model(url: str, source: LlamaSource) -> None:
    assert is_embedded(url)
    assert parse_llamacpp(url) == source


@pytest.mark.parametrize("url", ["llamacpp:hf:Own/f.gguf", "llamacpp:hf:Own/Repo/f.bin", "openai+http://x"])
def test_a_wrong_llamacpp_url_is_refused(url: str) -> None:
    with pytest.raises(SetupError):
        parse_llamacpp(url)


@pytest.mark.parametrize(
    ("url", "base", "model"),
    [
        ("openai+http://h:8001/v1?model=org%2Fm", "http://h:8001/v1", "org/m"),
        ("openai+https://h", "https://h/v1", None),
        ("openai+http://h:1/proxy/v1/", "http://h:1/proxy/v1", None),
    ],
)
def test_an_openai_url_gives_address_and_model(url: str, base: str, model: str | None) -> None:
    engine = open_engine(url, api_key="k")
    assert isinstance(engine, OpenAIEngine)
    assert (str(engine.door.url), engine.model) == (base, model)
    assert "'k'" not in repr(vars(engine))


def test_a_running_llama_server_can_be_attached_to() -> None:
    assert isinstance(open_engine("llamacpp+http://127.0.0.1:8080"), LlamaCppEngine)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("opnai+http://h", r"did you mean openai\+http:"),
        ("http://h:8000/v1", r"did you mean openai\+http:"),
        ("gpt4all:", "scripted:, llamacpp:"),
        ("", "scripted:, llamacpp:"),
        ("openai+http://h?modle=x", "did you mean model"),
        ("openai+http://h:port", "HOST:PORT"),
        ("openai+http:///v1", "HOST:PORT"),
        ("openai+http://me:pw@h", "API key"),
        ("llamacpp:", r"llamacpp\+http"),
    ],
)
def test_a_wrong_url_is_refused_with_what_to_do(url: str, hint: str) -> None:
    with pytest.raises(SetupError, match=hint) as caught:
        open_engine(url)
    assert "pw@" not in str(caught.value)


def test_settings_have_defaults_and_descriptions() -> None:
    settings = EngineSettings()
    assert settings.engines == ["llamacpp:"]
    assert settings.timeouts.first_token_s == 30.0
    assert all(field.description for field in EngineSettings.model_fields.values())
