"""What happens by itself: owners are asked, requests expire, lost jobs heal, a failing sweep is told."""

import asyncio
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from bot.core.change import Request
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import State, Status
from bot.core.values import Json
from bot.store import StoreUnavailable, journal
from bot.store.tables import JOBS
from tests.workflow.world import EVERYONE, LONDON, OWNERS, START, World


async def reminded(world: World, request: Request) -> list[tuple[str, str, int]]:
    """Return when which stage asked how many, in local time."""
    status: Status = await world.status(request)
    return [(r.stage, f"{r.at.astimezone(LONDON):%a %H:%M}", len(r.names)) for r in status.reminders]


async def test_owners_are_asked_in_rounds(world: World) -> None:
    """Two owners after two hours, all in the morning, all before the end; then the request expires."""
    request = await world.asked("put box-1=apple")
    await world.later(hours=72)
    assert await reminded(world, request) == [
        ("two", "Mon 11:00", 2),
        ("all", "Tue 09:00", 6),
        ("last", "Thu 06:00", 6),
    ]
    assert await world.state(request) is State.EXPIRED
    [*_, expired] = await world.lines(request)
    assert (expired.kind, expired.at) == (Kind.EXPIRED, request.expires_at)


async def test_rounds_take_turns(world: World) -> None:
    """The two who are asked first change from request to request."""
    requests = [await world.asked(f"put box-{n}=apple") for n in range(3)]
    await world.later(hours=2)
    names = [(await world.status(each)).reminders[0].names for each in requests]
    assert names == [("Cory", "George"), ("George", "Kristian"), ("Kristian", "Owen")]


async def test_who_is_away_is_not_asked(world: World) -> None:
    """Owners who are away are left out of the round, the one who asked too."""
    away = date(2026, 6, 15)
    gone = [
        p.model_copy(update={"away_until": away}) for p in EVERYONE if p.name in {"Cory", "George", "Owen"}
    ]
    await world.everyone(*gone)
    request = await world.asked("put box-1=apple", world.actor("Peter"))
    await world.later(hours=2)
    assert (await world.status(request)).reminders[0].names == ("Charlie", "Kristian")
    await world.later(hours=22)  # they are back the day after
    assert (await world.status(request)).reminders[1].names == OWNERS[:5]


async def test_when_all_are_away_all_are_asked(world: World) -> None:
    """When every owner is away they are asked all the same."""
    await world.everyone(
        *(p.model_copy(update={"away_until": date(2026, 7, 1)}) for p in EVERYONE if p.name in OWNERS)
    )
    request = await world.asked("put box-1=apple")
    await world.later(hours=24)
    assert [count for *_, count in await reminded(world, request)] == [2, 6]


async def test_who_approved_is_not_asked_again(world: World) -> None:
    """Of two owners needed, the one who approved is not asked any more."""
    request = await world.asked("put box-1=crown")
    await world.decide(request, "approve", "Cory")
    await world.later(hours=24)
    names = {name for reminder in (await world.status(request)).reminders for name in reminder.names}
    assert names == {*OWNERS} - {"Cory"}


async def test_missed_rounds_are_made_up_once(world: World) -> None:
    """After two days without the bot owners are asked once, and a repeated tick asks nobody."""
    request = await world.asked("put box-1=apple")
    await world.jump(hours=48)
    await world.timers.tick({"request": request.id})
    assert [stage for stage, *_ in await reminded(world, request)] == ["all"]


async def test_decided_request_is_left_alone(world: World) -> None:
    """Nobody is asked about a request that is decided, and a late tick does nothing."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "deny", "Cory")
    await world.later(hours=80)
    before = await world.lines(request)
    await world.timers.tick({"request": request.id})
    assert await world.lines(request) == before
    assert [event.kind for event in before] == [Kind.FILED, Kind.DENIED]


async def test_request_expires_late_when_the_bot_was_down(world: World) -> None:
    """A request whose end came while the bot was down expires when it is up."""
    request = await world.asked("put box-1=apple")
    await world.jump(days=10)
    assert await world.state(request) is State.EXPIRED


async def test_lost_jobs_heal(world: World) -> None:
    """When all jobs are lost, sweeps ask for them again: for an apply, for a question, for an end."""
    grant = await world.approved("put box-1=apple --for 1h")
    asked = await world.asked("put box-2=pear")
    for hours in (1, 1):
        async with world.store.write() as tx:
            await tx.execute(JOBS.delete())
        await world.jump(hours=hours)
    assert world.shelf.holds == {}
    assert (await world.status(grant)).ended_at == START + timedelta(hours=1)
    assert [stage for stage, *_ in await reminded(world, asked)] == ["two"]


async def test_sweep_counts_what_is_due(world: World) -> None:
    """A sweep says how much it found due; a second one before the jobs ran adds none."""
    await world.approved("put box-1=apple --for 1h")
    await world.asked("put box-2=pear")
    assert await world.timers.sweep() == 0
    world.clock.now += timedelta(hours=2)
    assert [await world.timers.sweep(), await world.timers.sweep()] == [2, 2]
    async with world.store.read() as tx:
        assert len((await tx.execute(JOBS.select().where(JOBS.c.kind.in_(["tick", "end"])))).all()) == 2


async def test_nothing_else_keeps_a_grant_from_its_end(world: World) -> None:
    """When the sweep trips over a line that it cannot read, ends of grants come all the same."""
    grant = await world.approved("put box-1=apple --for 1h")
    async with world.store.write() as tx:
        await tx.execute(JOBS.delete())
        broken: Json = {"terms": {}}
        await journal.append(tx, subject="review", kind=Kind.BEGUN, at=START, actor=CLOCK, payload=broken)
    world.clock.now += timedelta(hours=2)
    with pytest.raises(ValidationError):
        await world.timers.sweep()
    await world.drain()
    assert (await world.status(grant)).ended_at


async def test_sweeps_go_on_after_a_failure(world: World) -> None:
    """A sweep that fails is told, and the next one is tried; it all stops when asked to."""
    request = await world.asked("put box-1=apple")
    world.clock.now += timedelta(hours=2)
    world.life.ill = StoreUnavailable("it is away")
    stop, failed, failures = asyncio.Event(), asyncio.Event(), list[Exception]()

    def tell(error: Exception) -> None:
        failures.append(error)
        failed.set()

    sweeping = asyncio.create_task(world.timers.run(stop, 0.001, tell))
    await failed.wait()
    while not await reminded(world, request):
        await world.drain()
    stop.set()
    await asyncio.wait_for(sweeping, timeout=5)
    assert [str(error) for error in failures] == ["The database is away."]
