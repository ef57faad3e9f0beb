"""Logging, set up once: for people on a terminal, JSON elsewhere, to stderr, and never with a secret in it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from pydantic import SecretStr
from structlog.typing import EventDict, Processor, WrappedLogger

from fnlloyd.config import HIDDEN, Settings, all_keys, value_of


def configure_logs(settings: Settings) -> None:
    """Send our log and what others warn of to stderr, in one form."""
    level = getattr(logging, settings.log_level.upper())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if not _on_terminal() else "%H:%M:%S", utc=not _on_terminal()),
        _Redact(_secrets(settings)),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last_steps()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries are heard when they warn; "fnlloyd" is filtered by structlog already.
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("fnlloyd").setLevel(level)


def _last_steps() -> list[Processor]:
    drop_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if _on_terminal():
        from fnlloyd.cli.terminal import err

        plain = structlog.dev.plain_traceback
        return [
            drop_meta,
            structlog.dev.ConsoleRenderer(colors=err.color_system is not None, exception_formatter=plain),
        ]
    return [drop_meta, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _secrets(settings: Settings) -> list[str]:
    found = (value_of(settings, name) for name, key in all_keys().items() if key.is_secret)
    return [secret.get_secret_value() for secret in found if isinstance(secret, SecretStr)]


class _Redact:
    """Whoever logs a message of somebody else's cannot know that a key is in it."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if not self._secrets:
            return event
        return {name: self._clean(value) for name, value in event.items()}

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, HIDDEN)
        return value
