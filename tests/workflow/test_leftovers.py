"""What ended grants left over: looked for each night, told once, removed only as approved."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import Rejected, Unavailable
from bot.core.event import Event
from bot.core.leftover import Left
from bot.store import grants, journal
from bot.store.grants import GrantState
from bot.workflow import leftovers
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box, Fault
from tests.workflow.test_ending import extend
from tests.workflow.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where no SQL is at stake
ONE_DAY = "put box-1=apple --for 1d"


async def nights(world: World) -> list[Event]:
    """Return the journal's lines of nights."""
    async with world.store.read() as tx:
        return await journal.of(tx, leftovers.SUBJECT)


async def due(world: World, at: datetime) -> str:
    """Return which night is due at a moment."""
    world.clock.now = at
    async with world.store.read() as tx:
        return str(await leftovers.due(world.wiring, tx))


def lefts(world: World) -> list[list[Left]]:
    """Return what each message tells of."""
    return [[Left.model_validate(left) for left in post["left"]] for post in world.left]  # type: ignore[union-attr]  # our own payload


def told(world: World) -> list[list[tuple[int, str, bool, bool]]]:
    """Return what each message says is left."""
    return [
        [(left.number, left.change.words, left.same, left.trying) for left in each] for each in lefts(world)
    ]


async def test_what_is_there_again_is_told_once_and_left(world: World) -> None:
    """Access that is back after its end is told the next night, once, and stays until owners decide."""
    request = await world.approved(ONE_DAY)
    await world.jump(days=1)
    world.shelf.boxes["box-1"] = Box(holds="apple")
    await world.jump(hours=17, minutes=59)  # 02:59
    assert await nights(world) == []
    await world.jump(minutes=1)
    for _ in range(2):
        await world.jump(days=1)
    assert told(world) == [[(1, "box-1 holds nothing (now: apple)", True, False)]]
    assert [event.payload["night"] for event in await nights(world)] == [
        "2026-06-17",
        "2026-06-18",
        "2026-06-19",
    ]
    assert (world.shelf.holds, await world.grant(request)) == ({"box-1": "apple"}, GrantState.ENDED)
    [left] = await world.leftovers.found()
    assert (left.change.before, left.change.after) == (Box(holds="apple").model_dump(), None)


@ON_SQLITE
async def test_a_target_that_cannot_be_looked_at_hides_no_other(world: World) -> None:
    """A repository that was deleted since is told once, as what nobody can look at; the rest is looked at."""
    await world.approved(ONE_DAY)
    await world.approved("put box-2=pear --for 1d")
    await world.jump(days=1)
    world.shelf.boxes |= {"box-1": Box(holds="apple"), "box-2": Box(holds="pear")}
    gone = Rejected("shelf", "The shelf knows no such box.")
    world.shelf.looks.extend([gone, None, gone])
    for _ in range(2):
        await world.jump(days=1)
    [[hidden, there]] = lefts(world)
    assert (hidden.unseen, there.unseen) == ("The shelf knows no such box.", "")
    await world.jump(days=1)
    assert [left.unseen for left in lefts(world)[-1]] == [""], "when it can be looked at again that is told"


@ON_SQLITE
async def test_a_clean_night_says_nothing(world: World) -> None:
    """Where nothing ended nothing is looked at; where all ended cleanly nothing is told."""
    await world.approved(ONE_DAY)
    await world.jump(hours=20)
    assert await nights(world) == []
    await world.jump(days=2)
    await world.jump(minutes=10)
    assert ([event.payload["left"] for event in await nights(world)], world.left) == ([""], [])


@ON_SQLITE
async def test_an_end_that_failed_is_tried_again_as_approved(world: World) -> None:
    """What the vendor refused to take away is taken away at night when it lets us: that was approved."""
    request = await world.approved("put box-1=apple box-2=pear --for 1d")
    world.shelf.faults.extend([Fault.REJECTED, Fault.REJECTED])
    await world.jump(days=1)
    assert (set(world.shelf.holds), await world.grant(request)) == ({"box-1", "box-2"}, GrantState.ASKED)
    await world.jump(days=1)
    assert [trying for *_, trying in told(world)[0]] == [True, True]
    assert (world.shelf.holds, await world.grant(request)) == ({}, GrantState.ENDED)
    status = await world.status(request)
    assert status.ended_clean
    assert status.step("end", 1).attempts == 1


