"""Who counts what this process does: nobody, unless the settings ask for figures."""

from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.http import Answer
from bot.store import Store
from config.settings import Settings


class Figures:
    """Whoever counts; this one counts nothing."""

    middlewares: Sequence[Middleware] = ()  # around what answers calls to us

    def job(self, kind: str, ended: str, seconds: float) -> None:
        """Note a job that ended: done, later or failed."""

    def vendor(self, vendor: str, answer: Answer | None, seconds: float) -> None:
        """Note a vendor's answer to a call, None when there was none."""

    def logged(self, level: str) -> None:
        """Note a line that was logged."""

    async def page(self, _store: Store) -> web.Response:
        """Return the figures as they are now; raises StoreUnavailable."""
        raise web.HTTPNotFound


def counting(settings: Settings) -> Figures:
    """Return who counts by the settings."""
    if settings.server.metrics_token is None:
        return Figures()
    from bot.app.metrics import Metrics  # loaded only where it is asked for

    return Metrics()
