"""Engines: where words come from."""

from fnlloyd.engines.engine import Engine
from fnlloyd.engines.http_door import Timeouts
from fnlloyd.engines.llamacpp import LlamaCppEngine
from fnlloyd.engines.open import LlamaSource, is_embedded, open_engine, parse_llamacpp
from fnlloyd.engines.openai_http import OpenAIEngine
from fnlloyd.engines.pool import EnginePool
from fnlloyd.engines.scripted import ScriptedEngine
from fnlloyd.engines.settings import EngineSettings

__all__ = [
    "Engine",
    "EnginePool",
    "EngineSettings",
    "LlamaCppEngine",
    "LlamaSource",
    "OpenAIEngine",
    "ScriptedEngine",
    "Timeouts",
    "is_embedded",
    "open_engine",
    "parse_llamacpp",
]
