"""A stand-in DNSimple: an account with one zone, its API and its name servers, written from the notes."""

from collections.abc import AsyncIterator, Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from .api import ROUTES
from .edge import EMAIL, Route, World, serve
from .hooks import Hooks
from .nameserver import Answers, NameServer
from .pane import pane
from .seed import build
from .site import Site

__all__ = ["ROUTES", "StandIn", "World"]

HOST = "127.0.0.1"
BASE = "/v2"


class StandIn:
    """DNSimple's API below ``/v2``, its name servers, and the web as its zone makes it.

    *world* holds the state; each of the *servers* asks it anew. They listen
    while the app runs, each on a port of its own.
    """

    world: World

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application(middlewares=[self._otherwise])
        for route in ROUTES:
            self._add(route)
        self.hooks = Hooks(lambda: self.world)
        self.reset()
        answers = Answers(lambda: self.world.zone, self._seed.get("elsewhere") or {})
        self.servers = {name: NameServer(answers) for name in self._seed["nameservers"]}
        self.site = Site(lambda: self.world.zone, self._seed.get("sites") or ())
        self.app.cleanup_ctx.append(self._listening)
        self.app.cleanup_ctx.append(self.hooks.running)

    def _add(self, route: Route) -> None:
        async def handler(request: web.Request) -> web.Response:
            self.hooks.look()
            answer = await serve(self.world, route, request)
            self.hooks.look(EMAIL)
            return answer

        self.app.router.add_route(route.method, BASE + route.path, handler)

    @web.middleware
    async def _otherwise(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer an unknown address, and a verb that a path does not have with an empty 405."""
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return await serve(self.world, None, request)
        except web.HTTPMethodNotAllowed as wrong:
            return web.Response(status=405, headers={"Allow": ", ".join(sorted(wrong.allowed_methods))})

    async def _listening(self, _app: web.Application) -> AsyncIterator[None]:
        for server in self.servers.values():
            await server.start(HOST)
        await self.site.start(HOST)
        yield
        await self.site.stop()
        for server in self.servers.values():
            await server.stop()

    def reset(self) -> None:
        """Go back to the seed."""
        self.world = build(deepcopy(self._seed), self._clock)
        self.world.webhooks = self.hooks.registered

    def pane(self) -> dict[str, Any]:
        """Return what DNSimple now holds, for people."""
        return pane(self.world.zone, {name: server.address for name, server in self.servers.items()})

    def outside(self) -> dict[str, Any]:
        """Return where its name servers and the web of its names are to be asked."""
        servers = {name: server.address for name, server in self.servers.items()}
        return {"nameservers": servers, "resolver": next(iter(servers.values())), "web": self.site.address}
