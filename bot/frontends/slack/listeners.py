"""Listeners that check, keep and acknowledge; the work itself comes after, from what was kept."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import BotError
from bot.core.values import Json
from bot.frontends.slack import kit
from bot.frontends.slack.asking import ASK, CHOICE, Asking
from bot.frontends.slack.delivery import REASON, Delivery, Kind, key, ours, scrubbed, sound
from bot.frontends.slack.forms import FORMS
from bot.frontends.slack.home import away
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused
from bot.frontends.slack.people import People
from bot.frontends.slack.worker import Worker
from bot.store import StoreUnavailable
from bot.store.inbox import Inbox

NOT_KEPT = (
    "I could not take that just now: my database is away. Nothing happened. Please try again in a minute."
)
FOREIGN = "I work for another workspace, so I cannot help you here. Nothing happened."
COMMAND = "/infra"
AT_ONCE = 1.0  # of the three seconds that Slack waits for options; the rest is for vendors
ANY = re.compile(".*", re.DOTALL)
log = structlog.get_logger()


class Listeners:
    """What Bolt calls. An acknowledgement means that the delivery is kept."""

    def __init__(
        self,
        inbox: Inbox,
        worker: Worker,
        outgoing: Outgoing,
        people: People,
        clock: Callable[[], datetime],
        team_id: str,
        app_id: str | None,
        asking: Asking,
    ) -> None:
        self._inbox = inbox
        self._worker = worker
        self._outgoing = outgoing
        self._people = people
        self._clock = clock
        self._team_id = team_id
        self._app_id = app_id
        self._asking = asking
        self._asides: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        """Register everything the bot listens to; all else is acknowledged in silence."""
        app.command(COMMAND)(self.command)
        app.action({"type": "block_actions", "action_id": ANY})(self.action)
        app.shortcut({"type": "shortcut", "callback_id": ASK})(self.shortcut)
        for name in (*FORMS, ASK):
            app.view(name)(self.view)
        app.options(ANY)(self.options)
        for event in ("message", "app_mention", "app_home_opened"):
            app.event(event)(self.event)
        app.event("user_change")(self.user_changed)
        app.error(failed)

    async def command(self, request: AsyncBoltRequest, ack: AsyncAck) -> None:
        """Take a slash command."""
        if not self._ours(request):
            await ack(FOREIGN)
        elif await self._kept("command", request):
            await ack()
        else:
            await ack(NOT_KEPT)

    async def shortcut(self, request: AsyncBoltRequest, ack: AsyncAck) -> BoltResponse | None:
        """Take the global shortcut: it is the command with nothing behind it."""
        if self._ours(request) and not await self._kept("command", request):
            return BoltResponse(status=500)
        await ack()
        return None

    async def action(self, request: AsyncBoltRequest, ack: AsyncAck) -> None:
        """Take the press of a button; one that only opens a link needs no more than an answer."""
        await ack()
        if not self._ours(request):
            self._aside(request, FOREIGN)
        elif Delivery("", "action", request.body, self._clock()).action[0] == kit.OPEN:
            return
        elif not await self._kept("action", request):
            self._aside(request, NOT_KEPT)

    async def view(self, request: AsyncBoltRequest, ack: AsyncAck) -> None:
        """Take a form; what is wrong with a field is said at once."""
        if not self._ours(request):
            await ack()
            return
        delivery = Delivery("", "view", request.body, self._clock())
        name, _, reason = delivery.form
        if name == ASK:
            place, wrong = CHOICE, self._asking.complaint(delivery)
        else:
            place, wrong = REASON, {} if reason else {REASON: "Say why: it is required."}
        if not wrong and not await self._kept("view", request):
            wrong = {place: NOT_KEPT}
        await (ack(response_action="errors", errors=wrong) if wrong else ack())

    async def options(self, request: AsyncBoltRequest, ack: AsyncAck) -> None:
        """Offer names while somebody types; none to whom the bot would not answer."""
        offered: list[Json] = []
        delivery = Delivery("", "action", scrubbed(request.body), self._clock())
        if self._ours(request) and await self._known(delivery):
            kinds, typed = delivery.body["action_id"], str(delivery.body.get("value") or "")
            offered = await self._asking.offered(kinds, typed)
        await ack(options=offered)

    async def _known(self, delivery: Delivery) -> bool:
        """Return whether somebody may speak to the bot, where that can be told at once."""
        try:
            async with asyncio.timeout(AT_ONCE):
                await self._people.trusted(delivery.user, delivery.team)
        except (BotError, SlackAway, SlackRefused, TimeoutError):
            return False
        return True

    async def event(self, request: AsyncBoltRequest, ack: AsyncAck) -> BoltResponse | None:
        """Take what is said to the bot, or that its home was opened; Slack repeats what is not kept."""
        if self._ours(request) and _for_us(request.body) and not await self._kept("event", request):
            self._excused(request)
            return BoltResponse(status=500)
        await ack()
        return None

    async def user_changed(self, request: AsyncBoltRequest, ack: AsyncAck) -> None:
        """Forget what was known of somebody who changed."""
        await ack()
        user = request.body["event"].get("user")
        if self._ours(request) and isinstance(user, dict):
            self._people.forget(str(user.get("id")))

    def _ours(self, request: AsyncBoltRequest) -> bool:
        good = ours(request.body, self._team_id, self._app_id)
        if not good:
            log.warning("foreign delivery", team=request.context.team_id, app=request.body.get("api_app_id"))
        return good

    async def _kept(self, kind: Kind, request: AsyncBoltRequest) -> bool:
        """Keep a delivery and have it worked on; False when it cannot be kept."""
        body = scrubbed({name: part for name, part in request.body.items() if name != "token"})
        at, name = self._clock(), key(kind, request)
        try:
            with self._worker.arriving():
                new = await self._inbox.keep(name, kind, json.dumps(body), at)
        except (TimeoutError, StoreUnavailable) as error:
            log.warning("delivery not kept", delivery=name, why=type(error).__name__)
            return False
        if new:
            self._worker.take(Delivery(name, kind, body, at))
        return True

    def _aside(self, request: AsyncBoltRequest, text: str) -> None:
        """Tell whoever pressed a button something, beside the acknowledgement."""
        url = request.body.get("response_url")
        if isinstance(url, str):
            self._beside(self._outgoing.respond(url, kit.said(text)))

    def _excused(self, request: AsyncBoltRequest) -> None:
        """Say in a home that was opened that it cannot be drawn now; Slack's repetition draws it."""
        event = request.body["event"]
        if event.get("type") == "app_home_opened":
            self._beside(self._outgoing.show_home(event["user"], away().view))

    def _beside(self, telling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._told(telling))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _told(self, telling: Coroutine[Any, Any, None]) -> None:
        try:
            await telling
        except (SlackAway, SlackRefused) as error:
            log.info("not told", why=str(error))


