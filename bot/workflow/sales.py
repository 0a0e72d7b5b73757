"""Every day the ticket sales are kept, so that a history is ours that outlives whoever sold the tickets."""

from datetime import date, timedelta

from bot.core.tickets import Conference, Sales, Season, Ticketing, larger
from bot.core.values import Json
from bot.store import Transaction, sales
from bot.workflow.wiring import Wiring

SETTLED = timedelta(minutes=1)  # in which the several deliveries of one order come
OVER = timedelta(days=30)  # after its first day a conference sells nothing more


def today(wiring: Wiring) -> date:
    """Return today's date where the organisation is."""
    return wiring.clock().astimezone(wiring.organisation.zone).date()


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have today's snapshot taken when it is missing, and somebody sells our tickets."""
    if wiring.ticketing and not await sales.snapped(tx, today(wiring)):
        await ask_for(wiring, tx, f"{today(wiring)}")


async def ask_for(wiring: Wiring, tx: Transaction, why: str) -> None:
    """Ask for a snapshot in a minute, once however often it is asked for *why*."""
    await wiring.jobs.enqueue(tx, f"sales:{why}", "sales", {}, wiring.clock() + SETTLED)


class Snapshots:
    """Keeps the sales as they are now."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def take(self, _payload: Json) -> None:
        """Keep today's snapshot, this year's sales and past ones still to be kept (job ``sales``)."""
        wiring, ticketing = self._wiring, self._wiring.ticketing
        if ticketing is None:
            return
        now = await ticketing.sales(wiring.organisation.zone, fresh=True)
        async with wiring.store.read() as tx:
            kept = {season.year for season in await sales.seasons(tx)}
        past = await self._past(ticketing, kept, now)
        async with wiring.store.write() as tx:
            await sales.snap(tx, today(wiring), now)
            for season in (*past, now.season):
                if season is not None:
                    await sales.put(tx, season)

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
