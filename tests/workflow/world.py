"""The workflow with everything around it, small: people, a shelf, a clock that a test moves."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import event, select

from bot.core.bound import Bound
from bot.core.change import Change, Plan, Request
from bot.core.command import Arg, Command, Context, NoArgs, Organisation
from bot.core.event import Event, Kind
from bot.core.people import Actor, Person, Role
from bot.core.policy import Policy, Span
from bot.core.reply import Progress, Reply
from bot.core.review import LINES, SUBJECT, fold
from bot.core.run import Run
from bot.core.status import State, Status
from bot.core.values import Json
from bot.core.vendor import Resource
from bot.http.network import uptime
from bot.store import Store, Transaction, grants, journal, people, requests
from bot.store.grants import GrantState
from bot.store.jobs import EmbeddedJobs, _resume
from bot.store.tables import GRANTS, JOBS, REQUESTS
from bot.workflow.baseline import Accepted
from bot.workflow.board import Boards
from bot.workflow.costs import Costs
from bot.workflow.decisions import Verb
from bot.workflow.drift import Drifts
from bot.workflow.endings import Endings
from bot.workflow.executor import Executor
from bot.workflow.exports import Exports
from bot.workflow.leftovers import Leftovers
from bot.workflow.outside import Outside
from bot.workflow.reviews import ReviewLines, Reviews
from bot.workflow.rights import Rights
from bot.workflow.sales import Snapshots
from bot.workflow.service import Filed, Service
from bot.workflow.silence import Silence
from bot.workflow.takeover import Danglers
from bot.workflow.timers import Timers
from bot.workflow.wiring import Standing, Wiring, subject
from integrations.baseline import ACCEPTED, Acceptance
from tests.workflow.shelf import BELL, BOX, JAR, KEY, NOTE, WINDOW, Belfry, Box, Shelf

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 6, 15, 9, 0, tzinfo=LONDON).astimezone(UTC)  # a Monday
OWNERS = ("Charlie", "Cory", "George", "Kristian", "Owen", "Peter")
ORGANISATION = Organisation(name="PyCon UK", domain="pyconuk.org", zone=LONDON, services={})
EVERYONE = (
    *(
        Person(name=name, role=Role.OWNER, slack=(f"U0{name.upper()}",), github=name.lower())
        for name in OWNERS
    ),
    *(Person(name=f"organiser-{n}", role=Role.ORGANISER, slack=(f"U0ORG{n}",)) for n in (1, 2)),
    Person(name="reader-1", role=Role.READER),
)
ACTORS = {person.name: Actor.of(person, "slack") for person in EVERYONE}
ORGANISER, READER = ACTORS["organiser-1"], ACTORS["reader-1"]


class Killed(BaseException):
    """The process dies here."""


class Life:
    """How many steps the process still lives, None: for ever; *ill*: what the next step raises, once."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.ill: Exception | None = None
        self.steps = 0

    def spend(self) -> None:
        """Take one step, or die."""
        self.steps += 1
        ill, self.ill = self.ill, None
        if ill:
            raise ill
        if self.left is None:
            return
        if self.left == 0:
            self.left = None
            raise Killed
        self.left -= 1


class MortalStore(Store):
    """The store, with a place to die before, within and after each transaction that writes."""

    life: Life
    written: list[float]

    def write(self) -> Any:
        """Give a transaction."""
        return _Mortal(super().write(), self)


class _Mortal:
    def __init__(self, inner: Any, store: MortalStore) -> None:
        self._inner, self._store = inner, store

    async def __aenter__(self) -> Transaction:
        self._store.life.spend()
        tx: Transaction = await self._inner.__aenter__()
        return tx

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._store.life.spend()
            except Killed as killed:
                await self._inner.__aexit__(Killed, killed, killed.__traceback__)
                raise
        await self._inner.__aexit__(kind, error, trace)
        self._store.written.append(uptime())
        if error is None:
            self._store.life.spend()


class Clock:
    """The time, which a test moves."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


def _aware(at: datetime | None) -> datetime | None:
    """Return a moment, of a mere day its beginning."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


class PutArgs(BaseModel):
    """Which boxes hold what, until when."""

    items: Annotated[tuple[str, ...], Arg("BOX=THING", positional=True)]
    lasts: Annotated[Span | None, Arg("DURATION")] = Field(None, alias="for")
    until: Annotated[datetime | None, AfterValidator(_aware)] = None
    at: datetime | None = None
    restore: bool = False


