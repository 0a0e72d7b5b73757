"""The bot that serves: Slack, health, and the work that waits."""

import asyncio
import ctypes
import gc
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from aiohttp import web

from bot.app.alive import alive
from bot.app.compose import Clock, Core, core, now
from bot.app.figures import Figures
from bot.app.sources import sources
from bot.app.turns import without_worker
from bot.app.watched import watched
from bot.core.errors import BotError
from bot.core.people import Person
from bot.core.vendor import Reader, Unsigned
from bot.frontends.schedule import Schedule
from bot.frontends.slack import USUAL, Rates, SlackFrontend
from bot.frontends.webhooks import Webhooks
from bot.store import StoreUnavailable, journal
from bot.store.inbox import Inbox
from bot.workflow.timers import Timers
from bot.workflow.wiring import Standing
from commands import COMMANDS
from config.settings import Settings
from integrations import OURS, VENDORS

log = structlog.get_logger()

SWEEP_SECONDS = 30.0
UNCOUNTED = Figures()
GRACE_SECONDS = 5.0  # that a request to us gets to finish at a stop; jobs have 25 of their own


@dataclass(frozen=True)
class App:
    """The bot that serves: where it listens, and its parts."""

    core: Core
    slack: SlackFrontend
    port: int

    async def until(self, stop: asyncio.Event) -> None:
        """Serve until *stop*; Unavailable when Slack could not be heard for too long."""
        stopping = asyncio.create_task(stop.wait())
        listening = asyncio.create_task(self.slack.listening())
        try:
            await asyncio.wait((stopping, listening), return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                await listening
        finally:
            stopping.cancel()
            listening.cancel()


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Clock = now,
    host: str | None = None,
    port: int | None = None,
    jobs: bool = True,
    sweep: float = SWEEP_SECONDS,
    figures: Figures = UNCOUNTED,
    rates: Rates = USUAL,
) -> AsyncIterator[App]:
    """Serve Slack and, with *jobs*, do the work that waits, until the block ends."""
    standing: list[Standing] = []
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(
            core(settings, clock, standing=standing, heard=figures.vendor)
        )
        inbox = Inbox(opened.store)
        await inbox.start()
        stack.push_async_callback(inbox.close)
        slack = slack_frontend(opened, inbox, rates)
        standing += standings(opened, slack)
        await stack.enter_async_context(alive(opened.wiring, settings.heartbeat_url))
        await stack.enter_async_context(slack)
        hooks = webhooks(opened, inbox)
        stack.push_async_callback(hooks.close)
        stop = asyncio.Event()
        if jobs:
            await stack.enter_async_context(working(opened, slack, stop, sweep, figures, alone=False))
        stack.push_async_callback(slack.finish)
        listening = await stack.enter_async_context(
            listening_at(
                host or settings.server.host,
                settings.server.port if port is None else port,
                opened,
                [*slack.routes, *hooks.routes],
                figures,
            )
        )
        stack.callback(stop.set)  # first of all: jobs finish beside the last requests and deliveries
        yield App(opened, slack, listening)


def settle() -> None:
    """Spare the garbage collector what stays for good, and look for garbage less often: acks come sooner.

    For a process that serves and does nothing else: what lives now is never collected. What the start took
    and needs no more, a dozen megabytes, goes back to the machine where its C library can do that.
    """
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):  # musl, macOS, Windows have no such call
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def slack_frontend(opened: Core, inbox: Inbox, rates: Rates = USUAL) -> SlackFrontend:
    """Return the Slack frontend of an opened bot."""
    return SlackFrontend(
        settings=opened.settings.chat(),
        store=opened.store,
        inbox=inbox,
        service=opened.service,
        clock=opened.clock,
        titles={vendor.name: vendor.title for vendor in (*VENDORS, *OURS)},
        end_now=opened.endings.end_now,
        reviews=opened.reviews,
        commands=COMMANDS,
        sources=sources(opened),
        rates=rates,
    )


def webhooks(opened: Core, inbox: Inbox) -> Webhooks:
    """Return the webhooks of an opened bot: those of the vendors whose secret is set."""
    return Webhooks(readers(opened.settings), inbox, Timers(opened.wiring).look, opened.clock)