@ON_SQLITE
async def test_an_end_that_is_only_in_our_rows_is_carried_out(world: World) -> None:
    """A grant that our rows call ended, and whose end nobody carried out, ends at night."""
    request = await world.approved(ONE_DAY)
    async with world.store.write() as tx:
        await grants.set_state(tx, request.id, GrantState.ENDED, None)
    await world.jump(days=2)
    assert (world.shelf.holds, len(told(world))) == ({}, 1)


@ON_SQLITE
async def test_an_end_that_is_held_up_is_told(world: World) -> None:
    """A grant that should have ended and runs is told as such: it is tried by itself all the time."""
    await world.approved(ONE_DAY)
    world.shelf.faults.append(Fault.UNAVAILABLE)
    await world.jump(days=1)
    async with world.store.write() as tx:  # a row that nobody looks at
        await tx.exec_driver_sql("UPDATE grants SET due_at = NULL")
        await tx.exec_driver_sql("DELETE FROM jobs")
    await world.jump(days=1)
    assert told(world) == [[(1, "box-1 holds nothing (now: apple)", True, True)]]


@ON_SQLITE
async def test_what_moved_is_told_and_left(world: World) -> None:
    """What is something else now than was granted is told and not tried, whether its end failed or not."""
    await world.approved("put box-1=apple box-2=pear --for 1d")
    world.shelf.boxes["box-1"] = Box(holds="fig")
    world.shelf.faults.append(Fault.REJECTED)
    await world.jump(days=1)
    world.shelf.boxes["box-2"] = Box(holds="plum")
    await world.jump(days=1)
    left = "box-{} holds nothing (now: {})"
    assert told(world) == [
        [(1, left.format(1, "fig"), False, False), (1, left.format(2, "plum"), False, False)]
    ]
    assert world.shelf.holds == {"box-1": "fig", "box-2": "plum"}


@ON_SQLITE
async def test_what_was_granted_again_is_not_left_over(world: World) -> None:
    """Access that runs on, or that a later approved request gave, is nobody's leftover."""
    request = await world.approved(ONE_DAY)
    await extend(world, request, days=9)
    await world.approved("put box-2=pear --for 1d")
    await world.jump(days=1)
    await world.approved("put box-2=pear")
    await world.jump(days=1)
    assert world.shelf.holds == {"box-1": "apple", "box-2": "pear"}
    assert await world.leftovers.found() == ()
    assert world.left == []


@ON_SQLITE
async def test_a_vendor_that_is_away_is_waited_for(world: World) -> None:
    """The look of a night waits for the vendor, and is not forgotten; one that is off holds nothing up."""
    await world.approved(ONE_DAY)
    await world.jump(days=1)
    world.shelf.boxes["box-1"], world.shelf.down = Box(holds="apple"), Unavailable("shelf", "No answer.")
    await world.jump(days=1)
    assert await nights(world) == []
    world.shelf.down = None
    await world.jump(minutes=10)
    assert len(told(world)) == 1
    off = replace(world.wiring, bound={})
    assert await leftovers.Leftovers(off).found() == ()


async def test_several_processes_tell_once(build: Build) -> None:
    """Two processes that look on the same night tell of one, and a job that comes back tells nothing."""
    one = await build()
    other = await build(peer=one)
    await one.approved(ONE_DAY)
    await one.jump(days=1)
    one.shelf.boxes["box-1"] = Box(holds="apple")
    one.clock.now += timedelta(days=1)
    await asyncio.gather(*(world.leftovers.night({"night": "2026-06-17"}) for world in (one, other)))
    await one.leftovers.night({"night": "2026-06-17"})
    await one.drain()
    assert (len(await nights(one)), len(one.left)) == (1, 1)


@ON_SQLITE
async def test_one_night_a_date_also_when_clocks_change(world: World) -> None:
    """A night is due from 03:00 on the wall clock, once a date, when clocks go forward and back too."""
    await world.approved(ONE_DAY)
    for month, day, hour in ((6, 17, 2), (10, 25, 3), (3, 28, 2)):  # 03:00 in London, in UTC
        year = 2027 if month == 3 else 2026
        three = datetime(year, month, day, hour, tzinfo=UTC)
        night = f"{year}-{month:02}-{day:02}"
        assert await due(world, three - timedelta(minutes=1)) == "None"
        assert await due(world, three) == night
        await world.leftovers.night({"night": night})
        assert await due(world, three + timedelta(hours=20)) == "None"
