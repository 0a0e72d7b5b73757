"""What the workflow is wired to, and the one way a request's journal grows."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias

from bot.core.appointment import Appointment
from bot.core.approval import Situation
from bot.core.baseline import Live
from bot.core.board import Roster
from bot.core.bound import Bound
from bot.core.change import Change, Plan, Request, merged
from bot.core.command import Command, Organisation, nowhere
from bot.core.costs import Book, Told
from bot.core.errors import Refused, Unavailable
from bot.core.event import Event, Kind
from bot.core.people import CLOCK, Actor, Person
from bot.core.policy import Policy, Verdict, weigh
from bot.core.prices import Exchange
from bot.core.status import Status, fold
from bot.core.takeover import Names
from bot.core.tickets import Ticketing
from bot.core.values import Json
from bot.core.vendor import Concerns, Finding
from bot.store import Conflict, Store, Transaction, journal, people, requests
from bot.store.jobs import Jobs
from bot.workflow.moments import next_due

Standing: TypeAlias = Callable[[Person], Awaitable[bool | None]]


@dataclass(frozen=True)
class Wiring:
    """Everything filing, deciding and applying need, handed in.

    *bound* are the resources with their clients, by name; *readers* the reads
    of each configured vendor. *standing* are checks that a decider is still who
    they were (True, False, or None when nobody answered). *live* are the looks
    at all that vendors hold of what is kept in the baseline, taken by itself
    every *watch* (zero: only when somebody asks). *ticketing* is who sells our
    tickets, *site* tells where visitors are sent now. *checks* say, by a vendor's
    title, what is in the way of the bot there; *health* says how each does now, for
    the board of those in the *roster*. *book* is what is known of costs,
    *told* what vendors say of theirs; *exchange* publishes exchange rates. *names*
    knows which of ours point where. *appointments* are what is asked every day. *export*
    writes all there is as files, where that is wanted, every night at *export_at*.
    """

    store: Store
    jobs: Jobs
    clock: Callable[[], datetime]
    organisation: Organisation
    policy: Policy
    commands: tuple[Command[Any], ...]
    bound: Mapping[str, Bound]
    readers: Mapping[str, Any]
    standing: Sequence[Standing] = ()
    live: Mapping[str, Callable[[], Awaitable[Live]]] = field(default_factory=dict)
    watch: timedelta = timedelta(0)
    ticketing: Ticketing | None = None
    site: Callable[[], Awaitable[str | None]] = nowhere
    checks: Mapping[str, Callable[[], Awaitable[tuple[Finding, ...]]]] = field(default_factory=dict)
    health: Mapping[str, Callable[[], Awaitable[tuple[Finding, ...]]]] = field(default_factory=dict)
    roster: Roster = field(default_factory=Roster)
    book: Book = field(default_factory=Book)
    told: Mapping[str, Callable[[], Awaitable[Told]]] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    exchange: Exchange | None = None
    appointments: tuple[Appointment, ...] = ()
    export: Callable[[], Awaitable[None]] | None = None
    export_at: time = time(3, 30)

    async def situation(self, tx: Transaction) -> Situation:
        """Return what holds for decisions now."""
        everyone = await people.everyone(tx)
        return Situation(everyone, self.policy, self.organisation.zone, self.clock())

    def of(self, change: Change) -> Bound:
        """Return the resource of *change*; Unavailable when its vendor is no longer configured."""
        bound = self.bound.get(change.resource)
        if bound is None:
            raise Unavailable(change.vendor, f"{change.vendor} is not set up here.")
        return bound

    async def concerns(self, changes: Sequence[Change]) -> list[Concerns]:
        """Return what the guards must know of each change, read live.

        No name is given up at a vendor that still points there when all of them are done.
        """
        found = [await self.of(change).concerns(change) for change in changes]
        if not any(each.frees for each in found):
            return found
        pointings = [*await self.names.pointed()]
        for each in found:
            pointings = [*(p for p in pointings if p.name not in each.unpoints), *each.points]
        pointed = {(each.name, each.service.vendor) for each in pointings}
        return [
            each.model_copy(update={"refused": _would_dangle(held[0])})
            if (held := sorted(n for n in map(str.lower, each.frees) if (n, change.vendor) in pointed))
            else each
            for change, each in zip(changes, found, strict=True)
        ]

    async def weigh(self, plan: Plan) -> Verdict:
        """Return what the guards ask of *plan* now; Refused when one forbids it.

        A plan that only moves an end is weighed as if it granted what it prolongs.
        """
        own = all(self.of(change).resource.own for change in (*plan.changes, *plan.ending))
        changes = merged(plan.changes) or tuple(
            self.of(c).change(c.target, c.after, c.before) for c in plan.ending
        )
        return weigh(changes, await self.concerns(changes), own, self.policy)


def _would_dangle(name: str) -> str:
    return (
        f"{name} still points there, and whoever claims it next would show what they like under our name. "
        f"Take the record out first: `dns remove {name}`."
    )


def subject(request_id: str) -> str:
    """Return the journal subject of a request."""
    return f"request:{request_id}"


async def status_of(tx: Transaction, request_id: str) -> Status:
    """Return a request's present status."""
    return fold(await journal.of(tx, subject(request_id)))


