"""The web as the zone makes it: the redirector for URL records, and a page for each site that is up."""

from collections.abc import Callable, Sequence

from aiohttp import web

from .zone import Zone


class Site:
    """Answers for every name of the zone, told apart by the header ``Host``; *up* are those with a page."""

    def __init__(self, zone: Callable[[], Zone], up: Sequence[str]) -> None:
        self._zone = zone
        self._port = 0
        self._runner: web.AppRunner | None = None
        self.up = list(up)

    @property
    def address(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self, host: str) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, 0).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        """Redirect where a URL record says so: always 301, with path and query appended."""
        host = request.host.partition(":")[0].lower()
        zone = self._zone()
        name = host.removesuffix(zone.name).rstrip(".")
        target = next((each.content for each in zone.at(name) if each.type == "URL"), None)
        if target is not None:
            there = target.rstrip("/") + request.path_qs
            return web.Response(status=301, headers={"Location": there})
        if host in self.up and zone.at(name):
            return web.Response(text=f"<title>{host}</title>", content_type="text/html")
        return web.Response(status=404, text="There is no site here.")
