"""What a process says of itself when it starts: which parts are on, a line each."""

import structlog

from config.settings import Settings
from integrations import VENDORS

log = structlog.get_logger()


def say(settings: Settings, dialect: str, jobs: str) -> None:
    """Log what is on, beside where we listen: database, jobs, vendors, who watches."""
    server, sections = settings.server, settings.integrations
    on = [vendor for vendor in VENDORS if vendor.name in sections]
    hooks = [each.name for each in on if each.webhooks and each.webhooks(sections[each.name])]
    log.info("database", kind=dialect, dyno=server.dyno)
    log.info("jobs", run=jobs, looks_every=settings.watch_seconds, digests=len(settings.digests))
    log.info("vendors", on=_names([each.name for each in on]), webhooks=_names(hooks))
    log.info(
        "watched",
        heartbeat=settings.heartbeat_url is not None,
        metrics=server.metrics_token is not None,
        bugs_reported=server.sentry_dsn is not None,
        log=settings.log_level,
    )


def _names(words: list[str]) -> str:
    return ", ".join(words) or "none"
