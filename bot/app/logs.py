"""Logs: standard error, one line an event, never a secret."""

import logging
import sys
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp.http import HttpProcessingError
from aiohttp.log import server_logger

from bot.http import redacted
from config.secrets import held
from config.settings import Settings


class _Ours(logging.Handler):
    """Turns what libraries log into our lines, without traces but of a bug in what answers calls to us."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        more: dict[str, Any] = {"error": repr(error)} if error else {}
        if error and record.name == server_logger.name and not isinstance(error, HttpProcessingError):
            more["exc_info"] = error
        structlog.get_logger().log(record.levelno, record.getMessage(), logger=record.name, **more)


def hush() -> None:
    """Log errors alone, for somebody at a terminal, as long as there are no settings."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(level=logging.ERROR, handlers=[_Ours()], force=True)


def configure(
    settings: Settings, *, quiet: bool = False, counted: Callable[[str], None] | None = None
) -> None:
    """Log to standard error, one line an event, without any secret.

    *Quiet*, for somebody who waits for an answer: errors alone, unless the
    settings ask to debug. *counted* is told the level of each line. Bugs are
    reported where the settings say, unless it is quiet.
    """
    level = "error" if quiet and settings.log_level != "debug" else settings.log_level
    secrets = [value.get_secret_value() for _, value in held(settings)]

    def redact(_logger: object, _name: str, event: Any) -> Any:
        plain = (bool, int, float, type(None))
        return {k: v if isinstance(v, plain) else redacted(str(v), secrets) for k, v in event.items()}

    def count(_logger: object, _name: str, event: Any) -> Any:
        if counted:
            counted(event["level"])
        return event

    dsn = None if quiet else settings.server.sentry_dsn
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            count,
            *([_reporter(dsn.get_secret_value(), secrets)] if dsn else []),
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is at that moment
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Ours()], force=True)


def _reporter(dsn: str, secrets: list[str]) -> Any:
    from bot.app.reports import reporter  # loaded only where it is asked for

    return reporter(dsn, secrets)
