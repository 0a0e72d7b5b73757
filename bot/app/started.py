"""What a process says of itself when it starts: which parts are on, a line each."""

from collections.abc import Iterable

import structlog

from bot.app.serving import readers
from config.settings import Settings

log = structlog.get_logger()


def say(settings: Settings, dialect: str, jobs: str) -> None:
    """Log what is on, beside where we listen: database, jobs, vendors, who watches."""
    server = settings.server
    log.info("database", kind=dialect, dyno=server.dyno)
    log.info("jobs", run=jobs, looks_every=settings.watch_seconds, digests=len(settings.digests))
    log.info("vendors", on=_names(settings.integrations), webhooks=_names(readers(settings)))
    log.info(
        "watched",
        heartbeat=settings.heartbeat_url is not None,
        metrics=server.metrics_token is not None,
        bugs_reported=server.sentry_dsn is not None,
        log=settings.log_level,
    )


def _names(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "none"
