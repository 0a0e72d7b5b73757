"""Ends of grants: warned of, carried out as approved, prolonged, or asked about."""

from datetime import timedelta

import pytest

from bot.core.change import Change, Plan, Request
from bot.core.command import Grant
from bot.core.errors import Denied, NotAllowed, Refused, Unavailable
from bot.core.event import Event, Kind
from bot.core.people import Actor
from bot.core.status import State
from bot.store.grants import GrantState
from bot.store.jobs import Later
from bot.workflow.moments import as_long_again
from bot.workflow.service import Filed
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import LONDON, ORGANISER, READER, START, Killed, World

SILENCE = Unavailable("shelf", "The shelf does not answer.")
FORTNIGHT = "put box-1=apple --for 14d"


async def told(world: World, request: Request, kind: Kind) -> list[Event]:
    """Return the lines of one kind."""
    return [event for event in await world.lines(request) if event.kind is kind]


async def running(world: World) -> list[Grant]:
    """Return the grants that run."""
    return await world.service._requests.grants()


async def extended(world: World, request: Request, days: int, by: Actor = ORGANISER) -> Filed:
    """Ask for a later end of what was granted."""
    plan = Plan(
        title="Extend",
        changes=(),
        ends_at=world.clock() + timedelta(days=days),
        ending=request.plan.ending,
    )
    filed = await world.service.file(plan, by, world.key(), "")
    assert isinstance(filed, Filed)
    return filed


async def extend(world: World, request: Request, days: int) -> Request:
    """Prolong what was granted."""
    filed = await extended(world, request, days)
    await world.decide(filed.request, "approve", "Cory")
    await world.drain()
    return filed.request


async def test_grant_runs_from_its_approval(world: World) -> None:
    """A grant of 14 days ends 14 days after it was approved, whenever it was asked for."""
    request = await world.asked(FORTNIGHT)
    await world.later(hours=20)
    await world.decide(request, "approve", "Cory")
    await world.later(hours=1)
    [grant] = await running(world)
    assert grant.ends_at == START + timedelta(days=14, hours=20)
    assert (grant.request, grant.number, grant.ending) == (request.id, 1, request.plan.ending)


async def test_grant_until_a_moment(world: World) -> None:
    """A grant with a date ends then."""
    await world.approved("put box-1=apple --until 2026-06-16T08:00:00+00:00")
    assert [grant.ends_at for grant in await running(world)] == [START + timedelta(days=1)]


async def test_lasting_change_is_no_grant(world: World) -> None:
    """A change without an end leaves no grant."""
    await world.approved("put box-1=apple")
    assert await running(world) == []


async def test_grant_is_warned_of_and_ended(world: World) -> None:
    """Three days and one day before its end a grant is warned of, once each; then it ends as approved."""
    request = await world.approved(FORTNIGHT)
    await world.later(days=14)
    warned = [(str(e.payload["stage"]), e.at - START) for e in await told(world, request, Kind.WARNED)]
    assert warned == [("three days", timedelta(days=11)), ("one day", timedelta(days=13))]
    [ended] = await told(world, request, Kind.ENDED)
    assert (ended.at - START, ended.payload) == (timedelta(days=14), {"clean": True, "prolonged": False})
    assert (world.shelf.holds, await world.grant(request)) == ({}, GrantState.ENDED)
    assert (await world.status(request)).ended_at == ended.at
    assert await world.state(request) is State.APPLIED


async def test_short_grant_is_not_warned_of_too_early(world: World) -> None:
    """A grant is warned of only at moments that come after it began."""
    two_days = await world.approved("put box-1=apple --for 2d")
    hours = await world.approved("put box-2=pear --for 12h")
    await world.later(days=2)
    assert [str(e.payload["stage"]) for e in await told(world, two_days, Kind.WARNED)] == ["one day"]
    assert await told(world, hours, Kind.WARNED) == []
    assert world.shelf.holds == {}


async def test_repeated_warning_is_told_once(world: World) -> None:
    """An end job that runs twice warns once."""
    request = await world.approved(FORTNIGHT)
    await world.jump(days=11)
    await world.endings.end({"request": request.id})
    assert len(await told(world, request, Kind.WARNED)) == 1


