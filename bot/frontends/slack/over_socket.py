"""Slack over Socket Mode: the same listeners behind a link that is watched and renewed."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from logging import Logger
from time import monotonic

import structlog
from aiohttp import WSMessage, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.core.duration import spell
from bot.core.errors import Unavailable
from bot.frontends.slack.delivery import ENVELOPE
from bot.frontends.slack.listeners import dispatch
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused

# A link whose pings are not answered is deaf: it is gone within DEAF + 2 LOOK + CONNECT + LINGER + FAREWELL.
# One that carried nothing may be deaf too, or the day is quiet: SILENT + LOOK + CONNECT + LINGER + FAREWELL.
PING_SECONDS = 10
DEAF_SECONDS = 25
SILENT_SECONDS = 42
LOOK_SECONDS = 2
CONNECT_SECONDS = 10
RETRY_SECONDS = 5
LINGER_SECONDS = 2  # a frame may come by any link that is open, also just when there is a new one
FAREWELL_SECONDS = 3
_NORMAL = (1000).to_bytes(2, "big")  # why a link is closed: RFC 6455, section 7.4.1
log = structlog.get_logger()


class Link(SocketModeClient):
    """One link; a frame is acknowledged when its listener is through.

    The library would close it before it has another; here it is only known to be *over*.
    """

    def __init__(self, app: AsyncApp, app_token: str, logger: Logger) -> None:
        super().__init__(app_token, logger, app.client, ping_interval=PING_SECONDS)
        self.proxy = None  # the library takes one from the environment, also for loopback
        self.socket_mode_request_listeners.append(self._acknowledge)
        self.on_close_listeners.append(self._told)
        self._app = app
        self._frames: set[asyncio.Task[None]] = set()
        self._pong: float | None = None
        self._parted = asyncio.Event()
        self.over = asyncio.Event()
        self.carried = monotonic()  # when a frame came last, at first when it was made

    async def open(self, address: str) -> None:
        """Connect to *address*, which Slack gave for one use."""
        self.wss_uri = address
        await self.connect()  # type: ignore[no-untyped-call] # the library's is not annotated

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002 - the library names it
        """Note that this link broke, or that Slack ends it soon."""
        self.over.set()

    async def enqueue_message(self, message: str) -> None:
        """Take a message at once: the library's queue loses what it holds when it is closed."""
        frame = json.loads(message) if message.startswith("{") else {}
        task = asyncio.create_task(self.run_message_listeners(frame, message))
        self._frames.add(task)
        task.add_done_callback(self._frames.discard)

    async def _acknowledge(self, client: AsyncBaseSocketModeClient, frame: SocketModeRequest) -> None:
        self.carried = monotonic()
        headers: dict[str, str | Sequence[str]] = {ENVELOPE: frame.envelope_id}
        request = AsyncBoltRequest(mode="socket_mode", body=frame.payload, headers=headers)
        await send_async_response(client, frame, await dispatch(self._app, request), monotonic())

    def answered(self) -> bool:
        """Return whether a ping was answered since we last asked."""
        before, self._pong = self._pong, self.last_ping_pong_time
        return self._pong not in {None, before}

    async def leave(self) -> None:
        """Close when there is another link: what Slack sent by this one meanwhile is taken."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._parted.wait(), LINGER_SECONDS)
        await self.part()

    async def part(self) -> None:
        """Close: Slack is told, and what it sent before it heard of that is taken too."""
        session = self.current_session
        if session is not None and not session.closed:
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await session.send_frame(_NORMAL, WSMsgType.CLOSE)
                    await self._parted.wait()
        if self._frames:
            await asyncio.wait(self._frames, timeout=FAREWELL_SECONDS)
        await self.close()  # type: ignore[no-untyped-call] # the library's is not annotated

    async def _told(self, _message: WSMessage) -> None:
        self._parted.set()


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
        self._leaving: set[asyncio.Task[None]] = set()
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect, and to keep connected."""
        self._keeping = asyncio.create_task(self._keep(), name="socket mode")

    async def kept(self) -> None:
        """Wait for as long as a link is kept; Unavailable when there was none to be had for too long."""
        if self._keeping is not None:
            await asyncio.shield(self._keeping)

    async def close(self) -> None:
        """Close the link, and those that it replaced."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._link is not None:
            await self._link.part()
        await asyncio.gather(*self._leaving)

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
                self._leave(old)
            made = monotonic()
            await self._while_good(new)
            await asyncio.sleep(max(0.0, made + RETRY_SECONDS - monotonic()))  # Slack may end links at once

    def _leave(self, link: Link) -> None:
        task = asyncio.create_task(link.leave(), name="old link")
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _connected(self) -> Link:
        """Return a new link."""
        link = Link(self._app, self._app_token, self._logger)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await link.open(await self._outgoing.link_address(self._app_token))
        except TimeoutError:
            await link.part()
            raise SlackAway(f"took no link within {CONNECT_SECONDS} s", unsure=False) from None
        except BaseException:
            await link.part()
            raise
        return link

    async def _while_good(self, link: Link) -> None:
        """Wait until the link is over, or has answered no ping, or carried nothing, for a while."""
        answered = monotonic()
        while monotonic() < min(answered + DEAF_SECONDS, link.carried + SILENT_SECONDS):
            with suppress(TimeoutError):
                await asyncio.wait_for(link.over.wait(), LOOK_SECONDS)
                return
            if link.answered():
                answered = monotonic()


def _given_up(after: timedelta, why: Exception) -> Unavailable:
    return Unavailable(
        "slack",
        f"No link to Slack for {spell(after)} ({why}): this process ends, to be started again. "
        "If that repeats, `infra check` tries the token.",
    )
