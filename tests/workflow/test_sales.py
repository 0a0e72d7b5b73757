"""Ticket sales are kept, and again when their seller says that there are new ones; what is new is told."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.appointment import Appointment
from bot.core.event import Kind
from bot.core.money import Money
from bot.core.tickets import Conference, Orders, Release, Sale, Sales, Season
from bot.core.values import Json
from bot.store import appointments, journal, sales
from bot.store.appointments import Day
from bot.workflow.sales import Snapshots
from tests.workflow.conftest import Build
from tests.workflow.test_looking import kept
from tests.workflow.world import START, World

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
    capacity: int | None = None
    starts_at: datetime | None = None
    archived: bool = False
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
            name="all",
            title="All",
            state=Sale.ON,
            sold=number,
            capacity=self.capacity,
            starts_at=self.starts_at,
            archived=self.archived,
            revenue=NOTHING,
            voided=NOTHING,
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
    """One snapshot a local date, brought up to date every hour, when nobody hints at anything.

    Years that are over are asked for once a day, until something is known of them: of two events the larger.
    """
    await world.later(minutes=5)
    assert await snapshots(world) == [10]
    assert await totals(world) == {2026: 10, 2025: 300, 2024: 250, 2023: 5}
    booth.sold["2026"] = 12
    booth.asked.clear()
    await world.later(minutes=50)
    assert booth.asked == []
    await world.later(hours=1)
    await world.later(minutes=2)
    assert booth.asked == ["2026"]
    assert await snapshots(world) == [12]
    booth.sold["2026"] = 13
    await world.jump(hours=20)
    await world.later(minutes=5)
    assert await snapshots(world) == [12, 13]
    assert booth.asked == ["2026", "2026", "2022"]  # of 2022 nothing is known yet
    assert (await totals(world))[2026] == 13


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


async def shares(world: World) -> list[tuple[Kind, Json]]:
    """Return what our journal says of how much is sold, oldest first."""
    async with world.store.read() as tx:
        return [(line.kind, line.payload) for line in await journal.of(tx, "sales:2026/all")]


async def sold(world: World, booth: Booth, number: int) -> list[str]:
    """Let so many be sold, and the booth hint at it; return what is told of it."""
    booth.sold["2026"] = number
    world.sold.clear()
    await world.timers.look(kept(world, "2026", vendor="booth", key=f"{number}"))
    await world.later(minutes=2)
    return [str(post["text"]) for post in world.sold]


async def test_each_share_of_a_release_is_told_once_ever(build: Build, booth: Booth) -> None:
    """Half, nine tenths and all, by whichever process looks; what was so before we looked is not told."""
    world, booth.capacity = booth.world, 20
    assert await sold(world, booth, 10) == []
    assert await shares(world) == [
        (Kind.SOLD, {"share": 50, "detail": "PyCon UK 2026: *All* is 50 % sold (10 of 20)."})
    ]
    assert await sold(world, booth, 18) == ["PyCon UK 2026: *All* is 90 % sold (18 of 20)."]
    assert await sold(world, booth, 9) == []
    assert await sold(world, booth, 19) == []
    other = await build(peer=world)
    other.wiring = replace(other.wiring, ticketing=booth)
    booth.sold["2026"] = 20
    await asyncio.gather(*(Snapshots(each.wiring).take({}) for each in (world, other)))
    await world.drain()
    assert [post["text"] for post in world.sold] == ["PyCon UK 2026: *All* is sold out (20 of 20)."]
    assert [said["share"] for _, said in await shares(world)] == [50, 90, 100]
    booth.capacity = None
    assert await sold(world, booth, 400) == []


async def test_from_a_launch_on_its_digest_is_kept_up_to_date(world: World, booth: Booth) -> None:
    """It is there before its time, follows each sale and a look each quarter of an hour, until midnight."""
    booth.capacity, booth.starts_at = 20, START
    digest = Appointment(line="digest tickets", at=time(12), channel="C0DIGESTS", launches=True)
    other = Appointment(line="digest costs", at=time(12), channel="C0DIGESTS")
    world.wiring = replace(world.wiring, appointments=(digest, other))
    world.__post_init__()
    booth.sold["2026"] = 11
    await world.later(minutes=2)
    assert [post["text"] for post in world.sold] == ["PyCon UK 2026: *All* is 50 % sold (11 of 20)."]
    async with world.store.read() as tx:
        assert await appointments.last(tx, digest.key) == Day(day=START.date(), going=True)
        assert await appointments.last(tx, other.key) == Day(
            day=START.date() - timedelta(days=1), going=False
        )
    payload: Json = {"appointment": digest.key, "day": "2026-06-15"}
    assert world.digests == [("digest", payload)]
    await sold(world, booth, 12)
    assert world.digests[1:] == [("news", payload)]
    booth.asked.clear()
    for _ in range(12):
        await world.later(minutes=5)
    assert 3 <= booth.asked.count("2026") <= 4
    await world.jump(hours=14)
    world.digests.clear()
    await sold(world, booth, 13)
    assert world.digests == []
