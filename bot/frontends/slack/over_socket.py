"""Slack over Socket Mode: the same listeners behind a link that is watched and renewed."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from logging import Logger
from time import monotonic

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.core.duration import spell
from bot.core.errors import Unavailable
from bot.frontends.slack.delivery import ENVELOPE
from bot.frontends.slack.listeners import dispatch
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused

# A link whose pings are not answered is deaf: it is replaced within DEAF + 2 LOOK + CONNECT < 60 seconds.
# One that carried nothing may be deaf too, or the day is quiet: within SILENT + LOOK + CONNECT < 60 seconds.
PING_SECONDS = 10
DEAF_SECONDS = 25
SILENT_SECONDS = 47
LOOK_SECONDS = 2
CONNECT_SECONDS = 10
RETRY_SECONDS = 5
FAREWELL_SECONDS = 3
log = structlog.get_logger()


class Link(AsyncSocketModeHandler):
    """One link; a frame is acknowledged when its listener is through."""

    def __init__(self, app: AsyncApp, app_token: str, logger: Logger) -> None:
        super().__init__(app, app_token, logger=logger, ping_interval=PING_SECONDS)
        self.client.proxy = None  # the library takes one from the environment, also for loopback
        self._frames: set[asyncio.Task[None]] = set()
        self._pong: float | None = None
        self.carried = monotonic()  # when a frame came last, at first when it was made

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Take one frame."""
        self.carried = monotonic()
        frame = asyncio.create_task(self._acknowledged(client, req))
        self._frames.add(frame)
        frame.add_done_callback(self._frames.discard)
        await frame

    async def _acknowledged(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        headers: dict[str, str | Sequence[str]] = {ENVELOPE: req.envelope_id}
        request = AsyncBoltRequest(mode="socket_mode", body=req.payload, headers=headers)
        await send_async_response(client, req, await dispatch(self.app, request), monotonic())

    async def open(self, address: str) -> None:
        """Connect to *address*, which Slack gave for one use."""
        self.client.wss_uri = address
        await self.connect_async()  # type: ignore[no-untyped-call] # Bolt's is not annotated

    def answered(self) -> bool:
        """Return whether a ping was answered since we last asked; a broken link may repair itself."""
        before, self._pong = self._pong, self.client.last_ping_pong_time
        return self._pong not in {None, before}

    async def close(self) -> None:
        """Close, after the frames at hand are acknowledged."""
        if self._frames:
            await asyncio.wait(self._frames, timeout=FAREWELL_SECONDS)
        await self.close_async()  # type: ignore[no-untyped-call] # Bolt's is not annotated


class SocketMode:
    """Keeps one link open: a new one whenever nothing came over the present one for a while.

    That link may answer pings and yet carry nothing, which looks like a quiet day. The new one is there
    before the old one goes, so a link that was well is not missed (docs/decisions/0009).
    """

    def __init__(
        self,
        app: AsyncApp,
        outgoing: Outgoing,
        app_token: str,
        logger: Logger,
        give_up_after: timedelta,
    ) -> None:
        self._app = app
        self._outgoing = outgoing
        self._app_token = app_token
        self._logger = logger
        self._give_up_after = give_up_after
        self._link: Link | None = None
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect, and to keep connected."""
        self._keeping = asyncio.create_task(self._keep(), name="socket mode")

    async def kept(self) -> None:
        """Wait for as long as a link is kept; Unavailable when there was none to be had for too long."""
        if self._keeping is not None:
            await asyncio.shield(self._keeping)

    async def close(self) -> None:
        """Close the link."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._link is not None:
            await self._link.close()

    async def _keep(self) -> None:
        began, well = monotonic(), False
        while True:
            try:
                new = await self._connected()
            except (SlackAway, SlackRefused) as why:
                well = False
                silent = monotonic() - (self._link.carried if self._link else began)
                log.warning("no new link to Slack", why=str(why), silent=round(silent))
                if silent >= self._give_up_after.total_seconds():
                    raise _given_up(self._give_up_after, why) from None
                await asyncio.sleep(RETRY_SECONDS)
                continue
            (log.debug if well else log.info)("linked to Slack")
            old, self._link, well = self._link, new, True
            if old is not None:
                await old.close()
            await self._while_good(new)

    async def _connected(self) -> Link:
        """Return a new link."""
        link = Link(self._app, self._app_token, self._logger)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await link.open(await self._outgoing.link_address(self._app_token))
        except TimeoutError:
            await link.close()
            raise SlackAway(f"took no link within {CONNECT_SECONDS} s", unsure=False) from None
        except BaseException:
            await link.close()
            raise
        return link

    async def _while_good(self, link: Link) -> None:
        """Wait until the link has answered no ping, or carried nothing, for a while."""
        answered = monotonic()
        while monotonic() < min(answered + DEAF_SECONDS, link.carried + SILENT_SECONDS):
            await asyncio.sleep(LOOK_SECONDS)
            if link.answered():
                answered = monotonic()


def _given_up(after: timedelta, why: Exception) -> Unavailable:
    return Unavailable(
        "slack",
        f"No link to Slack for {spell(after)} ({why}): this process ends, to be started again. "
        "If that repeats, `infra check` tries the token.",
    )
