"""The silence alarm: told once a day, hourly on a launch day, and not while people sleep."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.errors import Unavailable
from bot.core.money import Money
from bot.core.tickets import Conference, Kind, Orders, Release, Sale, Sales, Season, Sold
from bot.store import journal, sales
from tests.workflow.world import START, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no SQL is at stake
NOTHING = Money(minor=0, currency="GBP")
FIRST_DAY, TODAY = date(2026, 9, 18), date(2026, 6, 15)
DAYS = tuple(Sold(day=TODAY - timedelta(days=n), kind="All", sold=4) for n in range(4, 60))


@dataclass
class Till:
    """Somebody who sells four tickets a day, the last of them at *last_at*."""

    last_at: datetime = START - timedelta(days=4)
    state: Sale = Sale.ON
    starts_at: datetime | None = None
    first_day: date | None = FIRST_DAY
    days: tuple[Sold, ...] = DAYS
    away: bool = False
    vendor: str = "till"
    seller: str = "the till"
    where: str = "https://tickets.example.org"
    asked: int = field(default=0)

    async def current(self) -> str:
        return "2026"

    async def conferences(self, *, archived: bool = False) -> tuple[Conference, ...]:
        return ()

    async def sales(self, zone: ZoneInfo, name: str | None = None, *, fresh: bool = False) -> Sales:
        self.asked += 1
        if self.away:
            raise Unavailable("till", "The till is closed.")
        release = Release(
            name="all",
            title="All",
            state=self.state,
            sold=sum(each.sold for each in self.days),
            revenue=NOTHING,
            voided=NOTHING,
            starts_at=self.starts_at,
        )
        there = Conference(name="2026", title="PyCon UK 2026", currency="GBP", first_day=self.first_day)
        orders = Orders(number=1, paid=NOTHING, unpaid=NOTHING, refunded=NOTHING)
        return Sales(
            conference=there,
            at=START,
            releases=(release,),
            days=self.days,
            orders=orders,
            last_at=self.last_at,
        )


@pytest.fixture
def till(world: World) -> Till:
    """Give a till that has sold nothing for four days, in waking hours."""
    till = Till()
    world.wiring = replace(world.wiring, ticketing=till)
    world.__post_init__()
    return till


def said(world: World) -> set[tuple[str, str]]:
    """Return what was told: key and words."""
    return {(str(post["key"]), str(post["texts"])) for post in world.silent}


async def test_silence_is_told_by_day_and_by_the_hour_of_a_launch(world: World, till: Till) -> None:
    """The key is what is told once; by night nothing is asked."""
    await world.later(hours=1, minutes=1)
    ((key, words),) = said(world)
    assert key == "2026-06-15"
    assert "Nobody has bought a ticket for 4.0 days: that is unlikely now. Can they be bought?" in words
    till.starts_at = START
    world.silent.clear()
    await world.later(hours=1, minutes=1)
    await world.later(hours=1, minutes=1)
    assert {key for key, _ in said(world)} == {"2026-06-15T11", "2026-06-15T12"}
    assert [post["often"] for post in world.silent] == ["an hour"] * 2
    async with world.store.read() as tx:
        lines = await journal.of(tx, "silence")
    assert [line.payload["key"] for line in lines] == ["2026-06-15", "2026-06-15T11", "2026-06-15T12"]
    assert {line.kind.value for line in lines} == {"silent"}
    await world.later(hours=10)
    world.silent.clear()
    await world.later(hours=6)
    assert world.silent == []


async def test_what_was_on_sale_yesterday_and_is_no_more_is_told(world: World, till: Till) -> None:
    """Sold out and ended are other words; without sales nobody can be silent."""
    async with world.store.write() as tx:
        await sales.snap(tx, TODAY - timedelta(days=1), await till.sales(ZoneInfo("UTC")))
    till.state = Sale.OFF
    await world.later(hours=1, minutes=1)
    assert said(world) == {("2026-06-15", "['*All* is off sale; it was on sale before.']")}
    await world.later(hours=3)
    assert len(world.silent) == 1
    till.state = Sale.SOLD_OUT
    await world.later(hours=1)
    assert len(world.silent) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"last_at": START - timedelta(hours=1)},
        {"away": True},
        {"first_day": None},
        {"days": ()},
        {"first_day": TODAY - timedelta(days=1)},
    ],
)
async def test_no_alarm_without_cause(world: World, till: Till, changed: dict[str, object]) -> None:
    """Somebody bought just now; nobody can say; or the conference is over."""
    for name, value in changed.items():
        setattr(till, name, value)
    await world.later(hours=1, minutes=1)
    assert world.silent == []
    assert till.asked
    world.failures.clear()  # without a seller there is no snapshot either


async def test_a_past_year_that_rested_here_too_is_no_cause(world: World, till: Till) -> None:
    """Past years as we keep them are compared with; without a seller there is nothing to listen to."""
    first = date(2025, 9, 19)
    rested = Season(
        year=2025,
        first_day=first,
        kinds=(Kind(title="All", sold=9),),
        days=(Sold(day=date(2025, 5, 1), kind="All", sold=9),),
    )
    async with world.store.write() as tx:
        await sales.put(tx, rested)
    await world.later(hours=1, minutes=1)
    assert world.silent == []
    world.wiring = replace(world.wiring, ticketing=None)
    world.__post_init__()
    asked = till.asked
    await world.later(hours=3)
    assert till.asked == asked
