"""A vendor's client wired to its stand-in, with a record of its calls and answers to put in its place."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler
from aiohttp.web_urldispatcher import AbstractRoute

from bot.core.deploying import Source
from bot.core.vendor import Vendor
from bot.http import network

C = TypeVar("C")
R = TypeVar("R")
T = TypeVar("T", bound="Imitated")

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


class Imitated(Protocol):
    """A stand-in."""

    app: web.Application


async def unasked() -> Source:
    """Stand for where code is, where a vendor takes it by itself."""
    raise AssertionError("nobody needs to ask")


@dataclass
class Wired(Generic[T, C, R]):
    """The stand-in with our client; *calls* are what the client asked, as "METHOD /path?query"."""

    standin: T
    now: datetime = NOW
    calls: list[str] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)
    answers: dict[str, web.Response] = field(default_factory=dict)
    client: C = field(init=False)
    reads: R = field(init=False)

    def unused(self) -> set[str]:
        """Return the routes of the stand-in that nobody asked for yet."""
        routes = {_route(each) for each in self.standin.app.router.routes() if each.method != "HEAD"}
        return {route for route in routes - self.routes if "{path" not in route}

    def instead(self, path: str, status: int = 200, body: str = "", **headers: str) -> None:
        """Answer calls to *path* otherwise from now on; an asterisk is any path."""
        self.answers[path] = web.Response(
            text=body, status=status, content_type="application/json", headers=headers
        )

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep the call; answer it otherwise where the test says so."""
        self.calls.append(f"{request.method} {request.path_qs}")
        self.routes.add(_route(request.match_info.route))
        otherwise = self.answers.get(request.path) or self.answers.get("*")
        if otherwise is None:
            return await handler(request)
        return web.Response(body=otherwise.body, status=otherwise.status, headers=otherwise.headers)


def _route(route: AbstractRoute) -> str:
    return f"{route.method} {route.resource.canonical if route.resource else ''}"


@asynccontextmanager
async def wired(
    vendor: Vendor[Any, C, R],
    standin: Callable[[Mapping[str, Any], Callable[[], datetime]], T],
    seed: Mapping[str, Any],
    section: Mapping[str, Any],
) -> AsyncIterator[Wired[T, C, R]]:
    """Run a stand-in, and our client against it."""
    ready: list[Wired[T, C, R]] = []
    found: Wired[T, C, R] = Wired(standin(seed, lambda: ready[0].now if ready else NOW))
    ready.append(found)
    found.standin.app.middlewares.append(found.record)
    async with TestServer(found.standin.app) as server, network(lambda: found.now) as net:
        given = {"url": str(server.make_url("/")), **section}
        found.client = vendor.connect(vendor.settings.model_validate(given), net)
        found.reads = vendor.reads(found.client)
        yield found
