"""The Slack frontend as the composition root sees it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Protocol

from aiohttp import web
from pydantic import SecretStr

from bot.core.command import Command
from bot.core.people import Person
from bot.core.reply import Reply
from bot.core.values import Json
from bot.core.vendor import Finding
from bot.frontends.slack import absence, alarms, danglers, digests, lacks, leftovers, over_http, sales
from bot.frontends.slack.asking import Asking
from bot.frontends.slack.check import SHOWN, look
from bot.frontends.slack.desk import Desk, EndNow
from bot.frontends.slack.drift import DriftCards
from bot.frontends.slack.homes import Homes
from bot.frontends.slack.listeners import Listeners, bolt
from bot.frontends.slack.notices import Notices
from bot.frontends.slack.offers import Offers, Source
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from bot.frontends.slack.over_socket import SocketMode
from bot.frontends.slack.pace import USUAL, Rates
from bot.frontends.slack.people import People
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.reviewing import Reviewing
from bot.frontends.slack.sharing import Sharing
from bot.frontends.slack.worker import Worker
from bot.store import Store
from bot.store.inbox import Inbox
from bot.store.jobs import Later
from bot.workflow.reviews import Reviews
from bot.workflow.service import Service


class Channels(Protocol):
    """Where the bot speaks."""

    @property
    def approvals(self) -> str:
        """The channel in which requests are decided."""

    @property
    def digests(self) -> str | None:
        """The channel of the daily digests."""


class Settings(Protocol):
    """What the settings say of Slack."""

    @property
    def api_url(self) -> str:
        """Slack's Web API."""

    @property
    def transport(self) -> str:
        """``http`` or ``socket``."""

    @property
    def team_id(self) -> str:
        """Our workspace."""

    @property
    def app_id(self) -> str | None:
        """Our app, when payloads of another one are to be refused."""

    @property
    def bot_token(self) -> SecretStr:
        """The bot's token."""

    @property
    def signing_secret(self) -> SecretStr | None:
        """What Slack signs HTTP requests with."""

    @property
    def app_token(self) -> SecretStr | None:
        """What opens a socket."""

    @property
    def give_up_after(self) -> timedelta:
        """How long to try for a socket."""

    @property
    def channels(self) -> Channels:
        """Where the bot speaks."""


