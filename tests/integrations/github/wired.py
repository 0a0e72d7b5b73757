"""Our client wired to the stand-in GitHub, with a record of its calls and a clock to move."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from bot.http import network
from integrations.github import GITHUB, GithubReads, GithubSettings
from integrations.github.client import GithubClient
from integrations.github.standin import App, StandIn
from tests import appkey

SITE = "2026.pyconuk.org"
SEED: dict[str, Any] = {
    "org": "PyconUK",
    "token": "sandbox-token",
    "bot_login": "pyconuk-infra",
    "users": [
        {"login": "organiser-1", "name": "Organiser One", "created_at": "2014-03-09"},
        {"login": "newcomer", "created_at": "2014-05-01"},
    ],
    "owners": ["charlie", "Cory"],
    "members": ["organiser-1", "organiser-2", "organiser-3"],
    "repos": [
        {"name": SITE, "description": "This year's site", "open_issues": 3},
        {"name": "ironcage", "private": True},
        {"name": "2015.pyconuk.org", "archived": True, "default_branch": "master"},
    ],
    "teams": [
        {
            "name": "core",
            "description": "Basically everyone",
            "members": ["organiser-2"],
            "maintainers": ["Cory"],
            "repos": {SITE: "pull", "ironcage": "push"},
        },
        {"name": "pydata", "parent": "core", "members": ["organiser-3"], "repos": {"ironcage": "triage"}},
    ],
    "collaborators": {"ironcage": {"outsider": "maintain", "organiser-2": "pull"}},
}
NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


@dataclass
class Wired:
    """The stand-in with our client; *calls* are what the client asked, as "METHOD /path"."""

    standin: StandIn
    now: datetime = NOW
    pause: float = 0.0
    flying: int = 0
    peak: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    calls: list[str] = field(default_factory=list)
    answers: dict[str, Callable[[web.Request], Awaitable[web.Response]]] = field(default_factory=dict)

    client: GithubClient = field(init=False)

    @property
    def reads(self) -> GithubReads:
        """Return what commands see."""
        return GithubReads(self.client)

    @property
    def app(self) -> App:
        """Return the App that the bot is."""
        found = self.standin.world.app
        assert found
        return found

    @property
    def writes(self) -> list[str]:
        """Return the calls that change something."""
        return [call for call in self.calls if not call.startswith(("GET", "POST /graphql"))]

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep the call; answer it otherwise where the test says so."""
        called = f"{request.method} {request.path}"
        self.calls.append(called)
        self.flying += 1
        self.idle.clear()
        self.peak = max(self.peak, self.flying)
        try:
            await asyncio.sleep(self.pause)
            otherwise = self.answers.get(called)
            return await otherwise(request) if otherwise else await handler(request)
        finally:
            self.flying -= 1
            if not self.flying:
                self.idle.set()

    async def settle(self) -> None:
        """Let the calls end that fly on beside one that failed."""
        await asyncio.sleep(0.01)
        await self.idle.wait()

    def instead(self, called: str, content: Any, status: int = 200, **headers: str) -> None:
        """Answer one call otherwise from now on."""

        async def answering(_: web.Request) -> web.Response:
            return web.json_response(content, status=status, headers=headers)

        self.answers[called] = answering


@asynccontextmanager
async def wired(
    changes: Mapping[str, Any],
    *,
    graphql: bool = True,
    prefix: str = "",
    permissions: Mapping[str, str] | None = None,
) -> AsyncIterator[Wired]:
    """Run the stand-in from the seed with *changes*, and our client against it: an App with *permissions*."""
    ready: list[Wired] = []
    standin = StandIn(SEED | dict(changes), lambda: ready[0].now if ready else NOW)
    found = Wired(standin)
    ready.append(found)
    found.idle.set()
    standin.graphql_enabled = graphql
    standin.app.middlewares.append(found.record)
    app = standin.app
    if prefix:
        app = web.Application()
        app.add_subapp(prefix, standin.app)
    async with TestServer(app) as server, network(lambda: found.now) as net:
        base = str(server.make_url("/")).rstrip("/") + prefix
        identity: dict[str, Any] = {"token": "sandbox-token"}
        if permissions is not None:
            private, public = appkey.pair()
            standin.world.install(App(id=4321, key=public, permissions=permissions))
            identity = {"app": {"id": 4321, "private_key": private}}
        settings = GithubSettings.model_validate({"url": base, "org": "PyconUK", **identity})
        found.client = GITHUB.connect(settings, net)
        yield found
        await found.settle()