async def _put(args: PutArgs, ctx: Context, resource: Resource[Any, Box] = BOX) -> Plan:
    items = [item.partition("=") for item in args.items]
    afters = {target: Box(holds=thing) if thing else None for target, _, thing in items}
    changes = await ctx.changes(resource, afters)
    ends = args.lasts or args.until
    return Plan(
        title=f"Put {', '.join(args.items)}",
        changes=changes,
        lasts=args.lasts,
        ends_at=args.until,
        ending=tuple(_removal(change) for change in changes) if ends else (),
        run_at=args.at,
        on_failure="restore" if args.restore else "leave",
    )


def _removal(change: Change) -> Change:
    words = f"{change.target} is emptied"
    return Change(
        resource=change.resource, target=change.target, before=change.after, after=None, words=words
    )


class NameArgs(BaseModel):
    """A name, and a text."""

    name: Annotated[str, Arg("NAME", positional=True)]
    text: Annotated[str | None, Arg("TEXT", positional=True)] = None


async def _note(args: NameArgs, ctx: Context) -> Plan:
    change = await ctx.change(NOTE, args.name, Box(holds=args.text) if args.text else None)
    return Plan(title=f"Note {args.name}", changes=(change,))


async def _key(args: NameArgs, ctx: Context) -> Plan:
    change = await ctx.change(KEY, args.name, Box(holds=args.text) if args.text else None)
    return Plan(title=f"Key of {args.name}", changes=(change,))


async def _letter(args: NameArgs, ctx: Context) -> Plan:
    change = await ctx.change(WINDOW, args.name, Box(holds=args.text) if args.text else None)
    return Plan(title=f"Letter {args.name}", changes=(change,))


async def _ring(args: PutArgs, ctx: Context) -> Plan:
    changes = [await ctx.change(BELL, bell, Run()) for bell in args.items]
    return Plan(title=f"Ring {', '.join(args.items)}", changes=tuple(changes), run_at=args.at)


async def _unconfirmed(_args: NoArgs, ctx: Context) -> Plan | Reply:
    """Take the keys of whoever did not confirm; people are called as their boxes are."""
    review = fold(await ctx.journal.lines(subject=SUBJECT, limit=LINES))
    names = [name for name in review.terms.holds if name not in review.helping] if review else []
    if not names:
        return Reply(title="Everybody still helps")
    changes = [await ctx.change(BOX, name, None) for name in names]
    return Plan(title="Take access", changes=tuple(changes))


async def _drift(args: NameArgs, ctx: Context) -> Plan:
    """Accept what differs, or put it back."""
    found = [each for seen in await ctx.watched() if seen.drift for each in seen.drift.open]
    if args.name == "revert":
        changes = [(await ctx.back(each.change))[0] for each in found]
    else:
        changes = [await _accepted(each.change, ctx) for each in found]
    return Plan(title=f"{args.name} {len(found)}", changes=tuple(changes))


async def _accepted(made: Change, ctx: Context) -> Change:
    after = Acceptance(state=made.after) if made.after else None
    return await ctx.change(ACCEPTED, f"{made.resource}/{made.target}", after)


async def _look(_args: NoArgs, ctx: Context) -> Reply:
    await ctx.report(Progress(text="Counting"))
    return Reply(title=f"{len(await ctx.requests.newest())} requests")


COMMANDS: tuple[Command[Any], ...] = (
    Command("put", "Fill boxes", PutArgs, _put),
    Command("fill", "Fill jars, several at once", PutArgs, partial(_put, resource=JAR)),
    Command("note", "Keep a note", NameArgs, _note, role=Role.READER),
    Command("key", "Give or take a key", NameArgs, _key),
    Command("letter", "Letter a window", NameArgs, _letter),
    Command("ring", "Ring bells", PutArgs, _ring),
    Command("people unconfirmed", "Take access", NoArgs, _unconfirmed),
    Command("drift", "Adopt or revert", NameArgs, _drift),
    Command("look", "Count", NoArgs, _look, role=Role.READER),
)


