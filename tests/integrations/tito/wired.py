"""Our client wired to the stand-in ti.to, with a record of its calls and a clock to move."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from bot.core.tickets import Sales
from bot.http import network
from integrations.tito import TITO, TitoReads, TitoSettings
from integrations.tito.client import TitoClient
from integrations.tito.standin import StandIn

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
SEED: dict[str, Any] = {
    "account": "pyconuk",
    "token": "sandbox-tito-token",
    "events": [
        {
            "slug": "2026",
            "title": "PyCon UK 2026",
            "currency": "GBP",
            "start_date": "2026-09-18",
            "end_date": "2026-09-21",
            "tests": 2,
            "releases": [
                {
                    "slug": "early",
                    "title": "Early bird",
                    "price": 150,
                    "quantity": 40,
                    "from": "2026-03-02",
                    "until": "2026-04-30",
                    "sells": 40,
                    "void": 2,
                    "archived": True,
                },
                {
                    "slug": "regular",
                    "title": "Regular",
                    "price": 190.1,
                    "quantity": 300,
                    "from": "2026-05-01",
                    "until": "2026-09-14",
                    "sells": 90,
                    "unpaid": 1,
                },
                {
                    "slug": "shirt",
                    "title": "Shirt",
                    "price": 15,
                    "from": "2026-05-01",
                    "until": "2026-09-01",
                    "sells": 20,
                    "not_a_ticket": True,
                },
            ],
        },
        {
            "slug": "2025",
            "title": "PyCon UK 2025",
            "currency": "GBP",
            "start_date": "2025-09-19",
            "end_date": "2025-09-22",
            "releases": [
                {
                    "slug": "all",
                    "title": "All",
                    "price": 180,
                    "from": "2025-03-01",
                    "until": "2025-09-15",
                    "sells": 60,
                }
            ],
        },
        {
            "slug": "2019",
            "title": "PyCon UK 2019",
            "currency": "GBP",
            "start_date": "2019-09-13",
            "end_date": "2019-09-17",
            "archived": True,
        },
    ],
}


@dataclass
class Wired:
    """The stand-in with our client; *calls* are what the client asked, as "METHOD /path?query"."""

    standin: StandIn
    now: datetime = NOW
    calls: list[str] = field(default_factory=list)
    answers: dict[str, web.Response] = field(default_factory=dict)
    client: TitoClient = field(init=False)
    reads: TitoReads = field(init=False)

    async def sales(self, name: str | None = None) -> Sales:
        """Return the sales as they are now, none remembered."""
        return await self.reads.sales(LONDON, name, fresh=True)

    def instead(self, path: str, body: str, status: int = 200, **headers: str) -> None:
        """Answer calls to *path* otherwise from now on."""
        self.answers[path] = web.Response(
            text=body, status=status, content_type="application/json", headers=headers
        )

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep the call; answer it otherwise where the test says so."""
        self.calls.append(f"{request.method} {request.path_qs}")
        otherwise = self.answers.get(request.path)
        if otherwise is None:
            return await handler(request)
        return web.Response(body=otherwise.body, status=otherwise.status, headers=otherwise.headers)


@asynccontextmanager
async def wired(changes: Mapping[str, Any], **settings: str) -> AsyncIterator[Wired]:
    """Run the stand-in from the seed with *changes*, and our client against it."""
    ready: list[Wired] = []
    found = Wired(StandIn(SEED | dict(changes), lambda: ready[0].now if ready else NOW))
    ready.append(found)
    found.standin.app.middlewares.append(found.record)
    async with TestServer(found.standin.app) as server, network(lambda: found.now) as net:
        given = {"url": str(server.make_url("/")), "account": "pyconuk", "event": "2026"}
        section = {**given, "token": "sandbox-tito-token", **settings}
        found.client = TITO.connect(TitoSettings.model_validate(section), net)
        found.reads = TITO.reads(found.client)
        yield found
