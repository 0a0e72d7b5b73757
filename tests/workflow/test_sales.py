"""Ticket sales are kept every day, and again when whoever sells the tickets says that there are new ones."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.money import Money
from bot.core.tickets import Conference, Orders, Release, Sale, Sales, Season
from bot.store import sales
from bot.workflow.sales import Snapshots
from tests.workflow.test_looking import kept
from tests.workflow.world import World

NOTHING = Money(minor=0, currency="GBP")


def conference(name: str, first_day: date | None) -> Conference:
    """Return an event."""
    return Conference(name=name, title=f"PyCon UK {name}", currency="GBP", first_day=first_day)


@dataclass
class Booth:
    """Somebody who sells tickets: *sold* of each event."""

    world: World
    sold: dict[str, int]
    events: list[Conference]
    asked: list[str] = field(default_factory=list)
    vendor: str = "booth"
    seller: str = "the booth"
    where: str = "https://booth.example.org"
    followed: str = "2026"

    async def current(self) -> str:
        return self.followed

    async def conferences(self, *, archived: bool = False) -> tuple[Conference, ...]:
        return tuple(self.events) if archived else ()

    async def sales(self, zone: ZoneInfo, name: str | None = None, *, fresh: bool = False) -> Sales:
        there = next(each for each in self.events if each.name == (name or self.followed))
        if fresh or name:  # else an answer may be a minute old, and nothing is kept of it
            self.asked.append(there.name)
        number = self.sold[there.name]
        release = Release(
            name="all", title="All", state=Sale.ON, sold=number, revenue=NOTHING, voided=NOTHING
        )
        orders = Orders(number=number, paid=NOTHING, unpaid=NOTHING, refunded=NOTHING)
        return Sales(conference=there, at=self.world.clock(), releases=(release,), orders=orders)


@pytest.fixture
def booth(world: World) -> Booth:
    """Give a booth that sells our tickets, and sold those of other years."""
    events = [
        conference("2026", date(2026, 9, 18)),
        conference("2025", date(2025, 9, 19)),
        conference("2025-sprints", date(2025, 9, 22)),
        conference("2024", date(2024, 9, 20)),
        conference("2023", date(2023, 9, 22)),
        conference("2022", date(2022, 9, 16)),
        conference("some day", None),
    ]
    sold = {"2026": 10, "2025": 300, "2025-sprints": 20, "2024": 250, "2023": 5, "2022": 0}
    booth = Booth(world, sold, events)
    world.wiring = replace(world.wiring, ticketing=booth)
    world.__post_init__()
    return booth


async def totals(world: World) -> dict[int, int | None]:
    """Return how many were sold in each year that is kept."""
    async with world.store.read() as tx:
        return {season.year: season.total for season in await sales.seasons(tx)}


async def snapshots(world: World) -> list[int]:
    """Return how many had been sold on each day that is kept."""
    async with world.store.read() as tx:
        return [each.sold for each in await sales.snapshots(tx, "2026", date(2026, 1, 1))]


async def test_each_day_is_kept_once(world: World, booth: Booth) -> None:
    """One snapshot a local date; the years that are over are asked for once, and of two events the larger."""
    await world.later(minutes=5)
    assert await snapshots(world) == [10]
    assert await totals(world) == {2026: 10, 2025: 300, 2024: 250, 2023: 5}
    booth.sold["2026"] = 12
    booth.asked.clear()
    await world.later(hours=10)
    assert booth.asked == []
    await world.later(hours=10)
    await world.later(minutes=5)
    assert await snapshots(world) == [10, 12]
    assert booth.asked == ["2026", "2022"]  # of 2022 nothing is known yet
    assert (await totals(world))[2026] == 12


async def test_what_was_imported_stays(world: World, booth: Booth) -> None:
    """A past year that somebody imported is not overwritten by what a vendor still knows."""
    async with world.store.write() as tx:
        await sales.put(tx, Season(year=2025))
    booth.events[0] = conference("2026", None)
    await world.later(minutes=5)
    assert await totals(world) == {2025: None, 2024: 250, 2023: 5}


async def test_the_last_tickets_of_a_year_count_once_a_later_one_is_followed(
    world: World, booth: Booth
) -> None:
    """What is sold after the figures follow the next year is kept of the old one, for a month."""
    booth.events[0] = conference("2026", world.clock().date() - timedelta(days=28))
    booth.events.append(conference("2027", date(2027, 9, 17)))
    booth.sold["2027"], booth.followed = 1, "2027"
    await world.later(minutes=5)
    assert (await totals(world))[2026] == 10
    for sold, told in ((11, 11), (12, 11)):
        booth.sold["2026"] = sold
        await world.later(days=2)
        await world.later(minutes=5)
        assert (await totals(world))[2026] == told


async def test_news_are_looked_at_once(world: World, booth: Booth) -> None:
    """An order of five tickets says so six times: it is one look, and the day's last figures stand."""
    await world.later(minutes=5)
    booth.sold["2026"] = 15
    booth.asked.clear()
    for number in range(6):
        await world.timers.look(kept(world, "2026", vendor="booth", key=f"{number}"))
    await world.timers.look(kept(world, "2026", vendor="shelf", key="x"))
    await world.later(minutes=5)
    assert booth.asked.count("2026") == 1
    assert await snapshots(world) == [15]


async def test_a_seller_who_is_away_is_asked_again(world: World, booth: Booth) -> None:
    """The job fails, is told, and tries again by itself."""
    event = booth.events.pop(0)
    await world.later(minutes=2)
    assert await snapshots(world) == []
    assert {key for key, _ in world.failures} == {"sales:2026-06-15"}
    world.failures.clear()
    booth.events.insert(0, event)
    await world.later(minutes=10)
    assert await snapshots(world) == [10]


async def test_without_a_seller_nothing_is_kept(world: World) -> None:
    """A job that is left over from when there was one does nothing."""
    await Snapshots(world.wiring).take({})
    await world.later(days=1)
    assert await totals(world) == {}
