"""What everything costs: vendors are asked, what was recorded is read, and one bill is made of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from bot.core.costs import CURRENT, Bill, Book, Told, bill, news, spoken
from bot.core.errors import Refused, VendorError
from bot.core.event import Kind
from bot.core.prices import Rates
from bot.core.tickets import Sales
from bot.core.values import Json
from bot.store import Transaction, charges, journal
from bot.workflow.wiring import Wiring, note_found

SUBJECT = "costs"
EVERY = timedelta(hours=6)
SOON = timedelta(minutes=1)


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the next look taken in a few hours, the first of all soon, unless one is planned already."""
    if wiring.book.tariffs:
        first = await charges.kept(tx, date.max) is None
        await wiring.jobs.enqueue(tx, SUBJECT, "costs", {}, wiring.clock() + (SOON if first else EVERY))


class Costs:
    """Knows what everything costs."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    @property
    def book(self) -> Book:
        """Return what is known without asking anybody."""
        return self._wiring.book

    @property
    def today(self) -> date:
        """Return the date where the organisation is."""
        return self._wiring.clock().astimezone(self._wiring.organisation.zone).date()

    async def rates(self, on: date | None = None) -> Rates | None:
        """Return the exchange rates of a day, by default of today, or the last we have; None without any."""
        exchange, day = self._wiring.exchange, on or self.today
        try:
            return await exchange.rates(day) if exchange else self.book.rates
        except VendorError:
            last = await self.kept(day)
            known = [rates for rates in (self.book.rates, last and last.rates) if rates]
            return max(known, key=lambda rates: rates.on, default=None)

    async def bill(self, tariff: str) -> Bill:
        """Return what everything costs now, vendors asked; UsageError when there is no such tariff."""
        wiring, prices = self._wiring, self.book.tariff(tariff)
        sales, rates, told = await asyncio.gather(self._sales(), self.rates(), self._told())
        async with wiring.store.read() as tx:
            recorded = await charges.everything(tx)
        return bill(
            self.book,
            prices,
            self.today,
            recorded=recorded,
            told=told,
            sales=sales,
            rates=rates,
        )

    async def kept(self, until: date) -> Bill | None:
        """Return the bill as it was on a day, or the last one before; None when none was kept."""
        async with self._wiring.store.read() as tx:
            return await charges.kept(tx, until)

    async def look(self, _payload: Json) -> None:
        """Keep today's bill; have told once what changes it, and what of budgets is spent (job ``costs``)."""
        found = await self.bill(CURRENT)
        async with self._wiring.store.write() as tx:
            await charges.keep(tx, found)
        async with self._wiring.store.read() as tx:
            last = await journal.last(tx, SUBJECT)
        known = str(last.payload["told"]).splitlines() if last else []
        new = news((*found.alarms, *found.notices()), known)
        if not new:
            return
        texts = spoken(new)
        said: Json = {"told": "\n".join([*known, *(alarm.key for alarm in new)]), "detail": " ".join(texts)}
        await note_found(self._wiring, last, SUBJECT, Kind.COSTED, said, "alarms", {"texts": [*texts]})

    async def _told(self) -> dict[str, Told | None]:
        """Return what each vendor says."""
        asked = self._wiring.told
        return dict(zip(asked, await asyncio.gather(*map(_answer, asked.values())), strict=True))

    async def _sales(self) -> Sales | None:
        """Return this year's sales; None when nobody can say."""
        ticketing = self._wiring.ticketing
        try:
            return await ticketing.sales(self._wiring.organisation.zone) if ticketing else None
        except (VendorError, Refused):
            return None


async def _answer(ask: Callable[[], Awaitable[Told]]) -> Told | None:
    """Return what a vendor says; None when it does not answer, which spoils nobody else's line."""
    try:
        return await ask()
    except VendorError:
        return None