@dataclass
class World:
    """One process of the bot."""

    store: MortalStore
    life: Life
    clock: Clock
    shelf: Shelf
    notes: Shelf
    keys: Shelf
    bells: Belfry
    wiring: Wiring
    told: list[tuple[str, int]] = field(default_factory=list)
    left: list[Json] = field(default_factory=list)
    lacks: list[Json] = field(default_factory=list)
    silent: list[Json] = field(default_factory=list)
    sold: list[Json] = field(default_factory=list)
    digests: list[tuple[str, Json]] = field(default_factory=list)
    dangling: list[Json] = field(default_factory=list)
    reviewed: int = 0
    homes: int = 0
    cards: list[int] = field(default_factory=list)
    alarms: list[Json] = field(default_factory=list)
    failures: list[tuple[str, Exception]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make what is wired."""
        self.executor = Executor(self.wiring, sleep=self.clock.sleep)
        self.service = Service(self.wiring, self.executor)
        self.timers = Timers(self.wiring)
        self.endings = Endings(self.wiring, self.executor)
        self.leftovers = Leftovers(self.wiring)
        self.rights = Rights(self.wiring)
        self.reviews = Reviews(self.wiring, self.service)
        self.review_lines = ReviewLines(self.store, self.jobs, self.clock)
        self.drifts = Drifts(self.wiring)
        self._keys = 0

    @property
    def handlers(self) -> Mapping[str, Callable[[Json], Awaitable[None]]]:
        """Return what runs which kind of job."""
        return {
            "apply": self.executor.apply,
            "tick": self.timers.tick,
            "end": self.endings.end,
            "night": self.leftovers.night,
            "sales": Snapshots(self.wiring).take,
            "silence": Silence(self.wiring).look,
            "silent": self._silent,
            "sold": self._sold,
            "digest": partial(self._digest, "digest"),
            "news": partial(self._digest, "news"),
            "outside": Outside(self.wiring).look,
            "review": self.reviews.advance,
            "reviewed": self._reviewed,
            "notify": self._notify,
            "leftovers": self._left,
            "rights": self.rights.look,
            "lacks": self._lacks,
            "costs": Costs(self.wiring).look,
            "alarms": self._alarms,
            "names": Danglers(self.wiring).look,
            "danglers": self._dangling,
            "board": Boards(self.wiring).look,
            "homes": self._homes,
            "look": self.drifts.job,
            "export": Exports(self.wiring).write,
            "drift": self._drifted,
        }

    async def _notify(self, payload: Json) -> None:
        self.told.append((str(payload["request"]), int(str(payload["seq"]))))

    async def _reviewed(self, _payload: Json) -> None:
        self.reviewed += 1

    async def _drifted(self, payload: Json) -> None:
        self.cards.append(int(str(payload["episode"])))

    async def _left(self, payload: Json) -> None:
        self.left.append(payload)

    async def _alarms(self, payload: Json) -> None:
        self.alarms.append(payload)

    async def _homes(self, _payload: Json) -> None:
        self.homes += 1

    async def _dangling(self, payload: Json) -> None:
        self.dangling.append(payload)

    async def _silent(self, payload: Json) -> None:
        self.silent.append(payload)

    async def _sold(self, payload: Json) -> None:
        self.sold.append(payload)

    async def _digest(self, kind: str, payload: Json) -> None:
        self.digests.append((kind, payload))

    async def _lacks(self, payload: Json) -> None:
        self.lacks.append(payload)

    @property
    def jobs(self) -> EmbeddedJobs:
        """Return the jobs."""
        jobs = self.wiring.jobs
        assert isinstance(jobs, EmbeddedJobs)
        return jobs

    # what people do

    def actor(self, name: str) -> Actor:
        """Return a person of ours at Slack."""
        return ACTORS[name]

    def key(self) -> str:
        """Return a delivery key of its own."""
        self._keys += 1
        return f"delivery {self._keys}"

    async def ask(self, line: str, by: Actor = ORGANISER, key: str | None = None) -> Filed:
        """Ask for a change."""
        filed = await self.service.ask(line, by, key or self.key())
        assert isinstance(filed, Filed), filed
        return filed

    async def asked(self, line: str, by: Actor = ORGANISER) -> Request:
        """Ask for a change, and return its request."""
        return (await self.ask(line, by)).request

    async def change(self, target: str, thing: str) -> Change:
        """Return the change of one box from what it holds."""
        return await self.wiring.bound["shelf.box"].plan(target, Box(holds=thing))

    async def decide(self, request: Request, verb: Verb, by: str, reason: str = "") -> Status:
        """Decide about what was shown, and return the status."""
        actor = ACTORS[by]
        _, status = await self.service.decide(request.id, request.short_digest, verb, actor, reason)
        return status

    async def approved(self, line: str, by: str = "Cory", asker: Actor = ORGANISER) -> Request:
        """Ask for a change, have it approved, and let it be carried out as far as it goes now."""
        request = await self.asked(line, asker)
        await self.decide(request, "approve", by)
        await self.drain()
        return request

    # what happens by itself

    async def drain(self) -> None:
        """Run the jobs that are due, and those they ask for."""
        while jobs := await self.jobs._claim(self.handlers, ()):
            for job in jobs:
                await self.jobs._work(job, self.handlers[job.kind])

    async def restart(self) -> None:
        """Begin anew after a death."""
        self.life.left = None
        async with self.store.write() as tx:
            await _resume(tx)

    async def sweep(self) -> None:
        """Look for what is due, and do it."""
        await self.timers.sweep()
        await self.drain()

    async def later(self, **span: float) -> None:
        """Let time pass, from one thing that is due to the next."""
        until = self.clock.now + timedelta(**span)
        await self.sweep()
        while (due := await self._next()) and due <= until:
            self.clock.now = due
            await self.sweep()
        self.clock.now = max(until, self.clock.now)
        await self.sweep()

    async def jump(self, **span: float) -> None:
        """Let time pass while the bot is down, and look then for what is due."""
        self.clock.now += timedelta(**span)
        await self.sweep()

    async def _next(self) -> datetime | None:
        now = self.clock.now
        columns = (REQUESTS.c.due_at, GRANTS.c.due_at, JOBS.c.run_at)
        async with self.store.read() as tx:
            found = [
                await tx.scalar(select(column).where(column > now).order_by(column).limit(1))
                for column in columns
            ]
        return min((at for at in found if at is not None), default=None)

    async def everyone(self, *changed: Person, without: Sequence[str] = ()) -> None:
        """Change our list of people."""
        async with self.store.write() as tx:
            for person in changed:
                await people.put(tx, person)
            for name in without:
                await people.remove(tx, name)

    async def demote(self, name: str) -> None:
        """Make an owner an organiser."""
        person = next(person for person in EVERYONE if person.name == name)
        await self.everyone(person.model_copy(update={"role": Role.ORGANISER}))

    # what can be seen

    async def status(self, request: Request) -> Status:
        """Return a request's status."""
        return (await self.service.view(request.id))[1]

    async def state(self, request: Request) -> State:
        """Return the state that the row of a request says."""
        async with self.store.read() as tx:
            found = await requests.state(tx, request.id)
        assert found is not None
        return found

    async def lines(self, request: Request) -> list[Event]:
        """Return the journal of a request."""
        async with self.store.read() as tx:
            return await journal.of(tx, subject(request.id))

    async def kinds(self, request: Request) -> list[Kind]:
        """Return the kinds of the journal's lines of a request."""
        return [event.kind for event in await self.lines(request)]

    async def refusals(self) -> list[str]:
        """Return the refusals that the journal holds."""
        async with self.store.read() as tx:
            return [str(event.payload["why"]) for event in await journal.of(tx, "refusals")]

    async def grant(self, request: Request) -> GrantState | None:
        """Return where the grant of a request is."""
        async with self.store.read() as tx:
            found = await grants.get(tx, request.id)
        return found[1] if found else None


async def make(
    database_url: str,
    *,
    policy: Policy | None = None,
    standing: Sequence[Standing] = (),
    peer: World | None = None,
) -> World:
    """Return a process of the bot on a migrated database; *peer* shares its clock and vendors."""
    life = Life()
    store = await MortalStore.open(database_url)
    assert isinstance(store, MortalStore)
    store.life, store.written = life, []
    if store.dialect == "sqlite":  # no test here cuts the power
        event.listen(store._writing.sync_engine, "connect", _unsynced)
    clock = peer.clock if peer else Clock()
    shelf, notes, keys = (
        (peer.shelf, peer.notes, peer.keys)
        if peer
        else (Shelf(life.spend), Shelf(life.spend), Shelf(life.spend))
    )
    bells = peer.bells if peer else Belfry(life.spend, clock)
    failures: list[tuple[str, Exception]] = []
    wiring = Wiring(
        store=store,
        jobs=EmbeddedJobs(store, clock, lambda key, error: failures.append((key, error))),
        clock=clock,
        organisation=ORGANISATION,
        policy=policy or Policy(),
        commands=COMMANDS,
        bound={
            resource.name: Bound(resource, client)
            for resource, client in ((BOX, shelf), (JAR, shelf), (NOTE, notes), (KEY, keys), (WINDOW, notes))
        }
        | {BELL.name: Bound(BELL, bells), ACCEPTED.name: Bound(ACCEPTED, Accepted(store))},
        readers={},
        standing=standing,
        live={"shelf": shelf.live, "keys": partial(keys.live, KEY.name)},
    )
    return World(store, life, clock, shelf, notes, keys, bells, wiring, failures=failures)


def _unsynced(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


async def seed(database_url: str) -> None:
    """Make the tables, and our people."""
    store = await Store.open(database_url)
    await store.migrate()
    async with store.write() as tx:
        for person in EVERYONE:
            await people.put(tx, person)
    await store.close()
