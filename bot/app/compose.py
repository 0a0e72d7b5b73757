"""From settings to a wired bot: database, vendors, workflow."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel

from bot.app import deployed, nightly
from bot.app.kept import KeptCharges, KeptDecisions, KeptKeys, KeptSales, KeptVaults, ListedPeople
from bot.core.appointment import Appointment
from bot.core.board import Roster
from bot.core.bound import Bound
from bot.core.command import Organisation, nowhere
from bot.core.errors import ConfigurationError
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.takeover import Names
from bot.core.values import Json
from bot.core.vendor import Vendor
from bot.http import Heard, Network, network, unheard
from bot.store import Store, Transaction, journal, keys, people, sales
from bot.store.jobs import Handler, jobs_of
from bot.workflow.baseline import Accepted
from bot.workflow.board import Boards
from bot.workflow.costs import Costs
from bot.workflow.drift import Drifts
from bot.workflow.endings import Endings
from bot.workflow.executor import Executor
from bot.workflow.exports import Exports
from bot.workflow.leftovers import Leftovers
from bot.workflow.outside import Outside
from bot.workflow.reviews import ReviewLines, Reviews
from bot.workflow.rights import Rights
from bot.workflow.sales import Snapshots
from bot.workflow.service import Service
from bot.workflow.silence import Silence
from bot.workflow.takeover import Danglers
from bot.workflow.timers import Timers
from bot.workflow.wiring import Standing, Wiring
from commands import COMMANDS
from commands.digest.journal import JOURNAL
from commands.digest.tickets import TICKETS
from config.costs import book, shipped
from config.secrets import held
from config.settings import Digest, Settings
from integrations import VENDORS
from integrations.baseline import BASELINE
from integrations.board import BOARD
from integrations.costs import COSTS
from integrations.github import GITHUB
from integrations.keys import KEYS
from integrations.onepassword import ONEPASSWORD, health
from integrations.people import PEOPLE
from integrations.sales import SALES

Clock = Callable[[], datetime]
T = TypeVar("T")
log = structlog.get_logger()

MORNING = time(9)  # when the journal's head is published, if the settings do not say
WEB_CONNECTIONS = 2  # and one of the inbox
WORKER_CONNECTIONS = 3  # and three of the jobs


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def vendor_settings() -> Mapping[str, type[BaseModel]]:
    """Return the settings models of the vendors' sections, by name."""
    return {vendor.name: vendor.settings for vendor in VENDORS}


@dataclass(frozen=True)
class Core:
    """The bot without its frontends: what the terminal needs."""

    settings: Settings
    clock: Clock
    wiring: Wiring
    service: Service
    executor: Executor
    endings: Endings
    reviews: Reviews
    clients: Mapping[str, Any]

    @property
    def store(self) -> Store:
        """Return the database."""
        return self.wiring.store

    def handlers(self) -> dict[str, Handler]:
        """Return what the workflow's jobs do."""
        return {
            "apply": self.executor.apply,
            "tick": Timers(self.wiring).tick,
            "end": self.endings.end,
            "outside": Outside(self.wiring).look,
            "night": Leftovers(self.wiring).night,
            "sales": Snapshots(self.wiring).take,
            "silence": Silence(self.wiring).look,
            "rights": Rights(self.wiring).look,
            "costs": Costs(self.wiring).look,
            "review": self.reviews.advance,
            "look": Drifts(self.wiring).job,
            "names": Danglers(self.wiring).look,
            "board": Boards(self.wiring).look,
            "export": Exports(self.wiring).write,
        }


@asynccontextmanager
async def core(
    settings: Settings,
    clock: Clock,
    *,
    connections: int = WEB_CONNECTIONS,
    standing: "list[Standing] | None" = None,
    heard: Heard = unheard,
) -> AsyncIterator[Core]:
    """Open the database and the vendors; ConfigurationError when migrations are missing.

    *heard* is told of each call to a vendor.
    """
    async with AsyncExitStack() as stack:
        store = await Store.open(settings.database_url, connections=connections)
        stack.push_async_callback(store.close)
        await _ready(store, settings, clock)
        net = await stack.enter_async_context(network(clock, heard))
        jobs = jobs_of(store, clock, job_failed)
        record = KeptSales(store)
        clients = _clients(settings, net, record)
        vaults = KeptVaults(store, clock, clients.get(ONEPASSWORD.name))
        there = [(vendor, clients[vendor.name]) for vendor in VENDORS if vendor.name in clients]
        ours: list[tuple[Vendor[Any, Any, Any], Any]] = [
            (PEOPLE, ListedPeople(store, ReviewLines(store, jobs, clock))),
            (SALES, record),
            (BASELINE, Accepted(store)),
            (COSTS, KeptCharges(store)),
            (BOARD, KeptDecisions(store)),
            (
                KEYS,
                KeptKeys(
                    store,
                    [key for key, _ in held(settings)],
                    _offered(clients, lambda vendor: vendor.account),
                ),
            ),
            (ONEPASSWORD, vaults),
        ]
        readers = {vendor.name: vendor.reads(client) for vendor, client in there}
        us = organisation(settings)
        site = next(iter(_offered(readers, lambda vendor: vendor.site).values()), nowhere)
        asked = _offered(readers, lambda vendor: vendor.health)
        if GITHUB.name in asked:
            ask, reads = asked[GITHUB.name], readers[GITHUB.name]
            asked[GITHUB.name] = partial(deployed.health, ask, reads, us, site, clock)
        wiring = Wiring(
            store=store,
            jobs=jobs,
            clock=clock,
            organisation=us,
            policy=settings.policy,
            commands=COMMANDS,
            bound={each.name: Bound(each, of) for vendor, of in [*there, *ours] for each in vendor.resources},
            readers={**readers, **{vendor.name: vendor.reads(of) for vendor, of in ours}},
            standing=standing if standing is not None else [],
            ticketing=_first(_offered(readers, lambda vendor: vendor.ticketing)),
            site=site,
            checks={vendor.title: partial(vendor.check, client) for vendor, client in there if vendor.check},
            health=asked | {ONEPASSWORD.name: partial(health, vaults)},
            roster=_roster(settings),
            book=book(settings),
            exchange=_first(_offered(readers, lambda vendor: vendor.exchange)),
            told=_offered(readers, lambda vendor: vendor.costs),
            live=_offered(clients, lambda vendor: vendor.live),
            watch=timedelta(seconds=settings.watch_seconds),
            names=Names(
                pointing=_offered(readers, lambda vendor: vendor.pointing),
                claims=_offered(readers, lambda vendor: vendor.claims),
            ),
            appointments=_appointments(settings),
            **_nightly(store, settings),
        )
        executor = Executor(wiring)
        endings = Endings(wiring, executor)
        service = Service(wiring, executor)
        yield Core(settings, clock, wiring, service, executor, endings, Reviews(wiring, service), clients)


