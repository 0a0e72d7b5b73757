"""The events' webhooks: signed deliveries of what was sold or made void."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from . import shapes
from .world import Event, Order, World

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
    """Tells one address what happens to any event, signed with that event's secret, once each."""

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world
        self._secret = ""
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        self.url: str | None = None
        self.deliveries: list[Delivery] = []

    def point(self, url: str, secret: str = "") -> None:
        """Tell *url* what happens from now on; a *secret* takes the place of the events' own."""
        self.url, self._secret = url, secret

    def ordered(self, event: Event, order: Order) -> None:
        """Tell of an order and its tickets: one delivery for it, and one for each of them."""
        world = self._world()
        self._put(event, "registration.finished", shapes.delivered_registration(world, event, order))
        for ticket in order.tickets:
            self._put(event, "ticket.created", shapes.delivered_ticket(world, event, ticket))

    def voided(self, event: Event, order: Order) -> None:
        """Tell that the tickets of an order are void."""
        for ticket in order.tickets:
            self._put(event, "ticket.voided", shapes.delivered_ticket(self._world(), event, ticket))

    async def redeliver(self, delivery: Delivery) -> int | None:
        """Send a delivery again as it was; return the answer's status."""
        await self._send(delivery)
        return delivery.status

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Send for as long as the application runs."""
        task = asyncio.create_task(self._run(), name="ti.to webhooks")
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    def _put(self, event: Event, trigger: str, body: dict[str, Any]) -> None:
        if self.url is None:
            return
        content, secret = json.dumps(body).encode(), self._secret or event.security_token
        seal = base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
        headers = {"Content-Type": "application/json", "X-Webhook-Name": trigger, "Tito-Signature": seal}
        self._waiting.put_nowait(Delivery(self.url, trigger, headers, content))

    async def _run(self) -> None:
        while True:
            delivery = await self._waiting.get()
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
