"""Faults between the bot and Slack."""

from collections import Counter
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


@dataclass
class Faults:
    """What goes wrong next, by method: *lost* answers, *broken* and *limited* calls; *away*: everything."""

    away: bool = False
    lost: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    limited: Counter[str] = field(default_factory=Counter)
    retry_after: str = "1"
    calls: list[str] = field(default_factory=list)

    @property
    def middleware(self) -> Middleware:
        """Return the middleware of the stand-in that does it."""

        @web.middleware
        async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
            method = request.path.rpartition("/")[2] if request.path.startswith("/api/") else "response"
            self.calls.append(method)
            if self.away:
                return web.Response(status=503, text="away")
            if self.limited[method]:
                self.limited[method] -= 1
                return web.json_response({"ok": False}, status=429, headers={"Retry-After": self.retry_after})
            if self.broken[method]:
                self.broken[method] -= 1
                return web.json_response({"ok": False, "error": "fatal_error"})
            response = await handler(request)
            if self.lost[method]:
                self.lost[method] -= 1
                assert request.transport is not None
                request.transport.close()
            return response

        return handle
