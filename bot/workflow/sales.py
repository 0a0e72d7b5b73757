"""The ticket sales are kept, so that a history is ours that outlives their seller; what is new is told."""

from datetime import date, timedelta

from bot.core.event import Kind
from bot.core.tickets import SHARES, Conference, Release, Sales, Season, Ticketing, larger
from bot.core.values import Json
from bot.store import Transaction, journal, sales
from bot.workflow import appointments
from bot.workflow.wiring import Wiring, note_found

SETTLED = timedelta(minutes=1)  # in which the several deliveries of one order come
EVERY = timedelta(hours=1)
LAUNCH = timedelta(minutes=15)  # the same on the day on which tickets begin to be sold
OVER = timedelta(days=30)  # after its first day a conference sells nothing more


def today(wiring: Wiring) -> date:
    """Return today's date where the organisation is."""
    return wiring.clock().astimezone(wiring.organisation.zone).date()


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the sales looked at when what we have is old, or not of today, and somebody sells our tickets."""
    if wiring.ticketing:
        now, zone = wiring.clock(), wiring.organisation.zone
        last = await sales.newest(tx)
        every = LAUNCH if last and last.launched(now, zone) else EVERY
        if last is None or not _of_today(last, wiring) or last.at + every <= now:
            await ask_for(wiring, tx, f"{today(wiring)}")


def _of_today(last: Sales, wiring: Wiring) -> bool:
    return last.at.astimezone(wiring.organisation.zone).date() == today(wiring)


async def ask_for(wiring: Wiring, tx: Transaction, why: str) -> None:
    """Ask for a snapshot in a minute, once however often it is asked for *why*."""
    await wiring.jobs.enqueue(tx, f"sales:{why}", "sales", {}, wiring.clock() + SETTLED)


class Snapshots:
    """Keeps the sales as they are now."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def take(self, _payload: Json) -> None:
        """Keep today's sales and past ones still to be kept; tell what is new (job ``sales``)."""
        wiring, ticketing = self._wiring, self._wiring.ticketing
        if ticketing is None:
            return
        now = await ticketing.sales(wiring.organisation.zone, fresh=True)
        async with wiring.store.read() as tx:
            kept = {season.year for season in await sales.seasons(tx)}
            last = await sales.newest(tx)
        first = last is None or last.conference.name != now.conference.name
        new_day = last is None or not _of_today(last, wiring)
        past = await self._past(ticketing, kept, now) if first or new_day else []
        launched = now.launched(wiring.clock(), wiring.organisation.zone)
        async with wiring.store.write() as tx:
            await sales.snap(tx, today(wiring), now)
            for season in (*past, now.season):
                if season is not None:
                    await sales.put(tx, season)
            if launched:
                await appointments.renew(wiring, tx)
        wiring.jobs.wake()
        for release in now.releases:
            await self._tell(now, release, silently=first and release not in launched)

    async def _tell(self, now: Sales, release: Release, *, silently: bool) -> None:
        """Have told, once ever, which share of a release is sold; *silently* it is only written down."""
        subject = f"sales:{now.conference.name}/{release.name}"
        async with self._wiring.store.read() as tx:
            last = await journal.last(tx, subject)
        if release.archived or release.share <= (int(str(last.payload["share"])) if last else 0):
            return
        said: Json = {"share": release.share, "detail": f"{now.conference.title}: {_words(release)}"}
        post: Json = {"key": f"{subject}:{release.share}", "text": said["detail"]}
        await note_found(self._wiring, last, subject, Kind.SOLD, said, "sold", None if silently else post)

    async def _past(self, ticketing: Ticketing, kept: set[int], now: Sales) -> list[Season]:
        """Return the past years still to be kept; of two conferences in a year the larger."""
        found = dict[int, Season]()
        for conference in await ticketing.conferences(archived=True):
            if not self._wanted(conference, kept, now):
                continue
            season = (await ticketing.sales(self._wiring.organisation.zone, conference.name)).season
            if season is not None and season.total:
                found[season.year] = larger(found.get(season.year), season)
        return list(found.values())

    def _wanted(self, conference: Conference, kept: set[int], now: Sales) -> bool:
        """Return whether nothing is kept of a year that is over, or a later one is followed by now."""
        day = conference.first_day
        if day is None or day > today(self._wiring):
            return False
        if day + OVER < today(self._wiring):
            return day.year not in kept
        return now.season is not None and now.season.year > day.year  # the last tickets still count


def _words(release: Release) -> str:
    of = f"{release.sold} of {release.capacity}" if release.capacity else f"{release.sold}"
    said = "sold out" if release.share == SHARES[-1] else f"{release.share} % sold"
    return f"*{release.title}* is {said} ({of})."
