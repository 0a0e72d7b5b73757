"""The night's export: once a night, whoever comes first; what is in its way is told once."""

from dataclasses import dataclass, replace
from datetime import time

import pytest

from bot.core.errors import Refused
from bot.core.event import Event
from bot.store import journal
from bot.workflow.exports import SUBJECT, Exports
from tests.workflow.conftest import Build
from tests.workflow.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REFUSAL = Refused("The repository is full.", "Empty it.")


@dataclass
class Place:
    """Where it is written: how often it was, and what is in the way."""

    written: int = 0
    refusal: Refused | None = None

    async def __call__(self) -> None:
        """Write it."""
        if self.refusal:
            raise self.refusal
        self.written += 1


def nightly(world: World, place: Place) -> World:
    """Return the world with an export at half past ten; it is nine o'clock."""
    return replace(world, wiring=replace(world.wiring, export=place, export_at=time(10, 30)))


async def lines(world: World) -> list[Event]:
    """Return what the journal says of exports."""
    async with world.store.read() as tx:
        return await journal.of(tx, SUBJECT)


async def test_it_is_written_once_a_night_by_whoever_comes_first(world: World, build: Build) -> None:
    """Two processes write it once, after its time; a night that nobody was there is not made up for."""
    place = Place()
    one, two = nightly(world, place), nightly(await build(peer=world), place)
    await one.jump(hours=1)
    assert place.written == 0
    for process in (one, two, one):
        await process.jump(hours=1)
    assert (place.written, len(await lines(world))) == (1, 1)
    await Exports(two.wiring).write({"night": "2026-06-15"})  # asked for before the other had written it
    await two.jump(days=3)
    assert [line.payload for line in await lines(world)] == [
        {"night": night, "detail": ""} for night in ("2026-06-15", "2026-06-18")
    ]
    assert one.lacks == two.lacks == []


async def test_what_is_in_its_way_is_told_once_and_when_it_is_gone(world: World) -> None:
    """It is tried again every hour, into the next night too; the journal and owners are told twice."""
    place = Place(refusal=REFUSAL)
    world = nightly(world, place)
    await world.jump(hours=2)
    place.refusal = Refused("The repository is still full.")
    for _ in range(3):
        await world.jump(hours=8)
    place.refusal = None
    await world.jump(hours=1)
    assert place.written == 1
    assert [line.payload for line in await lines(world)] == [
        {"night": "", "detail": "The repository is full. Empty it."},
        {"night": "2026-06-16", "detail": ""},
    ]
    assert [post["lacks"] for post in world.lacks] == [["The repository is full. Empty it."], []]
    assert world.failures == []