async def test_grant_ends_late_when_the_bot_was_down(world: World) -> None:
    """A grant whose end came while the bot was down ends as soon as it is up."""
    request = await world.approved(FORTNIGHT)
    await world.jump(days=20)
    assert (world.shelf.holds, await world.grant(request)) == ({}, GrantState.ENDED)


async def test_grant_ends_late_when_the_vendor_was_down(world: World) -> None:
    """A grant whose vendor is down at its end, for days if need be, is ended when it is back; told once."""
    request = await world.approved(FORTNIGHT)
    world.shelf.down = SILENCE
    await world.jump(days=14)
    await world.later(minutes=10)
    await world.jump(days=5)
    assert (world.shelf.holds, await world.grant(request)) == ({"box-1": "apple"}, GrantState.RUNNING)
    [note] = await told(world, request, Kind.NOTED)
    assert note.payload == {"text": "The shelf does not answer. Nothing is lost; I keep trying."}
    world.shelf.down = None
    await world.later(minutes=2)
    assert (world.shelf.holds, await world.grant(request)) == ({}, GrantState.ENDED)


async def test_end_of_what_is_gone_already_is_clean(world: World) -> None:
    """When somebody took away before its end what was granted, there is nothing left to do."""
    request = await world.approved(FORTNIGHT)
    del world.shelf.boxes["box-1"]
    await world.jump(days=14)
    assert (world.shelf.writes, await world.grant(request)) == (["box-1=apple"], GrantState.ENDED)


async def test_end_of_what_moved_is_asked_about(world: World) -> None:
    """What is no longer exactly what was granted is left at its end, and asked about."""
    request = await world.approved(FORTNIGHT)
    world.shelf.boxes["box-1"] = Box(holds="fig")
    await world.jump(days=14)
    assert (world.shelf.holds, await world.grant(request)) == ({"box-1": "fig"}, GrantState.ASKED)
    [ended] = await told(world, request, Kind.ENDED)
    assert ended.payload == {"clean": False, "prolonged": False}
    [asked] = await told(world, request, Kind.REMINDED)
    assert asked.payload["stage"] == "left"
    assert await running(world) == []


async def test_each_target_ends_by_itself(world: World) -> None:
    """When one target moved, the others of the same grant end all the same."""
    request = await world.approved("put box-1=apple box-2=pear box-3=plum --for 1d")
    world.shelf.boxes["box-1"] = Box(holds="fig")
    world.shelf.faults.append(Fault.REJECTED)
    await world.jump(days=1)
    assert (world.shelf.holds, await world.grant(request)) == (
        {"box-1": "fig", "box-2": "pear"},
        GrantState.ASKED,
    )


async def test_end_that_may_not_be_looked_at_is_asked_about(world: World) -> None:
    """When the token may no longer look at the target, people are asked."""
    request = await world.approved(FORTNIGHT)
    world.shelf.down = Denied("shelf", "The token may not look.")
    await world.jump(days=14)
    assert await world.grant(request) is GrantState.ASKED


async def test_end_that_is_under_way_is_waited_for(world: World) -> None:
    """An end that somebody must accept is looked at again until it is so."""
    change = await world.change("box-1", "apple")
    back = Change(resource="shelf.box", target="box-1", before=change.after, after={"holds": "old"})
    plan = Plan(title="Swap", changes=(change,), lasts=timedelta(days=1), ending=(back,))
    filed = await world.service.file(plan, ORGANISER, "r1", "")
    assert isinstance(filed, Filed)
    await world.decide(filed.request, "approve", "Cory")
    await world.drain()
    world.shelf.invites = True
    await world.jump(days=1)
    assert (world.shelf.holds, await world.grant(filed.request)) == ({"box-1": "old"}, GrantState.RUNNING)
    world.shelf.accept("box-1")
    await world.later(minutes=1)
    assert await world.grant(filed.request) is GrantState.ENDED


