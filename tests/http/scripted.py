"""A vendor on loopback that answers as the test says, and keeps what it was asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.http import Http, Network

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answer(content: Any = None, status: int = 200, **headers: str) -> Answering:
    """Answer JSON; an underscore in a header's name stands for a dash."""

    async def answering(_: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(content, status=status, headers=named)

    return answering


def raw(body: str, status: int = 200) -> Answering:
    """Answer *body* as it is."""

    async def answering(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, content_type="application/json")

    return answering


async def cut(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


@dataclass
class Asked:
    """One call the vendor got."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass
class Scripted:
    """The vendor: *script* holds its answers in order, the last one stays."""

    network: Network
    script: list[Answering] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.serve)
        self.server = TestServer(app)

    @property
    def base(self) -> str:
        """Return the vendor's address."""
        return str(self.server.make_url("/")).rstrip("/")

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Keep the call, and answer the next line of the script."""
        self.asked.append(Asked(request.method, request.path_qs, request.headers, await request.text()))
        answering = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return await answering(request)

    def http(self, *script: Answering, base: str = "", **settings: Any) -> Http:
        """Return a client of the vendor, which will answer *script*."""
        self.script = list(script)
        return Http(self.network, "Vendor", f"{self.base}{base}", **settings)
