"""The baseline kept up: seeded from live, and grown by what we ourselves carry out."""

from bot.core.baseline import Kept, Live, Watch, key
from bot.core.change import Change, Outcome
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.values import Json, Value
from bot.store import Conflict, Transaction, baseline, journal
from bot.workflow.wiring import Wiring

TRIES = 5


class Seen(Value):
    """A vendor as it was looked at: what was remembered before, and what is live."""

    watch: Watch
    kept: tuple[Kept, ...]
    live: Live


async def seed(wiring: Wiring, vendor: str) -> int:
    """Accept all that is live at a vendor that has no baseline yet; return how many targets it has.

    Raises VendorError when the vendor is away; nothing is kept then.
    """
    for _ in range(TRIES):
        seen = await look(wiring, vendor)
        if seen.watch.seeded_at is None:
            try:
                await keep(wiring, seen)
            except Conflict:
                continue
            return len(seen.live.states)
        return sum(row.state is not None for row in seen.kept)
    raise Conflict(f"the baseline of {vendor} is changed all the time")


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


async def unmoved(tx: Transaction, seen: Seen) -> None:
    """Hold a vendor's row until *tx* ends; Conflict when its baseline was changed since it was looked at."""
    watch = await baseline.lock(tx, seen.watch.vendor)
    if watch is None or watch.version != seen.watch.version:
        raise Conflict(f"the baseline of {seen.watch.vendor} was changed meanwhile")


async def keep(wiring: Wiring, seen: Seen) -> None:
    """Accept all that was seen as the first baseline."""
    now, live, vendor = wiring.clock(), seen.live, seen.watch.vendor
    async with wiring.store.write() as tx:
        await unmoved(tx, seen)
        await baseline.touch(tx, vendor)
        await baseline.seed(tx, live)
        new = {"seeded_at": now, "looked_at": now, "unseen": live.unseen}
        await baseline.remember(tx, seen.watch.model_copy(update=new))
        said: Json = {"text": f"{vendor}, {len(live.states)} targets"}
        subject = f"baseline:{vendor}"
        await journal.append(tx, subject=subject, kind=Kind.KEPT, at=now, actor=CLOCK, payload=said)


# --- what we carry out


async def started(wiring: Wiring, tx: Transaction, change: Change) -> None:
    """Note that *change* is about to be written: until its outcome nothing there is drift."""
    if change.vendor in wiring.live and await baseline.touch(tx, change.vendor):
        await baseline.going(tx, change.resource, change.target, change.after)


async def came_out(wiring: Wiring, tx: Transaction, change: Change, outcome: Outcome) -> None:
    """Accept what *change* left: what we ourselves do is never drift."""
    if change.vendor not in wiring.live or not await baseline.touch(tx, change.vendor):
        return
    if outcome is Outcome.WAITING:
        await baseline.going(tx, change.resource, change.target, change.after)
    elif outcome.good:
        await _accept(wiring, tx, change)
    else:
        await baseline.came_to_nothing(tx, change.resource, change.target)


async def _accept(wiring: Wiring, tx: Transaction, change: Change) -> None:
    """Keep what a change left at its target, and what that brings about elsewhere."""
    now, bound = wiring.clock(), wiring.of(change)
    after = change.after if bound.resource.kept else None
    await baseline.put(tx, change.resource, change.target, after, now)
    brought = bound.brings(change.target, change.after)
    rows = {key(row.resource, row.target): row for row in await baseline.everything(tx, change.vendor)}
    for each in brought:
        if each.after is not None and (each.resource, each.targets.casefold()) not in rows:
            await baseline.put(tx, each.resource, each.targets, each.after, now)
        for named, row in rows.items() if each.after is None else ():
            if each.hold(named):
                await baseline.put(tx, row.resource, row.target, None, now)
