"""A stand-in for Slack: one workspace, its Web API, its deliveries to the app, and people's hands in it."""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import web

from . import files, responses, shapes
from .delivery import Courier, Delivery, Kind, signature
from .forms import NoSuchElement
from .hands import Hand, NotThere, visible
from .links import Links
from .state import Channel, File, Json, Message, User, View, Workspace
from .webapi import WebApi

__all__ = [
    "Channel",
    "Delivery",
    "File",
    "Hand",
    "Message",
    "NoSuchElement",
    "NotThere",
    "StandIn",
    "User",
    "View",
    "signature",
]

Found = TypeVar("Found")


class StandIn(Workspace):
    """A workspace that is served: *app* is its API, ``as_`` gives somebody's hands in it.

    *base_url* must say where *app* is served before anything is delivered; the first API call tells it too.
    """

    def __init__(
        self,
        seed: Mapping[str, Any],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(seed, clock, monotonic)
        self.links = Links(self)
        self._courier = Courier(self, self.links)
        self._webapi = WebApi(self)
        self.app = web.Application(client_max_size=16 * 1024 * 1024)
        self.app.add_routes(
            [
                web.route("*", "/api/{method}", self._webapi.call),
                web.post("/response/{id:.+}", self._respond),
                web.post("/upload/v1/{file_id}", self._upload),
                web.get("/files-pri/{team_id}-{file_id}/{name}", self._download),
                web.get("/link/", self.links.serve),
            ]
        )
        self.app.on_shutdown.append(self._close)

    def reset(self) -> None:
        """Go back to the seed; switches and open links stay."""
        self.load()
        self._courier.reset()
        self._webapi.reset()

    # What people see.

    def as_(self, user_id: str) -> Hand:
        """Return somebody's hands."""
        return Hand(self, self._courier, user_id)

    def direct(self, user_id: str) -> str:
        """Return the id of the direct conversation between somebody and the bot."""
        return self.direct_channel(user_id).id

    def channels_of(self, viewer: str) -> list[Channel]:
        """Return the conversations somebody is in."""
        return [channel for channel in self.channels.values() if viewer in channel.members]

    def messages(self, channel: str, viewer: str) -> list[Message]:
        """Return what somebody sees in a conversation, oldest first, replies and their own notes included."""
        return [m for m in self.channels[channel].messages if visible(self, m, viewer)]

    def views(self, user_id: str) -> list[View]:
        """Return the modals somebody has open, the top one last."""
        return list(self.modals.get(user_id, ()))

    def home(self, user_id: str) -> View | None:
        """Return somebody's App Home when there is one."""
        return self.homes.get(user_id)

    async def until(self, predicate: Callable[[], Found | None], within: float = 20.0) -> Found:
        """Return the first true answer of *predicate*; ``TimeoutError`` after *within* seconds."""
        async with asyncio.timeout(within):
            while not (found := predicate()):
                await self.changed(self.version, 0.05)
        return found

    # What Slack sends to the app.

    @property
    def deliveries(self) -> list[Delivery]:
        """Return everything sent to the app, oldest first."""
        return self._courier.deliveries

    @property
    def deaf(self) -> bool:
        """Return whether an open link is deaf; set it to make the open ones deaf, later ones hear."""
        return self.links.deaf

    @deaf.setter
    def deaf(self, value: bool) -> None:
        self.links.deaf = value

    async def deliver(self, kind: Kind, payload: Json) -> Delivery:
        """Send any *payload*, properly signed."""
        return await self._courier.deliver(kind, payload)

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the bytes and headers of *delivery* as they are once more."""
        return await self._courier.redeliver(delivery)

    def signed(self, body: bytes, stamp: int | None = None) -> dict[str, str]:
        """Return the headers that make *body* Slack's, now or at *stamp*."""
        return self._courier.signed(body, stamp)

    async def emit(self, happened: Mapping[str, Any]) -> Delivery:
        """Deliver an event; *happened* is its inner part."""
        inner = {"event_ts": self.mint_ts(), **happened}
        return await self._courier.deliver("event", shapes.event(self, inner))

    async def verify_url(self) -> bool:
        """Send ``url_verification`` and return whether the challenge came back."""
        challenge = secrets.token_urlsafe(32)
        payload = {"token": shapes.DEPRECATED, "challenge": challenge, "type": "url_verification"}
        delivery = await self._courier.deliver("event", payload)
        answer = delivery.answer
        return delivery.ok and challenge == (answer.get("challenge") if isinstance(answer, dict) else answer)

    # What happens in the workspace.

    async def change_user(self, user_id: str, **fields: Any) -> Delivery:
        """Change somebody's flags or names; the app hears ``user_change``."""
        user = self.users[user_id]
        for name, value in fields.items():
            if not hasattr(user, name):
                raise AttributeError(f"a user has no {name}")
            setattr(user, name, value)
        user.updated = self.now
        self.touch()
        return await self.emit({"type": "user_change", "user": shapes.user(self, user), "cache_ts": self.now})

    async def join(self, seed: Mapping[str, Any]) -> Delivery:
        """Let somebody new join the workspace; the app hears ``team_join``."""
        user = self.add_user(seed)
        self.touch()
        return await self.emit({"type": "team_join", "user": shapes.user(self, user), "cache_ts": self.now})

    async def revoke_token(self) -> Delivery:
        """Revoke the bot's token; the app hears ``tokens_revoked``."""
        self.revoked = True
        return await self.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.bot_user_id]}})

    # For the sandbox.

    def pane(self) -> dict[str, Any]:
        """Return what the workspace holds, for people."""
        channels = [
            [
                f"@{self.users[channel.person].name}" if channel.person else f"#{channel.name}",
                len(channel.messages),
                len(channel.pins),
                next((each.text for each in reversed(channel.messages) if not each.ephemeral_to), "")[:200],
            ]
            for channel in self.channels.values()
        ]
        sent = [
            [
                each.kind,
                each.payload.get("type") or each.payload.get("command", ""),
                round(each.seconds * 1000),
                "acknowledged" if each.ok else each.error or "under way",
            ]
            for each in self.deliveries[-10:]
        ]
        return {
            "title": self._seed.get("title", "Slack"),
            "sections": [
                {
                    "title": "Conversations",
                    "columns": ["Name", "Messages", "Pins", "Newest"],
                    "rows": channels,
                },
                {"title": "Sent to the bot", "columns": ["Kind", "What", "ms", "Outcome"], "rows": sent},
            ],
        }

    async def _respond(self, request: web.Request) -> web.Response:
        return await responses.respond(self, request)

    async def _upload(self, request: web.Request) -> web.Response:
        return await files.upload(self, request)

    async def _download(self, request: web.Request) -> web.Response:
        return await files.download(self, request)

    async def _close(self, _: web.Application) -> None:
        await self.links.drop()
        await self._courier.close()
