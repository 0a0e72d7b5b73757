"""Drift: noticed when a vendor is looked at, told once, followed until it is settled."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.core.baseline import Said, Watch, key
from bot.core.change import Change
from bot.core.drift import Difference, Drift, Found, Watched, compare
from bot.core.errors import VendorError
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.values import Json
from bot.core.vendor import Hint
from bot.store import Transaction, baseline, journal, requests
from bot.store.jobs import Later
from bot.workflow.baseline import Seen, looked, remember, tell, unmoved
from bot.workflow.wiring import Wiring

AWAY = timedelta(minutes=1)  # until a vendor that did not answer is asked again
REMEMBERED = timedelta(hours=1)  # whom a vendor named
FORGOTTEN = timedelta(days=1)
MOST_TOLD = 20
MOST_WEIGHED = 5


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the vendors looked at that are to be looked at by now."""
    now = wiring.clock()
    for vendor in sorted(wiring.live) if wiring.watch else ():
        watch = await baseline.watch(tx, vendor)
        if watch is None or watch.due_at <= now:
            await wiring.jobs.enqueue(tx, f"look:{vendor}", "look", {"vendor": vendor}, now)


async def hinted(wiring: Wiring, tx: Transaction, hint: Hint) -> None:
    """Look now at a vendor that hints at something, and remember whom it named; it is not believed."""
    if not wiring.watch or hint.vendor not in wiring.live:
        return
    now, watch = wiring.clock(), await baseline.lock(tx, hint.vendor)
    if watch and hint.by:
        fresh = {name: said for name, said in watch.says.items() if said.at > now - REMEMBERED}
        named = dict.fromkeys(hint.about, Said(by=hint.by, at=now))
        await baseline.remember(tx, watch.model_copy(update={"says": fresh | named}))
    vendor: Json = {"vendor": hint.vendor}
    await wiring.jobs.enqueue(tx, f"look:{hint.vendor}:now", "look", vendor, now)


class Drifts:
    """Looks at vendors, and writes down what differs from what was accepted."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def job(self, payload: Json) -> None:
        """Look at a vendor, later when it is away (job ``look``)."""
        vendor = str(payload["vendor"])
        if vendor not in self._wiring.live:
            return
        try:
            await looked(self._wiring, vendor, self._noted)
        except VendorError:
            raise Later(self._wiring.clock() + AWAY) from None

    async def watched(self) -> tuple[Watched, ...]:
        """Look at every vendor now, and return how each stands; one that is away hides no other."""
        return tuple([await self._watched(vendor) for vendor in sorted(self._wiring.live)])

    async def _watched(self, vendor: str) -> Watched:
        fresh, away = False, ""
        try:
            fresh = (await looked(self._wiring, vendor, self._noted)).watch.seeded_at is None
        except VendorError as error:
            away = error.message
        async with self._wiring.store.read() as tx:
            watch, drift = await baseline.watch(tx, vendor), await baseline.drift(tx, vendor)
        return Watched(
            vendor=vendor,
            seeded_at=watch.seeded_at if watch else None,
            looked_at=watch.looked_at if watch else None,
            fresh=fresh,
            away=away,
            drift=drift,
        )

    async def _noted(self, seen: Seen) -> None:
        """Write down what differs, and what does no longer; Conflict when the baseline moved meanwhile."""
        wiring, vendor, now = self._wiring, seen.watch.vendor, self._wiring.clock()
        found = compare(seen.watch, seen.kept, seen.live, wiring.bound, now)
        async with wiring.store.read() as tx:
            alarming = _new(await baseline.drift(tx, vendor), found)
        alarms = {_key(change): await self._alarm(change) for change in self._weighty(alarming)}
        async with wiring.store.write() as tx:
            watch = await unmoved(tx, seen)
            for (resource, target), state in found.quietly.items():
                await baseline.put(tx, resource, target, state)
            await baseline.prune(tx, now - FORGOTTEN)
            last = await baseline.drift(tx, vendor)
            new = [
                Difference(
                    number=await requests.next_number(tx, "drift"),
                    change=change,
                    since=now,
                    by=_by(watch, change, now),
                    alarm=alarms.get(_key(change), ""),
                )
                for change in _new(last, found)
            ]
            if drift := _following(vendor, last, found, new, now):
                await tell(wiring, tx, drift)
            await remember(wiring, tx, watch, seen.live)
            if new:
                said: Json = {"text": _told(each.change.words for each in new)}
                subject = f"drift:{vendor}"
                await journal.append(
                    tx, subject=subject, kind=Kind.NOTICED, at=now, actor=CLOCK, payload=said
                )

    def _weighty(self, changes: Iterable[Change]) -> list[Change]:
        """Return the first of *changes* of kinds of which it is told what they go against."""
        kinds = ((change, self._wiring.of(change).resource) for change in changes)
        return [change for change, kind in kinds if kind.exclusive or kind.loud][:MOST_WEIGHED]

    async def _alarm(self, change: Change) -> str:
        """Return which guard *change*, had it been asked for here, would have gone against."""
        try:
            concerns = await self._wiring.of(change).concerns(change)
        except VendorError:
            return ""
        left, least = len(concerns.holders), self._wiring.policy.min_owners
        said = [f"It touches what two owners protect: {concerns.protected}."] if concerns.protected else []
        if concerns.keeps is not None and left < least:
            owners = "owner is" if left == 1 else "owners are"
            said.append(f"Only {left} {owners} left; at least {least} must stay.")
        return " ".join(said)


def _key(change: Change) -> tuple[str, str]:
    return key(change.resource, change.target)


def _open(drift: Drift | None) -> tuple[Difference, ...]:
    return drift.open if drift else ()


def _new(drift: Drift | None, found: Found) -> list[Change]:
    """Return what was found and is not told of yet."""
    told = {each.key: each for each in _open(drift)}
    return [
        change for change in found.changes if not (_key(change) in told and told[_key(change)].tells(change))
    ]


def _gone(drift: Drift | None, found: Found) -> Mapping[int, str]:
    """Return what no longer differs as it was told, by number: what became of it."""
    now = {_key(change): change for change in found.changes}
    gone = {}
    for each in _open(drift):
        if each.key in now and not each.tells(now[each.key]):
            gone[each.number] = "changed again"
        elif each.key not in now and each.key not in found.passed:
            gone[each.number] = "as accepted again"
    return gone


def _following(
    vendor: str, last: Drift | None, found: Found, new: list[Difference], now: datetime
) -> Drift | None:
    """Return the episode that follows from what was found; None when nothing changed."""
    gone = _gone(last, found)
    if not gone and not new:
        return None
    if last is None or not last.open:
        last = Drift(vendor=vendor, episode=last.episode + 1 if last else 1, since=now)
    return last.plus(new).settle(gone, now)


def _by(watch: Watch, change: Change, now: datetime) -> str:
    """Return whom the vendor named lately as having changed something of that name."""
    names = change.target.casefold().split("/")
    said = [watch.says[name] for name in names if name in watch.says]
    fresh = [each for each in said if each.at > now - REMEMBERED]
    return max(fresh, key=lambda each: each.at).by if fresh else ""


def _told(words: Iterable[str]) -> str:
    said = list(words)
    more = len(said) - MOST_TOLD
    return "; ".join(said[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