class SlackFrontend:
    """Slack: deliveries come in, are kept and worked on; cards and answers go out.

    Entered as a context it listens and works. `speaking` is less: a process
    that only runs jobs tells people what became of requests, and listens to
    nobody.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        inbox: Inbox,
        service: Service,
        clock: Callable[[], datetime],
        titles: Mapping[str, str],
        end_now: EndNow,
        reviews: Reviews,
        commands: Sequence[Command[Any]],
        sources: Sequence[Source],
        rates: Rates = USUAL,
    ) -> None:
        self._settings = settings
        self._store = store
        self._service = service
        token = settings.bot_token.get_secret_value()
        self._outgoing = Outgoing(settings.api_url, token, rates)
        self._people = People(self._outgoing, service, settings.team_id)
        approvals = settings.channels.approvals
        posts = self._posts = Posts(store, self._outgoing, clock)
        self._notices = Notices(service, self._outgoing, posts, clock, approvals, titles)
        self._drifts = DriftCards(store, service, posts, approvals, titles)
        self._homes = Homes(store, service, self._outgoing, self._people, titles)
        self._asking = Asking(commands, Offers(sources))
        self._reviewing = Reviewing(reviews, service, self._outgoing, posts, self._people, approvals)
        desk = Desk(
            store,
            service,
            self._outgoing,
            self._people,
            self._notices,
            self._homes,
            clock,
            approvals,
            end_now,
            self._asking,
            posts,
            Sharing(store, service, posts, clock),
            reviews,
        )
        self._worker = Worker(store, desk, clock)
        logger = logging.getLogger("slack")
        logger.setLevel(logging.ERROR)  # Bolt warns of variables that it finds in the environment
        self._app = bolt(self._outgoing.client(), token, settings.team_id, logger)
        listeners = Listeners(
            inbox,
            self._worker,
            self._outgoing,
            self._people,
            clock,
            settings.team_id,
            settings.app_id,
            self._asking,
        )
        listeners.register(self._app)
        self._app_token: str | None = None
        self._socket: SocketMode | None = None
        if settings.transport == "socket" and settings.app_token is not None:
            self._app_token = settings.app_token.get_secret_value()
            self._socket = SocketMode(
                self._app, self._outgoing, self._app_token, logger, settings.give_up_after
            )

    @property
    def routes(self) -> list[web.RouteDef]:
        """Return the routes to serve; none when Slack speaks over a socket."""
        secret = self._settings.signing_secret
        if self._settings.transport != "http" or secret is None:
            return []
        return over_http.routes(self._app, secret.get_secret_value())

    async def notify(self, payload: Json) -> None:
        """Show what became of a request (job ``notify``)."""
        try:
            await self._notices.notify(payload)
        except (Later, SlackRefused):  # a card that cannot be shown yet keeps no home from being drawn
            await self._homes.redraw()
            raise
        await self._homes.redraw()

    async def homes(self, _payload: Json) -> None:
        """Draw the homes anew that show what is so no longer (job ``homes``)."""
        await self._homes.redraw()

    async def absence(self, payload: Json) -> None:
        """Tell what happened while the bot was away (job ``absence``)."""
        zone = (await self._service.situation()).zone
        await absence.tell(payload, self._store, self._posts, self._settings.channels.approvals, zone)

    async def leftovers(self, payload: Json) -> None:
        """Tell what ended grants left over (job ``leftovers``)."""
        zone = (await self._service.situation()).zone
        await leftovers.tell(payload, self._posts, self._settings.channels.approvals, zone)

    async def lacks(self, payload: Json) -> None:
        """Tell what a vendor does not let the bot do any more (job ``lacks``)."""
        await lacks.tell(payload, self._posts, self._settings.channels.approvals)

    async def silent(self, payload: Json) -> None:
        """Tell that tickets are not bought, or not sold, as they should be (job ``silent``)."""
        await sales.tell_silent(payload, self._posts, self._settings.channels.approvals)

    async def sold(self, payload: Json) -> None:
        """Tell how much of a kind of ticket is sold (job ``sold``)."""
        channels = self._settings.channels
        await sales.tell_sold(payload, self._posts, channels.digests or channels.approvals)

    async def alarms(self, payload: Json) -> None:
        """Tell what changes the costs, or how much of a budget is spent (job ``alarms``)."""
        await alarms.tell(payload, self._posts, self._settings.channels.approvals)

    async def danglers(self, payload: Json) -> None:
        """Tell which of our names anybody could take (job ``danglers``)."""
        await danglers.tell(payload, self._posts, self._settings.channels.approvals)

    async def reviewed(self, _payload: Json) -> None:
        """Show how far a review is, and ask who is in it (job ``reviewed``)."""
        await self._reviewing.show()

    async def drift(self, payload: Json) -> None:
        """Show what others changed at a vendor, and what became of it (job ``drift``)."""
        await self._drifts.notify(payload)

    async def digest(self, id_: str, channel: str, reply: Reply) -> None:
        """Show a digest of the schedule in a channel, or what it is now."""
        await digests.show(id_, channel, reply, self._posts)

    async def active(self, person: Person) -> bool | None:
        """Return whether a person is a full, active member in Slack; None when Slack does not say."""
        return await self._people.active(person)

    async def check(self) -> list[Finding]:
        """Return what ``infra check`` says of Slack."""
        async with self.speaking():
            channels, team = self._settings.channels, self._settings.team_id
            used = {name: id_ for name in SHOWN if (id_ := getattr(channels, name))}
            return await look(self._outgoing, team, used, self._app_token)

    async def finish(self) -> None:
        """Let deliveries that are worked on finish, for a while; other processes take up what is left."""
        await self._worker.finish()

    async def listening(self) -> None:
        """Wait for as long as Slack can be heard; Unavailable when there was no socket for too long."""
        await (self._socket.kept() if self._socket is not None else asyncio.Event().wait())

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator["SlackFrontend"]:
        """Open the way to Slack for a process that only tells."""
        await self._outgoing.open()
        try:
            yield self
        finally:
            await self._outgoing.close()

    async def __aenter__(self) -> "SlackFrontend":
        await self._outgoing.open()
        self._worker.start()
        if self._socket is not None:
            self._socket.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()
        await self._asking.close()
        await self._worker.close()
        await self._outgoing.close()
