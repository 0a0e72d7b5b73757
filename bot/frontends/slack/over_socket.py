"""Slack over Socket Mode: the same listeners behind a link that is watched and renewed."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from logging import Logger
from time import monotonic

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.frontends.slack.delivery import ENVELOPE
from bot.frontends.slack.listeners import dispatch

PING_SECONDS = 10
RENEW_SECONDS = 30 * 60
DEAF_SECONDS = 25
CONNECT_SECONDS = 20
LOOK_SECONDS = 5
FAREWELL_SECONDS = 3
log = structlog.get_logger()


class Link(AsyncSocketModeHandler):
    """One link; a frame is acknowledged when its listener is through."""

    def __init__(self, app: AsyncApp, app_token: str, logger: Logger) -> None:
        super().__init__(app, app_token, logger=logger, ping_interval=PING_SECONDS)
        self.client.proxy = None  # the library takes one from the environment, also for loopback
        self._frames: set[asyncio.Task[None]] = set()

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Take one frame."""
        frame = asyncio.create_task(self._acknowledged(client, req))
        self._frames.add(frame)
        frame.add_done_callback(self._frames.discard)
        await frame

    async def _acknowledged(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        headers: dict[str, str | Sequence[str]] = {ENVELOPE: req.envelope_id}
        request = AsyncBoltRequest(mode="socket_mode", body=req.payload, headers=headers)
        await send_async_response(client, req, await dispatch(self.app, request), monotonic())

    async def open(self) -> None:
        """Connect."""
        await self.connect_async()  # type: ignore[no-untyped-call] # Bolt's is not annotated

    async def close(self) -> None:
        """Close, after the frames at hand are acknowledged."""
        if self._frames:
            await asyncio.wait(self._frames, timeout=FAREWELL_SECONDS)
        await self.close_async()  # type: ignore[no-untyped-call] # Bolt's is not annotated


class SocketMode:
    """Keeps one link open: a new one every half hour, and whenever the present one is deaf."""

    def __init__(self, app: AsyncApp, app_token: str, logger: Logger, renew: float = RENEW_SECONDS) -> None:
        self._app = app
        self._app_token = app_token
        self._logger = logger
        self._renew = renew
        self._link: Link | None = None
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect, and to keep connected."""
        self._keeping = asyncio.create_task(self._keep(), name="socket mode")

    async def close(self) -> None:
        """Close the link."""
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        if self._link is not None:
            await self._link.close()

    async def _keep(self) -> None:
        while True:
            new = await self._connected()
            if new is None:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            old, self._link = self._link, new
            if old is not None:
                await old.close()
            await self._while_good(new)

    async def _connected(self) -> Link | None:
        """Return a new link; None when there is none to be had now."""
        link = Link(self._app, self._app_token, self._logger)
        try:
            await asyncio.wait_for(link.open(), CONNECT_SECONDS)
        except TimeoutError:
            log.warning("no link to Slack", tried_for=CONNECT_SECONDS)
            await link.close()
            return None
        except BaseException:
            await link.close()
            raise
        log.info("linked to Slack")
        return link

    async def _while_good(self, link: Link) -> None:
        """Return when the link is to be renewed: in time, or when it has been deaf for too long."""
        until, heard = monotonic() + self._renew, monotonic()
        while monotonic() < until and monotonic() < heard + DEAF_SECONDS:
            await asyncio.sleep(min(LOOK_SECONDS, self._renew))
            if await link.client.is_connected():
                heard = monotonic()