async def known(wiring: Wiring, request_id: str) -> tuple[Request, Status]:
    """Return a request and its present status; Refused when there is none."""
    async with wiring.store.read() as tx:
        found = await requests.get(tx, request_id)
        if found is None:
            raise Refused("I do not know that request.", "`requests` lists them.")
        return found, await status_of(tx, request_id)


async def enqueue_apply(
    wiring: Wiring, tx: Transaction, request: Request, status: Status, after: timedelta = timedelta(0)
) -> None:
    """Have *request* applied as soon as it may start, but not before *after*."""
    now = wiring.clock() + after
    start = max(status.start_at or now, now)
    await wiring.jobs.enqueue(tx, f"apply:{request.id}", "apply", {"request": request.id}, start)


async def ask_owners(
    wiring: Wiring, tx: Transaction, request: Request, names: Iterable[str], stage: str, actor: Actor
) -> Status:
    """Write down that *names* are asked to decide; the frontends ask them."""
    said: Json = {"stage": stage, "names": " ".join(names)}
    return await record(wiring, tx, request, Kind.REMINDED, actor, said)


async def note_found(
    wiring: Wiring, last: Event | None, subject: str, kind: Kind, said: Json, job: str, post: Json | None
) -> None:
    """Write down what a look found and line *last* does not say; have *post* told by *job*, if it is given.

    Nothing happens when another process wrote it down meanwhile.
    """
    now, seq = wiring.clock(), journal.after(last)
    try:
        async with wiring.store.write() as tx:
            await journal.append(tx, subject=subject, kind=kind, at=now, actor=CLOCK, payload=said, seq=seq)
            if post is not None:
                told = post | {"at": now.isoformat()}
                await wiring.jobs.enqueue(tx, f"{job}:{subject}:{seq}", job, told, now)
    except Conflict:
        return
    wiring.jobs.wake()


async def record(
    wiring: Wiring,
    tx: Transaction,
    request: Request,
    kind: Kind,
    actor: Actor,
    payload: Json,
    *,
    expected: int | None = None,
) -> Status:
    """Append one line about a request; state, due time and notice follow in the same transaction.

    *expected* is the last line the caller knows; Conflict when there is a later
    one, so that of two workers only one goes on.
    """
    known: list[Event] = await journal.of(tx, subject(request.id))
    seq = known[-1].seq if known else 0
    if expected is not None and seq != expected:
        raise Conflict(f"{subject(request.id)} went on to line {seq}")
    event = await journal.append(
        tx,
        subject=subject(request.id),
        kind=kind,
        at=wiring.clock(),
        actor=actor,
        payload=payload,
        seq=seq + 1,
    )
    status = fold([*known, event])
    due = next_due(request, status, wiring.policy, wiring.organisation.zone, wiring.clock())
    await requests.set_state(tx, request.id, status.state, due)
    if request.needs > 0 or kind is Kind.FINISHED:  # a change of our own data is told when it is done
        notice: Json = {"request": request.id, "seq": event.seq}
        await wiring.jobs.enqueue(tx, f"notify:{request.id}:{event.seq}", "notify", notice, wiring.clock())
    return status