def _clients(settings: Settings, net: Network, record: KeptSales) -> dict[str, Any]:
    """Return the clients of what is set up; a seller's is about the event that *record* follows."""
    clients = {}
    for vendor in VENDORS:
        if vendor.name in settings.integrations:
            client = vendor.connect(settings.integrations[vendor.name], net)
            followed = partial(record.followed, vendor.name)
            clients[vendor.name] = vendor.follows(client, followed) if vendor.follows else client
    return clients


def _offered(
    given: Mapping[str, Any], offer: Callable[[Vendor[Any, Any, Any]], Callable[[Any], T] | None]
) -> dict[str, Callable[[], T]]:
    """Return an *offer* of those configured vendors that make it, by name, bound to what each is *given*."""
    return {
        vendor.name: partial(call, given[vendor.name])
        for vendor in VENDORS
        if vendor.name in given and (call := offer(vendor))
    }


def _first(offers: Mapping[str, Callable[[], T]]) -> T | None:
    """Return what the first of some vendors offers; None without any."""
    return next((call() for call in offers.values()), None)


def _appointments(settings: Settings) -> tuple[Appointment, ...]:
    """Return what is asked every day; without Slack there is nowhere to post it.

    The journal's head is published also when nobody thought of it.
    """
    channels = settings.slack.channels if settings.slack else None
    wanted = settings.digests
    if not any(each.command.split() == JOURNAL.path.split() for each in wanted):
        wanted = (*wanted, Digest(command=JOURNAL.path, at=MORNING, channel="approvals", quiet="skip"))
    return tuple(
        Appointment(
            line=each.command,
            at=each.at,
            channel=getattr(channels, each.channel),
            skips=each.quiet == "skip",
            launches=each.command.split() == TICKETS.path.split(),
        )
        for each in (wanted if channels else ())
    )


def _nightly(store: Store, settings: Settings) -> dict[str, Any]:
    """Return the night's export and its time, where one is wanted."""
    wanted = settings.export
    if wanted is None:
        return {}
    return {"export": partial(nightly.export, store, settings, wanted), "export_at": wanted.at}


def _roster(settings: Settings) -> Roster:
    """Return who is on the board: the organisers' vendors, and whoever else says how it does."""
    ours = {vendor.name: vendor.title for vendor in VENDORS if vendor.health}
    return Roster(
        titles={**shipped().titles, **ours},
        looked_at=frozenset(ours) & frozenset(settings.integrations) | {ONEPASSWORD.name},
        closed=tuple(each for vendor in VENDORS for each in vendor.closed),
        services=settings.services,
    )


def organisation(settings: Settings) -> Organisation:
    """Return who we are."""
    ours = settings.organisation
    return Organisation(ours.name, ours.domain, ours.timezone, settings.services)


def job_failed(key: str, error: Exception) -> None:
    """Log that a job failed."""
    log.warning("job failed, tried again", job=key, error=repr(error))


async def _ready(store: Store, settings: Settings, clock: Clock) -> None:
    """Bring SQLite up to date, or say how; seed what is empty: people, sales, vaults."""
    if store.dialect == "sqlite":
        await store.migrate()
    elif await store.behind():
        raise ConfigurationError("The database lacks migrations.", "Run `infra migrate`, then start again.")
    async with store.write() as tx:
        if settings.people and not await people.everyone(tx):
            for person in settings.people:
                await people.put(tx, person)
            await _seeded(tx, "people", clock, [person.name for person in settings.people])
        if settings.past_sales and not await sales.seasons(tx):
            for season in settings.past_sales:
                await sales.put(tx, season)
            await _seeded(tx, "sales", clock, [f"{season.year}" for season in settings.past_sales])
        if settings.vaults and not await keys.vaults(tx):
            for name, vault in settings.vaults.items():
                await keys.put_vault(tx, name, vault)
            await _seeded(tx, "vaults", clock, [*settings.vaults])


async def _seeded(tx: Transaction, subject: str, clock: Clock, names: list[str]) -> None:
    said: Json = {"names": [*names]}
    await journal.append(tx, subject=subject, kind=Kind.SEEDED, at=clock(), actor=CLOCK, payload=said)
