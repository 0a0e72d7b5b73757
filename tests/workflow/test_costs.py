"""What everything costs: vendors are asked, and one that is silent spoils nobody else's line."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.core.costs import Alarm, Book, Charge, Mark, Tariff, Told
from bot.core.errors import Refused, Unavailable
from bot.core.fees import FeePlan, Part
from bot.core.money import Money
from bot.core.prices import Rates, price
from bot.core.tickets import Conference, Orders, Release, Sale, Sales
from bot.store import charges, journal
from bot.store.tables import JOBS
from bot.workflow.costs import Costs, plan
from tests.workflow.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where no SQL is at stake
FEES = (FeePlan(name="all", parts=(Part(payee="Booth", percent=Decimal(3)),)),)
TARIFF = Tariff(
    name="today",
    on=date(2026, 6, 1),
    source="a page",
    tickets=FEES,
    vendors={
        "dns": Charge(amount=price("50 USD")),
        "code": Charge(amount=price("0 GBP")),
        "names": Charge(waiting="the renewal"),
    },
)
ECB = Rates(on=date(2026, 6, 12), table={"USD": Decimal("1.15"), "GBP": Decimal("0.86393")}, source="ECB")
BOOK = Book(titles={"names": "Names", "booth": "Booth"}, sells="booth", tariffs=(TARIFF,), rates=ECB)


@dataclass
class Booth:
    """Somebody who sold ten tickets at £100, unless there is *trouble*."""

    trouble: Exception | None = None
    vendor: str = "booth"
    seller: str = "the booth"
    where: str = "https://tickets.example.org"

    async def current(self) -> str:
        return "2026"

    async def conferences(self, *, archived: bool = False) -> tuple[Conference, ...]:
        return ()

    async def sales(self, zone: ZoneInfo, name: str | None = None, *, fresh: bool = False) -> Sales:
        if self.trouble:
            raise self.trouble
        none, paid = Money.of(0, "GBP"), Money.of(1000, "GBP")
        return Sales(
            conference=Conference(name="2026", title="2026", currency="GBP"),
            at=datetime(2026, 6, 15, tzinfo=UTC),
            releases=(Release(name="r", title="R", state=Sale.ON, sold=10, revenue=paid, voided=none),),
            orders=Orders(number=10, paid=paid, unpaid=none, refunded=none),
        )


async def free() -> Told:
    """Say that nothing is to be paid."""
    return Told(charge=Charge(amount=price("0 GBP"), mark=Mark.MEASURED))


async def silent() -> Told:
    """Do not answer."""
    raise Unavailable("dns", "No answer.")


async def test_a_bill_is_made_of_what_is_recorded_told_and_sold(world: World) -> None:
    """What was recorded, what vendors say and what is sold make one bill; the silent one is named."""
    wiring = replace(world.wiring, book=BOOK, told={"code": free, "dns": silent}, ticketing=Booth())
    async with world.store.write() as tx:
        for amount in ("£1", "£12"):
            await charges.put(tx, "Names", Charge(amount=price(amount), mark=Mark.INVOICED))
        await charges.put(tx, "code", Charge(amount=price("£7")))
        await charges.remove(tx, "code")
    found = await Costs(wiring).bill("today")
    assert [(line.title, str(line.low), line.mark.value) for line in found.lines] == [
        ("Booth", "£30.00", "estimated"),
        ("code", "£0.00", "measured"),
        ("dns", "£37.56", "estimated"),
        ("Names", "£12.00", "invoiced"),
    ]
    assert (found.silent, found.attendees, found.today, found.rates) == (("dns",), 10, date(2026, 6, 15), ECB)


@dataclass
class Bank:
    """Publishes rates, unless it is *away*."""

    away: bool = False
    usd: Decimal = ECB.table["USD"]

    async def rates(self, on: date) -> Rates:
        if self.away:
            raise Unavailable("bank", "No answer.")
        return ECB.model_copy(update={"on": on, "source": "bank", "table": {**ECB.table, "USD": self.usd}})


@ON_SQLITE
@pytest.mark.parametrize("away", [False, True])
async def test_rates_come_from_who_publishes_them(world: World, away: bool) -> None:
    """Rates of today or of another day are the publisher's; when it is away those of the configuration."""
    costs = Costs(replace(world.wiring, book=BOOK, exchange=Bank(away)))
    found = [await costs.rates(), await costs.rates(date(2026, 3, 1)), (await costs.bill("today")).rates]
    days = [(rates.source, rates.on) for rates in found if rates]
    fresh = [("bank", date(2026, 6, 15)), ("bank", date(2026, 3, 1)), ("bank", date(2026, 6, 15))]
    assert days == ([("ECB", ECB.on)] * 3 if away else fresh)


