"""Bugs told to Sentry, or to GlitchTip, which speaks the same: without secrets, people or what they said."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from bot.core.errors import ConfigurationError
from bot.http import redacted

TAGS = ("reference", "request", "job", "delivery")  # of a log line; they lead back to it
KEPT_SECONDS = 2.0  # that reports get to leave when the process ends

Processor = Callable[[Any, str, Any], Any]


def reporter(dsn: str, secrets: Iterable[str]) -> Processor:
    """Return a processor of log lines that reports each error logged with its exception.

    Of the exception its type, text and places in our code are sent, redacted as logs are; no local
    variables, no arguments of the process, no breadcrumbs.
    """
    sdk = _library()
    known = (*secrets, dsn)

    def scrub(event: Any, _hint: Any) -> Any:
        return _redacted(event, known)

    try:
        sdk.init(
            dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[sdk.integrations.atexit.AtexitIntegration(callback=lambda *_: None)],
            before_send=scrub,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            server_name="infra",
            shutdown_timeout=KEPT_SECONDS,
        )
    except sdk.utils.BadDsn:
        raise ConfigurationError(
            "`server.sentry_dsn` leads to no address of Sentry's.",
            "Copy the DSN from the project's settings there, Client Keys; GlitchTip has it too.",
            key="server.sentry_dsn",
        ) from None

    def report(_logger: Any, _name: str, event: Any) -> Any:
        error = _error(event.get("exc_info"))
        if error is not None:
            with sdk.new_scope() as scope:
                for tag in TAGS:
                    if tag in event:
                        scope.set_tag(tag, str(event[tag]))
                scope.capture_exception(error)
        return event

    return report


def _library() -> Any:
    try:
        import_module("sentry_sdk.integrations.atexit")
        import_module("sentry_sdk.utils")
        return import_module("sentry_sdk")
    except ImportError:
        raise ConfigurationError(
            "`server.sentry_dsn` needs Sentry's library, which is not installed.",
            "Run `.venv/bin/pip install sentry-sdk`, or leave the key out.",
            key="server.sentry_dsn",
        ) from None


def _error(given: object) -> BaseException | None:
    """Return the exception that a log line is about, in the forms in which that is said."""
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _redacted(part: Any, secrets: tuple[str, ...]) -> Any:
    """Return what is sent, each text in it redacted, however deep."""
    if isinstance(part, str):
        return redacted(part, secrets)
    if isinstance(part, dict):
        return {key: _redacted(value, secrets) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_redacted(value, secrets) for value in part]
    return part