def readers(settings: Settings) -> dict[str, Reader | Unsigned]:
    """Return who reads the webhooks of the vendors whose secret is set."""
    sections = settings.integrations
    return {
        vendor.name: reader
        for vendor in VENDORS
        if vendor.webhooks and vendor.name in sections and (reader := vendor.webhooks(sections[vendor.name]))
    }


def standings(opened: Core, slack: SlackFrontend) -> list[Standing]:
    """Return the checks that a decider is still who they were: in Slack, and at vendors when they answer."""
    return [
        slack.active,
        *(
            partial(_not_denied, vendor.standing, opened.clients[vendor.name])
            for vendor in VENDORS
            if vendor.standing and vendor.name in opened.clients
        ),
    ]


async def _not_denied(
    standing: Callable[[Any, Person], Awaitable[bool | None]], client: Any, person: Person
) -> bool:
    """Return whether a vendor lets *person* pass: its silence holds nothing up, only Slack's does."""
    return await standing(client, person) is not False


@asynccontextmanager
async def working(
    opened: Core,
    slack: SlackFrontend,
    stop: asyncio.Event,
    sweep: float,
    figures: Figures,
    *,
    alone: bool,
) -> AsyncIterator[None]:
    """Run jobs and timers; at the end let the step in flight finish.

    Who is not *alone* in that leaves the jobs to a worker while there is one, which takes PostgreSQL.
    """
    schedule = Schedule(opened.wiring, opened.service, slack.digest)
    told = {
        "notify": slack.notify,
        "absence": slack.absence,
        "leftovers": slack.leftovers,
        "lacks": slack.lacks,
        "alarms": slack.alarms,
        "silent": slack.silent,
        "sold": slack.sold,
        "danglers": slack.danglers,
        "homes": slack.homes,
        "reviewed": slack.reviewed,
        "drift": slack.drift,
        "digest": schedule.digest,
        "news": schedule.news,
    }
    jobs, store = opened.wiring.jobs, opened.store
    handlers = watched(opened.handlers() | told, store, figures)
    run = (
        jobs.run(handlers, stop)
        if alone or store.dialect == "sqlite"
        else without_worker(jobs, store, opened.clock, handlers, stop)
    )
    tasks = [
        asyncio.create_task(run, name="jobs"),
        asyncio.create_task(Timers(opened.wiring).run(stop, sweep, _sweep_failed), name="timers"),
    ]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


def _sweep_failed(error: Exception) -> None:
    log.warning("sweep failed, tried again", error=repr(error))


def _web(opened: Core, routes: Sequence[web.RouteDef], figures: Figures) -> web.Application:
    async def alive(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_request: web.Request) -> web.Response:
        try:
            async with opened.store.read() as tx:
                lines, _ = await journal.head(tx)
        except BotError as error:
            return web.json_response({"ready": False, "why": error.message}, status=503)
        return web.json_response({"ready": True, "journal": lines})

    token = opened.settings.server.metrics_token

    async def counted(request: web.Request) -> web.Response:
        if token is None:
            raise web.HTTPNotFound
        due = f"Bearer {token.get_secret_value()}"
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), due.encode()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        try:
            return await figures.page(opened.store)
        except StoreUnavailable as away:
            raise web.HTTPServiceUnavailable(text=away.message) from None

    app = web.Application(client_max_size=1024**2, middlewares=figures.middlewares)
    own = [web.get("/healthz", alive), web.get("/readyz", ready), web.get("/metrics", counted)]
    app.add_routes([*own, *routes])
    return app


@asynccontextmanager
async def listening_at(
    host: str,
    port: int,
    opened: Core,
    routes: Sequence[web.RouteDef] = (),
    figures: Figures = UNCOUNTED,
) -> AsyncIterator[int]:
    """Answer *routes*, and how the process does; give the port."""
    runner = web.AppRunner(
        _web(opened, routes, figures), access_log=None, shutdown_timeout=GRACE_SECONDS, auto_decompress=False
    )  # nobody who calls us packs bodies; unpacking forged ones ends in tracebacks
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