@ON_SQLITE
@pytest.mark.parametrize("booth", [None, Booth(Unavailable("booth", "No.")), Booth(Refused("No event."))])
async def test_without_sales_their_line_is_unknown(world: World, booth: Booth | None) -> None:
    """Where nobody sells tickets, or does not answer, the fee for them is unknown and the rest stands."""
    found = await Costs(replace(world.wiring, book=BOOK, ticketing=booth)).bill("today")
    assert [line.title for line in found.unknown] == ["Booth", "Names"]
    assert str(found.least) == "£37.56"


@ON_SQLITE
async def test_what_changes_the_costs_is_told_once(world: World) -> None:
    """Every few hours is looked; an alarm is told once, and each share of a budget, the highest reached."""
    private = Alarm(key="code:private", text="A private repository.")
    said: list[Alarm] = []

    async def code() -> Told:
        return Told(alarms=tuple(said))

    budget = {"names": price("£100")}
    wiring = replace(world.wiring, book=BOOK.model_copy(update={"budget": budget}), told={"code": code})
    world = replace(world, wiring=wiring)

    async def recorded(amount: str) -> None:
        async with world.store.write() as tx:
            await charges.put(tx, "Names", Charge(amount=price(amount)))
        for _ in range(3):
            await world.later(hours=6)

    await recorded("£1")
    assert world.alarms == []
    said.append(private)
    await recorded("£76")
    await recorded("£77")
    assert [post["texts"] for post in world.alarms] == [
        ["A private repository.", "Names: at least £76.00 a year, 75 % of the budget of £100 is reached."]
    ]
    said.clear()
    await recorded("£100")
    assert world.alarms[1]["texts"] == [
        "Names: at least £100.00 a year, 100 % of the budget of £100 is reached."
    ]
    async with world.store.read() as tx:
        lines = await journal.of(tx, "costs")
    assert [str(line.payload["told"]).split()[0] for line in lines] == ["code:private"] * 2


async def test_each_days_bill_is_kept_at_its_own_rates(world: World) -> None:
    """A day's last one stands; a past one is as it was, whatever the rates are now; its rates serve too."""
    bank = Bank()
    world = replace(world, wiring=replace(world.wiring, book=BOOK, exchange=bank))
    costs = Costs(world.wiring)
    assert await costs.kept(date(2026, 6, 15)) is None
    await world.later(minutes=2)
    first = await costs.kept(date(2026, 6, 15))
    assert first
    assert first == await costs.bill("today")
    async with world.store.write() as tx:
        await charges.put(tx, "Names", Charge(amount=price("£12")))
    await world.later(hours=7)
    second = await costs.kept(date(2026, 6, 18))
    assert second
    assert second.least - first.least == Money.of(12, "GBP")
    bank.usd = Decimal("1.30")
    await world.jump(days=3)
    await world.later(hours=1)
    third = await costs.kept(date(2026, 6, 18))
    assert third
    assert third.least < second.least
    assert await costs.kept(date(2026, 6, 17)) == second
    bank.away = True
    assert [await costs.rates(), await costs.rates(date(2026, 6, 16))] == [third.rates, second.rates]


@ON_SQLITE
async def test_of_two_processes_one_tells(world: World) -> None:
    """Two processes that find the same at the same time tell it once."""

    async def code() -> Told:
        return Told(alarms=(Alarm(key="a", text="Look."),))

    costs = Costs(replace(world.wiring, book=BOOK, told={"code": code}))
    await asyncio.gather(costs.look({}), costs.look({}))
    await world.later(minutes=1)
    assert [post["texts"] for post in world.alarms] == [["Look."]]


@ON_SQLITE
async def test_where_no_price_is_known_nobody_looks(world: World) -> None:
    """Without a tariff there is no job."""
    async with world.store.write() as tx:
        await plan(world.wiring, tx)
    async with world.store.read() as tx:
        assert (await tx.execute(JOBS.select())).all() == []
