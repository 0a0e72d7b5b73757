"""While the bot was away: what it learns when it is back, once."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.core.errors import Unavailable
from bot.core.values import Json
from bot.store.inbox import Inbox
from bot.store.tables import JOBS
from bot.workflow import absence
from bot.workflow.absence import A_WHILE, LONG, SETTLED, Absence
from tests.workflow.conftest import Build
from tests.workflow.test_ending import extend
from tests.workflow.world import START, World

FORTNIGHT = "put box-1=apple --for 14d"


async def to_tell(world: World) -> list[tuple[Json, Any]]:
    """Return the absences that are to be told, and when."""
    async with world.store.read() as tx:
        rows = await tx.execute(select(JOBS.c.payload, JOBS.c.run_at).where(JOBS.c.kind == "absence"))
        return [(row.payload, row.run_at) for row in rows]


async def returned(world: World, **after: float) -> Absence:
    """Let the bot be away for some time, come back and do what is late; return what that did."""
    await absence.seen(world.wiring)
    world.clock.now += timedelta(**after)
    await absence.back(world.wiring)
    await world.sweep()
    [(payload, _)] = await to_tell(world)
    return await absence.became(world.store, payload)


async def test_the_first_start_is_no_return(world: World) -> None:
    """An empty database has nothing to tell."""
    await absence.back(world.wiring)
    assert await to_tell(world) == []


async def test_a_restart_is_no_absence(world: World) -> None:
    """Being gone for less than a few minutes is told to nobody."""
    await absence.back(world.wiring)
    for _ in range(3):
        world.clock.now += A_WHILE - timedelta(seconds=1)
        await absence.back(world.wiring)
    assert await to_tell(world) == []


async def test_an_absence_is_told_when_things_have_settled(world: World) -> None:
    """It is told with its bounds, a minute after."""
    await absence.seen(world.wiring)
    world.clock.now += A_WHILE
    await absence.back(world.wiring)
    [(payload, at)] = await to_tell(world)
    assert at == START + A_WHILE + SETTLED
    assert await absence.became(world.store, payload) == Absence(since=START, until=START + A_WHILE)


async def test_of_two_processes_one_tells(build: Build) -> None:
    """Two that come back at once tell of one absence."""
    one = await build()
    two = await build(peer=one)
    await absence.seen(one.wiring)
    one.clock.now += timedelta(hours=4)
    await asyncio.gather(absence.back(one.wiring), absence.back(two.wiring))
    assert len(await to_tell(one)) == 1


async def test_commands_that_waited_are_counted(world: World) -> None:
    """What was kept and not worked on counts; an event does not, nobody waits for it."""
    box = Inbox(world.store)
    await box.start()
    for key, kind in (("k1", "command"), ("k2", "command"), ("k3", "event")):
        await box.keep(key, kind, "", START)
    await box.close()
    assert (await returned(world, hours=1)).commands == 2


async def test_a_grant_that_ended_late_is_told(world: World) -> None:
    """A grant whose end came while the bot was away ended late by so much; another one is not concerned."""
    await world.approved(FORTNIGHT)
    await world.approved("put box-2=pear --for 20d")
    await world.later(days=13, hours=23)
    assert (await returned(world, hours=4)).late == (timedelta(hours=3),)
    assert world.shelf.holds == {"box-2": "pear"}


async def test_a_grant_that_a_worker_ended_in_time_is_not_told(world: World) -> None:
    """While nobody served, a worker may have done what was due."""
    await world.approved(FORTNIGHT)
    await absence.seen(world.wiring)
    await world.later(days=15)
    await absence.back(world.wiring)
    [(payload, _)] = await to_tell(world)
    did = await absence.became(world.store, payload)
    assert (did.late, did.unended) == ((), 0)


async def test_a_grant_that_cannot_end_yet_is_told(world: World) -> None:
    """When the vendor is still away the grant has yet to end."""
    await world.approved(FORTNIGHT)
    await world.later(days=13, hours=23)
    world.shelf.down = Unavailable("shelf", "The shelf does not answer.")
    did = await returned(world, hours=4)
    assert (did.late, did.unended) == ((), 1)


async def test_a_grant_that_was_prolonged_is_not_told(world: World) -> None:
    """A grant whose end a later one took over was not late."""
    request = await world.approved(FORTNIGHT)
    await world.later(days=13, hours=23)
    await extend(world, request, days=7)
    did = await returned(world, hours=4)
    assert (did.late, did.unended) == ((), 0)


def test_what_is_worth_telling() -> None:
    """A long absence is, and a short one that did something."""
    short = Absence(since=START, until=START + A_WHILE)
    assert not short.worth_telling
    for changed in (
        {"until": START + LONG},
        {"commands": 1},
        {"late": (timedelta(hours=3),)},
        {"unended": 1},
    ):
        assert short.model_copy(update=changed).worth_telling
