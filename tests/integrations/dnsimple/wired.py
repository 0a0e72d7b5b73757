"""Our client wired to the stand-in DNSimple, with a record of its calls."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from bot.core.bound import Bound
from bot.core.change import Change
from bot.core.values import Json
from bot.http import network
from integrations.dnsimple import DNSIMPLE, RECORD, DnsimpleReads, DnsimpleSettings
from integrations.dnsimple.client import DnsimpleClient
from integrations.dnsimple.records import Record, RecordSet
from integrations.dnsimple.standin import StandIn

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
PAGES = "pyconuk.github.io"
SEED: dict[str, Any] = {
    "account": 1010,
    "token": "sandbox-token",
    "zone": "pyconuk.org",
    "nameservers": ["ns1.dnsimple.com", "ns2.dnsimple.com"],
    "elsewhere": {PAGES: "192.0.2.10", "mail.example.org": "192.0.2.20"},
    "sites": ["2026.pyconuk.org", "2014.pyconuk.org"],
    "charges": [{"invoiced_at": "2026-02-01T00:00:00Z", "total_amount": "50.00", "state": "collected"}],
    "records": [
        {"name": "", "type": "URL", "content": "https://2026.pyconuk.org"},
        {"name": "2026", "type": "CNAME", "content": PAGES},
        {"name": "2025", "type": "CNAME", "content": PAGES, "ttl": 600},
        {"name": "2014", "type": "A", "content": "192.0.2.7"},
        {"name": "mail", "type": "MX", "content": "mx1.example.org", "priority": 10},
        {"name": "mail", "type": "MX", "content": "mx2.example.org", "priority": 20},
        {"name": "text", "type": "TXT", "content": 'v=spf1 "quoted" -all'},
        {"name": "alias", "type": "ALIAS", "content": PAGES},
    ],
}


@dataclass
class Wired:
    """The stand-in with our client.

    *calls*, *queries* and *headers* are what was asked, *sent* the JSON of writes.
    """

    standin: StandIn
    calls: list[str] = field(default_factory=list)
    queries: list[Mapping[str, str]] = field(default_factory=list)
    sent: list[tuple[str, Json]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    answers: dict[str, web.Response] = field(default_factory=dict)

    client: DnsimpleClient = field(init=False)

    @property
    def reads(self) -> DnsimpleReads:
        """Return what commands see."""
        return DnsimpleReads(self.client)

    @property
    def bound(self) -> Bound:
        """Return the one resource."""
        return Bound(RECORD, self.client)

    @property
    def writes(self) -> list[str]:
        """Return the calls that change something."""
        return [call for call in self.calls if not call.startswith("GET")]

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep the call; answer it otherwise where the test says so."""
        called = f"{request.method} {request.path.removeprefix('/v2')}"
        self.calls.append(called)
        self.queries.append(request.query)
        self.headers.append(request.headers)
        if request.can_read_body:
            self.sent.append((called, await request.json()))
        return self.answers.get(called) or await handler(request)

    async def change(self, target: str, *records: Record) -> Change:
        """Return the change of a target from what is live to *records*."""
        return await self.bound.plan(target, RecordSet.of(records))

    async def make(self, change: Change) -> None:
        """Write a change."""
        await self.bound.write(change.target, change.after)


@asynccontextmanager
async def wired(changes: Mapping[str, Any] | None = None, **settings: Any) -> AsyncIterator[Wired]:
    """Run the stand-in from the seed with *changes*, and our client against it."""
    standin = StandIn(SEED | dict(changes or {}), lambda: NOW)
    found = Wired(standin)
    standin.app.middlewares.append(found.record)
    async with TestServer(standin.app) as server, network(lambda: NOW) as net:
        told = {
            "url": str(server.make_url("/v2")),
            "account": "1010",
            "zone": "pyconuk.org",
            "token": "sandbox-token",
            **standin.outside(),
            **settings,
        }
        found.client = DNSIMPLE.connect(DnsimpleSettings.model_validate(told), net)
        yield found