async def test_guard_holds_at_an_end(world: World) -> None:
    """An end that a guard forbids by then is not carried out, but asked about."""
    for name in ("a", "b"):
        world.keys.boxes[name] = Box(holds="key")
    change = await world.wiring.bound["keys.key"].plan("c", Box(holds="key"))
    back = Change(resource="keys.key", target="c", before=change.after, after=None)
    plan = Plan(title="Key of c", changes=(change,), lasts=timedelta(days=1), ending=(back,))
    filed = await world.service.file(plan, ORGANISER, "r1", "")
    assert isinstance(filed, Filed)
    await world.decide(filed.request, "approve", "Cory")
    await world.drain()
    del world.keys.boxes["a"]
    await world.jump(days=1)
    assert (set(world.keys.boxes), await world.grant(filed.request)) == ({"b", "c"}, GrantState.ASKED)
    assert "at least 2 must stay" in (await world.status(filed.request)).step("end", 0).detail


async def test_part_of_a_grant_ends_too(world: World) -> None:
    """A grant that was given only in part still ends."""
    world.shelf.faults.extend([Fault.NONE, Fault.REJECTED])
    request = await world.approved("put box-1=apple box-2=pear --for 1d")
    assert await world.state(request) is State.PARTIAL
    await world.jump(days=1)
    assert (world.shelf.holds, await world.grant(request)) == ({}, GrantState.ENDED)


async def test_grant_that_failed_leaves_nothing_to_end(world: World) -> None:
    """A grant that was never given has no end."""
    world.shelf.faults.append(Fault.REJECTED)
    request = await world.approved(FORTNIGHT)
    assert (await world.state(request), await world.grant(request)) == (State.FAILED, None)


async def test_invitation_that_nobody_accepted_ends_with_its_grant(world: World) -> None:
    """A grant runs while its invitation waits, and its end takes the invitation back."""
    world.shelf.invites = True
    request = await world.approved("put box-1=apple --for 2d")
    assert (await world.state(request), await world.grant(request)) == (State.WAITING, GrantState.RUNNING)
    await world.jump(days=2)
    assert (world.shelf.holds, await world.grant(request)) == ({}, GrantState.ENDED)


async def test_accepted_invitation_keeps_its_one_grant(world: World) -> None:
    """An invitation that is accepted does not start its grant again."""
    world.shelf.invites = True
    request = await world.approved(FORTNIGHT)
    [before] = await running(world)
    world.shelf.accept("box-1")
    await world.later(hours=2)
    assert (await world.state(request), await running(world)) == (State.APPLIED, [before])


# extending


async def test_later_end_wins(world: World) -> None:
    """With two grants on one target the earlier end does nothing; the later one ends it."""
    request = await world.approved(FORTNIGHT)
    longer = await extend(world, request, days=30)
    assert await world.state(longer) is State.APPLIED
    await world.later(days=14)
    assert (world.shelf.holds, await world.grant(request)) == ({"box-1": "apple"}, GrantState.SUPERSEDED)
    [ended] = await told(world, request, Kind.ENDED)
    assert ended.payload == {"clean": True, "prolonged": True}
    await world.later(days=16)
    assert (world.shelf.holds, await world.grant(longer)) == ({}, GrantState.ENDED)


async def test_prolonged_grant_is_not_warned_of(world: World) -> None:
    """Nobody is warned of an end that will not happen; the later end is warned of."""
    request = await world.approved(FORTNIGHT)
    longer = await extend(world, request, days=30)
    await world.later(days=30)
    assert await told(world, request, Kind.WARNED) == []
    assert len(await told(world, longer, Kind.WARNED)) == 2


async def test_part_that_is_not_prolonged_ends(world: World) -> None:
    """Of a grant on two targets only the one that was prolonged stays, also after a death midway."""
    request = await world.approved("put box-1=apple box-2=pear box-3=plum --for 1d")
    part = request.model_copy(
        update={"plan": request.plan.model_copy(update={"ending": request.plan.ending[:1]})}
    )
    await extend(world, part, days=9)
    world.clock.now += timedelta(days=1)
    world.life.left = 25
    with pytest.raises(Killed):
        await world.sweep()
    await world.restart()
    await world.later(minutes=5)
    assert world.shelf.holds == {"box-1": "apple"}
    assert world.shelf.writes[3:] == ["box-2=", "box-3="]