def _for_us(body: dict[str, Any]) -> bool:
    """Return whether an event is a person speaking to the bot, or opening its home."""
    event = body.get("event")
    if not isinstance(event, dict) or event.get("bot_id") or not isinstance(event.get("user"), str):
        return False
    if event.get("type") == "message":
        return event.get("channel_type") == "im" and not event.get("subtype")
    return event.get("type") != "app_home_opened" or event.get("tab") == "home"


async def failed(error: Exception, request: AsyncBoltRequest) -> BoltResponse:
    """Answer what no listener took in silence, and what broke without a word of why."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200)
    log.error("listener broke", kind=request.body.get("type"), exc_info=error)
    return BoltResponse(status=500)


async def dispatch(app: AsyncApp, request: AsyncBoltRequest) -> BoltResponse:
    """Return Bolt's answer to a request; what has no shape that Bolt can read is dropped."""
    if sound(request.body):
        return await app.async_dispatch(request)
    log.warning("unreadable delivery", kind=str(request.body.get("type"))[:40])
    return BoltResponse(status=200)


def bolt(client: AsyncWebClient, token: str, team_id: str, logger: Any) -> AsyncApp:
    """Return a Bolt app that answers when its listener is through, and calls nobody to do so.

    Signatures are checked before Bolt sees a request: it reads the body first,
    and trips over malformed headers.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token)

    return AsyncApp(
        name="infra",  # unnamed, Bolt reads the source of whoever calls it, to name itself after it
        logger=logger,
        client=client,
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,  # answered before Bolt too
        ignoring_self_events_enabled=False,  # `_for_us` does
        attaching_function_token_enabled=False,  # the bot has no workflow steps
    )
