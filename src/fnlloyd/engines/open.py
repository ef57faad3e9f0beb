"""From an engine's URL to the engine. `llamacpp:` without an address is only read here: somebody must start it first.

scripted:  scripted:FILE.toml  scripted:?ttft_ms=150&rate=60&text=Hello&fail=after:3
llamacpp:  llamacpp:MODEL  llamacpp:/path/file.gguf  llamacpp:hf:OWNER/REPO/FILE.gguf
llamacpp+http://HOST:PORT
openai+http://HOST:PORT/v1?model=NAME&name=SHOWN   openai+https://...
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from fnlloyd.engines.engine import Engine
from fnlloyd.engines.http_door import Timeouts
from fnlloyd.engines.llamacpp import LlamaCppEngine
from fnlloyd.engines.openai_http import OpenAIEngine
from fnlloyd.engines.scripted import Failure, Script, ScriptedEngine
from fnlloyd.errors import SetupError


@dataclass(frozen=True, slots=True)
class LlamaSource:
    """Which model a `llamacpp:` URL means. `spec` is what the asset room understands; "" is its default model."""

    kind: Literal["default", "named", "path", "hub"]
    spec: str = ""


def is_embedded(url: str) -> bool:
    """Whether the URL asks for a llama.cpp of our own, to be started, rather than one that runs elsewhere."""
    return scheme_of(url) == "llamacpp"


def scheme_of(url: str) -> str:
    return url.partition(":")[0].lower() if ":" in url else ""


def parse_llamacpp(url: str) -> LlamaSource:
    """Read a `llamacpp:` URL. Raises SetupError."""
    if not is_embedded(url):
        raise SetupError(f"{url} is not a llamacpp: URL", hint="write llamacpp: or llamacpp:/path/to/file.gguf")
    spec = unquote(url.partition(":")[2])
    if not spec:
        return LlamaSource("default")
    if spec.startswith("hf:"):
        parts = spec.removeprefix("hf:").split("/")
        if len(parts) < 3 or not all(parts) or not spec.endswith(".gguf"):
            raise SetupError(f"{url} does not name a GGUF file", hint="write llamacpp:hf:OWNER/REPO/FILE.gguf")
        return LlamaSource("hub", spec)
    if spec.endswith(".gguf") or "/" in spec or "\\" in spec:
        return LlamaSource("path", spec)
    return LlamaSource("named", spec)


def open_engine(
    url: str, *, api_key: str | None = None, timeouts: Timeouts | None = None, name: str | None = None
) -> Engine:
    """Make the engine a URL names; nothing is connected yet. Raises SetupError.

    Reads a script file, so call it at start, not on the event loop.
    """
    scheme = scheme_of(url)
    opener = _OPENERS.get(scheme)
    if opener is None:
        raise _unknown(url, scheme)
    return opener(url, api_key, timeouts, name)


def _open_scripted(url: str, _key: str | None, _timeouts: Timeouts | None, name: str | None) -> Engine:
    path, _, query = url.partition(":")[2].partition("?")
    options = _options(url, query, {"ttft_ms", "rate", "text", "fail"})
    script = Script.read(Path(unquote(path))) if path else Script(text=options.get("text"))
    return ScriptedEngine(
        script,
        ttft_ms=_number(url, "ttft_ms", options.get("ttft_ms", "0")),
        rate=_number(url, "rate", options.get("rate", "0")),
        fail=Failure.parse(options["fail"]) if "fail" in options else None,
        name=name or "scripted",
    )


def _open_openai(url: str, api_key: str | None, timeouts: Timeouts | None, name: str | None) -> Engine:
    base_url, options = _address(url, {"model", "name"})
    return OpenAIEngine(
        base_url,
        options.get("model"),
        api_key=api_key,
        timeouts=timeouts,
        name=name or options.get("name") or "openai",
    )


def _open_llama_server(url: str, api_key: str | None, timeouts: Timeouts | None, name: str | None) -> Engine:
    base_url, options = _address(url, {"model", "name"})
    return LlamaCppEngine(
        base_url,
        model=options.get("model"),
        api_key=api_key,
        timeouts=timeouts,
        name=name or options.get("name") or "llamacpp",
    )


def _open_embedded(url: str, *_rest: object) -> Engine:
    raise SetupError(
        f"{url} must be started before it can be opened",
        hint="to use a running llama-server: llamacpp+http://HOST:PORT",
    )


_Opener = Callable[[str, str | None, Timeouts | None, str | None], Engine]
_OPENERS: dict[str, _Opener] = {
    "scripted": _open_scripted,
    "llamacpp": _open_embedded,
    "llamacpp+http": _open_llama_server,
    "llamacpp+https": _open_llama_server,
    "openai+http": _open_openai,
    "openai+https": _open_openai,
}
SCHEMES = tuple(_OPENERS)


def _address(url: str, known: set[str]) -> tuple[str, dict[str, str]]:
    parts = urlsplit(url.partition("+")[2])
    try:
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise SetupError(f"{url}: {error}", hint="write scheme://HOST:PORT/v1") from None
    if not host:
        raise SetupError(f"{url} has no host", hint=f"write {scheme_of(url)}://HOST:PORT/v1")
    if parts.username or parts.password:
        raise SetupError(
            "an engine's URL must hold no user or password: it is shown in logs", hint="set the engine API key instead"
        )
    path = parts.path.rstrip("/") or "/v1"
    return urlunsplit((parts.scheme, parts.netloc, path, "", "")), _options(url, parts.query, known)


def _options(url: str, query: str, known: set[str]) -> dict[str, str]:
    try:
        options = {key: values[-1] for key, values in parse_qs(query, strict_parsing=bool(query)).items()}
    except ValueError:
        raise SetupError(f"the options of {url} cannot be read", hint="write ?name=value&name=value") from None
    for key in options:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(sorted(known))}"
            raise SetupError(f"{url} has an option nobody knows: {key}", hint=hint)
    return options


def _number(url: str, key: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise SetupError(f"{key}={text} in {url} is not a number from 0 up", hint=f"write {key}=60")
    return number


def _unknown(url: str, scheme: str) -> SetupError:
    near = difflib.get_close_matches(scheme or url, [*SCHEMES, *(name.partition("+")[0] for name in SCHEMES)], n=1)
    if scheme in ("http", "https"):
        near = [f"openai+{scheme}"]
    known = ", ".join(f"{name}:" for name in SCHEMES)
    guess = f"did you mean {near[0]}:? " if near else ""
    return SetupError(f"no engine is called {url!r}", hint=f"{guess}engines: {known}")