async def test_extending_lowers_no_guard(world: World) -> None:
    """To prolong what is protected takes as many owners as to grant it."""
    request = await world.approved("put box-1=crown --for 1d", asker=world.actor("George"))
    assert (await extended(world, request, days=9)).request.needs == 2


# before its time


@pytest.mark.parametrize("by", ["organiser-1", "Cory"])
async def test_grant_ended_early(world: World, by: str) -> None:
    """Who asked for a grant, or an owner, ends it before its time: its end was approved with it."""
    request = await world.approved(FORTNIGHT)
    await world.later(days=1)
    await world.endings.end_now(request.id, world.actor(by))
    await world.drain()
    assert (world.shelf.holds, await world.grant(request)) == ({}, GrantState.ENDED)
    [ending] = await told(world, request, Kind.ENDING)
    assert (ending.actor.name, ending.at) == (by, START + timedelta(days=1))


@pytest.mark.parametrize("by", ["organiser-2", READER.name])
async def test_nobody_else_ends_a_grant_early(world: World, by: str) -> None:
    """An organiser who did not ask for a grant cannot end it."""
    request = await world.approved(FORTNIGHT)
    with pytest.raises(NotAllowed, match="Only organiser-1 or an owner can end #1 early"):
        await world.endings.end_now(request.id, world.actor(by))


async def test_what_has_ended_is_not_ended_again(world: World) -> None:
    """A grant that ended, or never was, cannot be ended."""
    lasting = await world.approved("put box-2=pear")
    request = await world.approved(FORTNIGHT)
    await world.jump(days=14)
    for each in (lasting, request):
        with pytest.raises(Refused, match="has no end that still runs"):
            await world.endings.end_now(each.id, world.actor("Cory"))
    await world.endings.end({"request": request.id})
    await world.endings.end({"request": lasting.id})
    assert len(await told(world, request, Kind.ENDED)) == 1


async def test_ended_grant_is_not_undone(world: World) -> None:
    """What has ended is not offered to be undone."""
    request = await world.approved("put box-1=apple --for 1h")
    await world.jump(hours=1)
    with pytest.raises(Refused, match="can no longer be undone"):
        await world.service.undo(request.id, world.actor("Cory"), "undo")


async def test_two_workers_end_a_grant_once(build: Build) -> None:
    """A worker that was frozen while it ended a grant finds it ended by another, and ends nothing more."""
    one = await build()
    other = await build(peer=one)
    request = await one.approved(FORTNIGHT)
    one.clock.now += timedelta(days=14)

    async def thaw(_seconds: float) -> None:  # while the first worker waits for its write to show
        await other.endings.end({"request": request.id})

    one.shelf.lag, one.executor._sleep = 1, thaw
    with pytest.raises(Later):
        await one.endings.end({"request": request.id})
    await one.endings.end({"request": request.id})
    assert one.shelf.writes == ["box-1=apple", "box-1="]
    assert len(await told(one, request, Kind.ENDED)) == 1


async def test_extending_asks_for_as_long_again(world: World) -> None:
    """What ends on a day is asked for until a later one; what lasts for a time, for the same time."""
    dated = await world.approved("put box-1=apple --until 2026-06-25T08:00:00+00:00 because it is ripe")
    lasting = await world.approved("put box-2=pear --for 10d")
    await world.later(days=8)
    later = await world.service.extend(dated.id, ORGANISER, "one")
    again = await world.service.extend(lasting.id, ORGANISER, "two")
    assert isinstance(later, Filed)
    assert isinstance(again, Filed)
    assert later.request.line == "put box-1=apple --until 2026-07-05 because it is ripe"
    assert again.request.line == lasting.line


@pytest.mark.parametrize(
    ("days", "longest", "until"), [(0, 366, 5), (4, 366, 5), (4, 15, 3), (0, 11, 25), (9, 10, 3)]
)
def test_as_long_again_stays_within_what_may_be(days: int, longest: int, until: int) -> None:
    """Ten days become twenty, or as many as policy allows, never fewer than they were."""
    ends_at = START + timedelta(days=10)
    day = as_long_again(START, ends_at, START + timedelta(days=days), timedelta(days=longest), LONDON)
    assert day.day == until
