"""The account's webhook: unsigned deliveries of what happened to records, each sent once."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from .api import shape
from .edge import World

GLANCE = 0.1  # seconds between two looks for what people did on DNSimple's own pages
WITHIN = aiohttp.ClientTimeout(total=10)
MOST_FAILURES = 15
SOMEBODY = "charlie@example.org"

Picture = Mapping[int, dict[str, Any]]


@dataclass
class Delivery:
    """One delivery, and what came of it; a status of None: no answer within ten seconds."""

    url: str
    event: str
    headers: dict[str, str]
    body: bytes
    status: int | None = None


class Hooks:
    """Tells one address what happens to records, once one is given.

    Any answer but 200 is a failure; after 15 in a row it tells nothing more.
    What failed is not repeated by itself here: `redeliver` does.
    """

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world
        self._seen: tuple[World, Picture] | None = None
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        self._failures = 0
        self.registered: list[dict[str, Any]] = []
        self.deliveries: list[Delivery] = []

    def point(self, url: str, secret: str) -> None:
        """Tell *url* what happens from now on; nothing is signed, so the *secret* ends the address."""
        self.registered[:] = [{"id": 1, "url": f"{url}/{secret}", "suppressed_at": None}]
        self._failures = 0
        self._see()

    def look(self, actor: str = SOMEBODY) -> None:
        """Find out what happened since the last look; *actor* did it."""
        seen = self._seen
        if seen is None:
            return
        world, now = self._world(), self._see()
        if seen[0] is world:  # after a reset nothing has happened yet
            for event, record in _happened(seen[1], now):
                self._put(event, record, actor)

    async def redeliver(self, delivery: Delivery) -> int | None:
        """Send a delivery again as it was, under its own number; return the answer's status."""
        await self._send(delivery)
        return delivery.status

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Send for as long as the application runs."""
        tasks = [asyncio.create_task(self._glance()), asyncio.create_task(self._run())]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _see(self) -> Picture:
        world = self._world()
        picture = {number: shape(world.zone, each) for number, each in world.zone.records.items()}
        self._seen = (world, picture)
        return picture

    def _put(self, event: str, record: dict[str, Any], actor: str) -> None:
        hook, account = self.registered[0], self._world().account
        if hook["suppressed_at"]:
            return
        said = {
            "data": {"zone_record": record},
            "name": event,
            "actor": {"id": "1120", "entity": "user", "pretty": actor},
            "account": {"id": account, "display": "Personal", "identifier": "infra"},
            "api_version": "v2",
            "request_identifier": str(uuid4()),
        }
        headers = {"Content-Type": "application/json", "User-Agent": "DNSimple-Webhook-Notifier/f152781e"}
        self._waiting.put_nowait(Delivery(hook["url"], event, headers, json.dumps(said).encode()))

    async def _glance(self) -> None:
        while True:
            await asyncio.sleep(GLANCE)
            self.look()

    async def _run(self) -> None:
        while True:
            delivery = await self._waiting.get()
            await self._send(delivery)
            self.deliveries.append(delivery)
            self._failures = 0 if delivery.status == 200 else self._failures + 1
            if self._failures >= MOST_FAILURES:
                self.registered[0]["suppressed_at"] = f"{self._world().clock():%Y-%m-%dT%H:%M:%SZ}"

    async def _send(self, delivery: Delivery) -> None:
        delivery.status = None
        with suppress(aiohttp.ClientError, TimeoutError):
            async with (
                aiohttp.ClientSession(timeout=WITHIN) as session,
                session.post(delivery.url, data=delivery.body, headers=delivery.headers) as answer,
            ):
                delivery.status = answer.status


def _happened(old: Picture, new: Picture) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what turned *old* into *new*, record by record."""
    for number in sorted(old.keys() | new.keys()):
        if number not in old:
            yield "zone_record.create", new[number]
        elif number not in new:
            yield "zone_record.delete", old[number]
        elif old[number] != new[number]:
            yield "zone_record.update", new[number]
