"""The baseline kept up: seeded from live, and grown by what we ourselves carry out."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from bot.core.baseline import ACCEPTED, Kept, Live, Watch, key
from bot.core.change import Change, Outcome, Request
from bot.core.drift import Drift, still_unseen
from bot.core.errors import Unavailable
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import State
from bot.core.values import Json, Value
from bot.store import Conflict, Store, Transaction, baseline, journal, requests
from bot.workflow.wiring import Wiring, status_of

TRIES = 5
MANY = 1000
WAITS = (State.WAITING,)


class Seen(Value):
    """A vendor as it was looked at: what was remembered before, and what is live."""

    watch: Watch
    kept: tuple[Kept, ...]
    live: Live


async def seed(wiring: Wiring, vendor: str) -> int:
    """Accept all that is live at a vendor that has no baseline yet; return how many targets it has.

    Raises VendorError when the vendor is away; nothing is kept then.
    """

    async def nothing(_seen: Seen) -> None:
        return

    seen = await looked(wiring, vendor, nothing)
    if seen.watch.seeded_at is None:
        return len(seen.live.states)
    return sum(row.state is not None for row in seen.kept)


async def looked(wiring: Wiring, vendor: str, then: Callable[[Seen], Awaitable[None]]) -> Seen:
    """Look at a vendor; the first time accept what is there, later do *then*.

    It looks again when the baseline was changed meanwhile. Raises VendorError.
    """
    for _ in range(TRIES):
        seen = await look(wiring, vendor)
        try:
            await (then(seen) if seen.watch.seeded_at else keep(wiring, seen))
        except Conflict:
            continue
        return seen
    raise Unavailable(vendor, f"The baseline of {vendor} is changed all the time.", "Try again in a minute.")


async def look(wiring: Wiring, vendor: str) -> Seen:
    """Return what was accepted at a vendor, and what is live; VendorError when it is away.

    What was accepted is read first: whoever writes what follows finds out whether it was changed meanwhile.
    """
    now = wiring.clock()
    async with wiring.store.write() as tx:
        await baseline.begin(tx, Watch(vendor=vendor, due_at=now))
        watch, kept = await baseline.watch(tx, vendor), await baseline.everything(tx, vendor)
    assert watch is not None
    return Seen(watch=watch, kept=tuple(kept), live=await wiring.live[vendor]())


async def unmoved(tx: Transaction, seen: Seen) -> Watch:
    """Hold a vendor's row until *tx* ends, and return it; Conflict when its baseline was changed meanwhile.

    Of two who looked at once the first goes on; the second looks again.
    """
    watch = await baseline.lock(tx, seen.watch.vendor)
    if watch is None or watch.version != seen.watch.version:
        raise Conflict(f"the baseline of {seen.watch.vendor} was changed meanwhile")
    await baseline.touch(tx, watch.vendor)
    return watch


async def remember(wiring: Wiring, tx: Transaction, watch: Watch, live: Live) -> None:
    """Note that a vendor was looked at, and have it looked at again (job ``look``)."""
    now = wiring.clock()
    unseen = still_unseen(watch.unseen, live.unseen) if watch.seeded_at else live.unseen
    new = {"seeded_at": watch.seeded_at or now, "looked_at": now, "unseen": unseen}
    due = now + wiring.watch
    await baseline.remember(tx, watch.model_copy(update={**new, "due_at": due}))
    if wiring.watch:
        vendor: Json = {"vendor": watch.vendor}
        await wiring.jobs.enqueue(tx, f"look:{watch.vendor}", "look", vendor, due)


async def keep(wiring: Wiring, seen: Seen) -> None:
    """Accept all that was seen as the first baseline."""
    now, live, vendor = wiring.clock(), seen.live, seen.watch.vendor
    async with wiring.store.write() as tx:
        watch = await unmoved(tx, seen)
        await baseline.seed(tx, live)
        await baseline.going(tx, _afters(await _waiting(tx, vendor)))
        await remember(wiring, tx, watch, live)
        said: Json = {"text": f"{vendor}, {len(live.states)} targets"}
        subject = f"baseline:{vendor}"
        await journal.append(tx, subject=subject, kind=Kind.KEPT, at=now, actor=CLOCK, payload=said)


async def _waiting(tx: Transaction, vendor: str) -> list[Change]:
    """Return what we asked for there and somebody has yet to accept."""
    waiting = [
        (request, await status_of(tx, request.id)) for request, _ in await requests.newest(tx, WAITS, MANY)
    ]
    return [
        change
        for request, status in waiting
        for index, change in enumerate(request.plan.changes)
        if change.vendor == vendor and status.step("apply", index).outcome is Outcome.WAITING
    ]


# --- what we carry out


async def started(wiring: Wiring, tx: Transaction, *changes: Change) -> None:
    """Note that changes at one vendor are about to be written: until they came out nothing there is drift."""
    vendor = changes[0].vendor
    if vendor in wiring.live and await baseline.touch(tx, vendor):
        await baseline.going(tx, _afters(changes))


async def came_out(wiring: Wiring, tx: Transaction, request: Request, *came: tuple[Change, Outcome]) -> None:
    """Accept what changes at one vendor left: what we ourselves do is never drift."""
    vendor = came[0][0].vendor
    good = _which(came, Outcome.DONE, Outcome.ALREADY_SO)
    for change in (each for each in good if each.resource == ACCEPTED):
        how = f"accepted by {request.requested_by.name} (#{request.number})"
        resource, _, target = change.target.partition("/")
        await baseline.touch(tx, resource.partition(".")[0])
        await settle(wiring, tx, [key(resource, target)], how)
    if vendor not in wiring.live or not await baseline.touch(tx, vendor):
        return
    await baseline.going(tx, _afters(_which(came, Outcome.WAITING)))
    await baseline.going(tx, _afters(_which(came, Outcome.UNKNOWN)), unsure=True)
    if good:
        await _accept(wiring, tx, good)
        named = [key(each.resource, each.target) for each in good]
        await settle(wiring, tx, named, f"settled by #{request.number}")
    for change in _which(came, Outcome.DRIFTED, Outcome.FAILED):
        await baseline.came_to_nothing(tx, change.resource, change.target)


def _which(came: Iterable[tuple[Change, Outcome]], *outcomes: Outcome) -> list[Change]:
    return [change for change, outcome in came if outcome in outcomes]


def _afters(changes: Iterable[Change]) -> dict[tuple[str, str], Json | None]:
    return {(change.resource, change.target): change.after for change in changes}


async def _accept(wiring: Wiring, tx: Transaction, changes: Sequence[Change]) -> None:
    """Keep what changes left at their targets, and what that brings about elsewhere."""
    now = wiring.clock()
    kept = {change.resource for change in changes if wiring.of(change).resource.kept}
    afters = {at: after if at[0] in kept else None for at, after in _afters(changes).items()}
    await baseline.put_all(tx, afters, now)
    brought = [each for c in changes for each in wiring.of(c).brings(c.target, c.after)]
    if not brought:
        return
    rows = {key(row.resource, row.target): row for row in await baseline.everything(tx, changes[0].vendor)}
    for each in brought:
        if each.after is not None and (each.resource, each.targets.casefold()) not in rows:
            await baseline.put(tx, each.resource, each.targets, each.after, now)
        for named, row in rows.items() if each.after is None else ():
            if each.hold(named):
                await baseline.put(tx, row.resource, row.target, None, now)


async def settle(wiring: Wiring, tx: Transaction, named: Sequence[tuple[str, str]], how: str) -> None:
    """Say what became of the differences at targets of one vendor, where there are any."""
    drift = await baseline.drift(tx, named[0][0].partition(".")[0])
    found = (
        [each for each in drift.open if key(each.change.resource, each.change.target) in named]
        if drift
        else []
    )
    if drift and found:
        await tell(wiring, tx, drift.settle({each.number: how for each in found}, wiring.clock()))


async def tell(wiring: Wiring, tx: Transaction, drift: Drift) -> None:
    """Keep an episode of drift that changed, and have it shown (job ``drift``)."""
    await baseline.put_drift(tx, drift)
    named: Json = {"vendor": drift.vendor, "episode": drift.episode}
    job = f"drift:{drift.vendor}:{drift.episode}:{drift.seq}"
    await wiring.jobs.enqueue(tx, job, "drift", named, wiring.clock())


class Accepted:
    """The baseline as the resource ``baseline.accepted`` reads and writes it: a target is RESOURCE/TARGET."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, target: str) -> Json | None:
        """Return what was accepted of a target; None: that it is absent."""
        resource, _, named = target.partition("/")
        async with self._store.read() as tx:
            return await baseline.get(tx, resource, named)

    async def put(self, target: str, state: Json | None) -> None:
        """Accept the state of a target."""
        resource, _, named = target.partition("/")
        async with self._store.write() as tx:
            await baseline.touch(tx, resource.partition(".")[0])
            await baseline.put(tx, resource, named, state)
