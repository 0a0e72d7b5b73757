"""A stand-in GitHub: one organisation over REST and GraphQL, written from the vendor's documentation."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from aiohttp import web

from . import actions, graphql, installations, orgs, proposals, repos, sites, teams
from .app import App
from .edge import Answer, Call, Route, by_number, not_found, serve
from .hooks import Delivery, Hooks
from .pane import pane
from .seed import build
from .world import World

__all__ = ["ROUTES", "App", "Delivery", "Hooks", "StandIn", "World"]

CHANGING = {"PUT", "PATCH", "POST", "DELETE"}
ROUTES = (
    *orgs.ROUTES,
    *installations.ROUTES,
    *teams.ROUTES,
    *repos.ROUTES,
    *sites.ROUTES,
    *actions.ROUTES,
    *proposals.ROUTES,
    *graphql.ROUTES,
)


class StandIn:
    """GitHub's API at its root path; ``world`` holds the state and lets people act behind the API's back.

    With ``graphql_enabled`` False it is a GitHub that answers REST only.
    ``hooks`` tell an address, once they are pointed at one, what happens.
    """

    world: World

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.graphql_enabled = True
        self.app = web.Application()
        self.hooks = Hooks(lambda: self.world)
        self.app.cleanup_ctx.append(self.hooks.running)
        for route in ROUTES:
            self._add(route, route.path)
            if by_number(route.path) != route.path:
                self._add(route, by_number(route.path))
        self._add(NOTHING, NOTHING.path)
        self.reset()

    def _add(self, route: Route, path: str) -> None:
        async def handler(request: web.Request) -> web.Response:
            off = route.resource == "graphql" and not self.graphql_enabled
            answer = await serve(self.world, NOTHING if off else route, request)
            if route.method in CHANGING and route.resource != "graphql":
                self.hooks.look(self.world.bot)
            return answer

        self.app.router.add_route(route.method, path.replace("_id}", r"_id:\d+}"), handler)

    def reset(self) -> None:
        """Go back to the seed."""
        self.world = build(deepcopy(self._seed), self._clock)

    def pane(self) -> dict[str, Any]:
        """Return what GitHub now holds, for people."""
        self.world.settle()
        return pane(self.world)

    def accept(self, login: str) -> None:
        """Let *login* accept what waits for them; ``LookupError`` when nothing does."""
        self.world.accept(login)
        self._acted(login)

    def decline(self, login: str) -> None:
        """Let *login* refuse what waits for them; ``LookupError`` when nothing does."""
        self.world.decline(login)
        self._acted(login)

    def _acted(self, login: str) -> None:
        user = self.world.user(login)
        self.hooks.look(user.id if user else None)


def _nothing(_: Call) -> Answer:
    raise not_found()


NOTHING = Route("*", "/{path:.*}", _nothing)
