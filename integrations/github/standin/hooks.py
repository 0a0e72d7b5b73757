"""The organisation's webhook: signed deliveries of what happened, each sent once."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import aiohttp
from aiohttp import web

from .events import Body, Picture, happened
from .world import World

HOOK = 292430182
GLANCE = 0.1  # seconds between two looks for what people did on GitHub's own pages
WITHIN = aiohttp.ClientTimeout(total=10)


@dataclass
class Delivery:
    """One delivery, and what came of it; a status of None: no answer within ten seconds."""

    url: str
    event: str
    headers: dict[str, str]
    body: bytes
    status: int | None = None


class Hooks:
    """Tells one address what happens in the organisation, once one is given.

    Nothing is repeated by itself: `redeliver` is the button on GitHub's page.
    """

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world
        self._seen: tuple[World, Picture] | None = None
        self._secret = ""
        self._news = asyncio.Event()
        self._waiting: list[Delivery] = []
        self.url: str | None = None
        self.deliveries: list[Delivery] = []

    def point(self, url: str, secret: str) -> None:
        """Tell *url* what happens from now on, beginning with a ping."""
        self.url, self._secret = url, secret
        self._see()
        config = {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": url}
        hook = {"type": "Organization", "id": HOOK, "name": "web", "active": True, "events": ["*"]}
        org = {"login": self._world().org.login, "id": self._world().org.id}
        body = {"zen": "Keep it logically awesome.", "hook_id": HOOK, "hook": hook | {"config": config}}
        self._put("ping", body | {"organization": org})

    def look(self, sender: int | None = None) -> None:
        """Find out what happened since the last look; *sender* did it, or else an owner."""
        world, seen = self._world(), self._seen
        if seen is None:
            return
        now = self._see()
        if seen[0] is world:  # after a reset nothing has happened yet
            for event, body in happened(world, seen[1], now, sender or _owner(world)):
                self._put(event, body)

    async def redeliver(self, delivery: Delivery) -> int | None:
        """Send a delivery again as it was, under its own number; return the answer's status."""
        await self._send(delivery)
        return delivery.status

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Send for as long as the application runs."""
        task = asyncio.create_task(self._run(), name="github webhooks")
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    def _see(self) -> Picture:
        world = self._world()
        picture = Picture.of(world)
        self._seen = (world, picture)
        return picture

    def _put(self, event: str, body: Body) -> None:
        content = json.dumps(body).encode()
        signature = hmac.new(self._secret.encode(), content, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/044aadd",
            "X-GitHub-Delivery": str(uuid4()),
            "X-GitHub-Event": event,
            "X-GitHub-Hook-ID": str(HOOK),
            "X-GitHub-Hook-Installation-Target-ID": str(self._world().org.id),
            "X-GitHub-Hook-Installation-Target-Type": "organization",
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        self._waiting.append(Delivery(self.url or "", event, headers, content))
        self._news.set()

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), GLANCE)
            self._news.clear()
            self.look()
            while self._waiting:
                delivery = self._waiting.pop(0)
                await self._send(delivery)
                self.deliveries.append(delivery)

    async def _send(self, delivery: Delivery) -> None:
        delivery.status = None
        with suppress(aiohttp.ClientError, TimeoutError):
            async with (
                aiohttp.ClientSession(timeout=WITHIN) as session,
                session.post(delivery.url, data=delivery.body, headers=delivery.headers) as answer,
            ):
                delivery.status = answer.status


def _owner(world: World) -> int:
    """Return somebody who may do anything and is not the bot, or the bot when it is alone."""
    owners = [user for user, role in world.members.items() if role == "admin" and user != world.bot]
    return owners[0] if owners else world.bot
