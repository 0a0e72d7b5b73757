"""Holding and waiting: what is in the way is said once, nothing is lost, and nothing waits for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.change import Outcome, Request
from bot.core.errors import Denied, Malformed, Unavailable
from bot.core.event import Kind
from bot.core.people import Person
from bot.core.status import State
from bot.store.tables import JOBS
from bot.workflow.executor import Executor
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import START, World

SILENCE = Unavailable("shelf", "The shelf does not answer.")
REFUSAL = Denied("shelf", "The token may not look.")


async def notes(world: World, request: Request) -> list[str]:
    """Return what people were told while the request was held."""
    return [str(e.payload["text"]) for e in await world.lines(request) if e.kind is Kind.NOTED]


async def detail(world: World, request: Request, index: int = 0) -> str:
    """Return what is known of one step."""
    return (await world.status(request)).step("apply", index).detail


async def test_silent_vendor_is_waited_for(world: World) -> None:
    """While the vendor is down the request is held, told once, and carried out when it is back."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    world.shelf.down = SILENCE
    await world.later(minutes=10)
    assert await world.state(request) is State.APPLYING
    assert await notes(world, request) == ["The shelf does not answer. Nothing is lost; I keep trying."]
    assert (await world.status(request)).note == (await notes(world, request))[0]
    world.shelf.down = None
    await world.later(minutes=1)
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["box-1=apple"])
    assert (await world.status(request)).note == ""


@pytest.mark.parametrize("error", [SILENCE, Malformed("shelf", "That answer makes no sense.")])
async def test_vendor_that_stays_silent_is_given_up(world: World, error: Unavailable | Malformed) -> None:
    """After a day of silence the request fails: nothing was begun, and that is known."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    world.shelf.down = error
    await world.later(minutes=5)
    await world.jump(hours=23)
    assert await world.state(request) is State.APPLYING
    await world.jump(hours=1)
    assert (await world.state(request), await detail(world, request)) == (State.FAILED, error.message)


async def test_vendor_that_goes_silent_after_a_write_leaves_it_unknown(world: World) -> None:
    """After a day of silence a write that was sent is unknown, not failed."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    world.shelf.faults.append(Fault.LOST_AFTER)
    world.shelf.looks.extend([None, *[SILENCE] * 100])
    await world.later(minutes=5)
    assert await world.state(request) is State.APPLYING
    await world.jump(hours=24)
    assert await world.state(request) is State.UNKNOWN
    assert world.shelf.writes == ["box-1=apple"]


async def test_write_that_may_not_be_proved_is_unknown(world: World) -> None:
    """When the token may not look after a write, the write is unknown: it was not refused."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    world.shelf.looks.extend([None, REFUSAL])
    await world.drain()
    assert (await world.state(request), await detail(world, request)) == (
        State.UNKNOWN,
        "The token may not look.",
    )


async def test_target_that_may_not_be_looked_at_fails(world: World) -> None:
    """When the token may not look before a write, nothing is written."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    world.shelf.looks.append(REFUSAL)
    await world.drain()
    assert (await world.state(request), world.shelf.writes) == (State.FAILED, [])


async def test_vendor_that_puts_writes_off_is_tried_again(world: World) -> None:
    """A vendor that answers looks but asks us to wait with writes is tried again, told once."""
    world.shelf.faults.extend([Fault.UNAVAILABLE] * 3)
    request = await world.approved("put box-1=apple")
    await world.later(minutes=10)
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["box-1=apple"])
    assert await notes(world, request) == ["The shelf asks us to wait. Nothing is lost; I keep trying."]


async def test_two_hindrances_are_told_one_by_one(world: World) -> None:
    """Another reason to hold is told as well."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    world.shelf.looks.extend([SILENCE, Malformed("shelf", "That answer makes no sense.")])
    await world.later(minutes=5)
    assert [note.partition(" Nothing")[0] for note in await notes(world, request)] == [
        "The shelf does not answer.",
        "That answer makes no sense.",
    ]


async def test_vendor_that_is_no_longer_set_up_is_held_for(world: World) -> None:
    """A request for a vendor that left the configuration is held, and goes on once it is set up again."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    without = replace(world.wiring, bound={})
    world.executor, whole = Executor(without), world.executor
    await world.later(minutes=2)
    assert await notes(world, request) == ["shelf is not set up here. Nothing is lost; I keep trying."]
    world.executor = whole
    await world.later(minutes=2)
    assert await world.state(request) is State.APPLIED


# what is under way


async def invited(world: World, line: str = "put box-1=apple") -> Request:
    """Return a request that waits for somebody to accept."""
    world.shelf.invites = True
    return await world.approved(line)


async def test_what_is_under_way_waits(world: World) -> None:
    """A write that somebody must accept makes the request wait; it is not called done."""
    request = await invited(world)
    assert await world.state(request) is State.WAITING
    assert await detail(world, request) == "box-1 waits for its keeper until 22 Jun"


async def test_waiting_costs_a_row(world: World) -> None:
    """While a request waits it holds no job and the journal does not grow."""
    request = await invited(world)
    before = await world.lines(request)
    await world.later(minutes=10)
    await world.jump(days=1)
    async with world.store.read() as tx:
        assert (await tx.execute(JOBS.select())).all() == []
    assert await world.lines(request) == before


async def test_waiting_ends_when_it_is_accepted(world: World) -> None:
    """Once accepted, the change is seen within a minute at first, and the request is applied."""
    request = await invited(world)
    await world.later(minutes=10)
    world.shelf.accept("box-1")
    await world.later(minutes=1)
    assert await world.state(request) is State.APPLIED
    assert (await world.status(request)).step("apply", 0).outcome is Outcome.DONE


async def test_chain_goes_on_after_a_wait(world: World) -> None:
    """What comes after a change that waits is begun once that is accepted."""
    request = await invited(world, "put box-1=apple box-2=pear")
    assert world.shelf.holds == {"box-1": "apple"}
    world.shelf.accept("box-1")
    world.shelf.invites = False
    await world.later(minutes=1)
    assert (await world.state(request), world.shelf.holds) == (
        State.APPLIED,
        {"box-1": "apple", "box-2": "pear"},
    )


async def test_second_wait_of_a_chain(world: World) -> None:
    """A second change of a chain that must be accepted makes the request wait once more."""
    request = await invited(world, "put box-1=apple box-2=pear")
    world.shelf.accept("box-1")
    await world.later(minutes=3)
    assert await world.state(request) is State.WAITING
    assert (await world.status(request)).step("apply", 1).outcome is Outcome.WAITING


async def test_what_was_declined_has_failed(world: World) -> None:
    """What was under way and is gone again has failed; it is not sent a second time."""
    request = await invited(world)
    del world.shelf.boxes["box-1"]
    await world.later(minutes=1)
    assert (await world.state(request), world.shelf.writes) == (State.FAILED, ["box-1=apple"])
    assert "declined, taken back or expired" in await detail(world, request)


async def test_patience_ends(world: World) -> None:
    """What nobody accepts within the resource's patience has failed."""
    request = await invited(world)
    await world.jump(days=7)
    assert await world.state(request) is State.WAITING
    await world.jump(hours=1)
    assert await world.state(request) is State.FAILED
    assert (
        await detail(world, request) == "box-1 waits for its keeper until 22 Jun. It did not happen in time."
    )


async def test_what_waits_tells_how_far_it_is(world: World) -> None:
    """Progress is told once each time there is some; patience counts from the beginning all the same."""
    request = await invited(world)
    before = len(await world.lines(request))
    world.shelf.boxes["box-1"] = Box(holds="apple", pending=True, stage="the keeper reads")
    await world.later(minutes=3)
    assert await detail(world, request) == "box-1 waits for its keeper (the keeper reads) until 22 Jun"
    assert len(await world.lines(request)) == before + 1
    await world.jump(days=7)
    assert await world.state(request) is State.FAILED


async def test_patience_ends_with_what_somebody_else_began(world: World) -> None:
    """What was under way before we came is waited for as long as what we began, no longer."""
    request = await world.asked("put box-1=apple")
    world.shelf.boxes["box-1"] = Box(holds="apple", pending=True)
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert (await world.state(request), world.shelf.writes) == (State.WAITING, [])
    await world.jump(days=7)
    assert await world.state(request) is State.WAITING
    await world.jump(hours=1)
    assert await world.state(request) is State.FAILED


async def test_silence_during_a_long_wait_changes_nothing(world: World) -> None:
    """A vendor that is down for an hour in the middle of a wait of days neither ends it nor is noise."""
    request = await invited(world)
    await world.jump(days=3)
    world.shelf.down = SILENCE
    await world.later(minutes=5)
    await world.jump(hours=1)
    assert (await world.state(request), await notes(world, request)) == (State.WAITING, [])
    world.shelf.down = None
    world.shelf.accept("box-1")
    await world.later(minutes=30)
    assert await world.state(request) is State.APPLIED


async def test_wait_that_may_not_be_looked_at_is_unknown(world: World) -> None:
    """When the token loses its right to look during a wait, people are asked to look."""
    request = await invited(world)
    world.shelf.looks.append(REFUSAL)
    await world.later(minutes=1)
    assert await world.state(request) is State.UNKNOWN


async def test_wait_for_a_vendor_that_never_answers_again_ends(world: World) -> None:
    """A wait ends as unknown when the vendor is silent for a day beyond the resource's patience."""
    request = await invited(world)
    world.shelf.down = SILENCE
    await world.jump(days=7, hours=23)
    assert await world.state(request) is State.WAITING
    await world.jump(hours=2)
    assert await world.state(request) is State.UNKNOWN


async def test_silence_after_a_long_wait_is_waited_for(world: World) -> None:
    """The day a silent vendor gets begins when the last step ended, not when applying began."""
    request = await invited(world, "put box-1=apple box-2=pear")
    await world.jump(days=3)
    world.shelf.accept("box-1")
    world.shelf.looks.extend([None, SILENCE])
    await world.later(hours=1)
    assert await world.state(request) is State.WAITING
    assert (await world.status(request)).step("apply", 1).outcome is Outcome.WAITING


async def test_way_back_is_given_up_as_well(world: World) -> None:
    """A vendor that goes silent while a chain is put back leaves it partial after a day, not open."""
    world.shelf.faults.extend([Fault.NONE, Fault.REJECTED])
    request = await world.asked("put box-1=apple box-2=pear --restore")
    await world.decide(request, "approve", "Cory")
    looks = [None, None, None, None]  # before and after each write
    world.shelf.looks.extend([*looks, *[SILENCE] * 100])
    await world.later(minutes=5)
    assert await world.state(request) is State.APPLYING
    await world.jump(hours=24)
    assert await world.state(request) is State.PARTIAL


# who decided must still be who they were


class Elsewhere:
    """Knows at another place whether people are still owners."""

    def __init__(self) -> None:
        self.says: dict[str, bool | None] = {}

    async def __call__(self, person: Person) -> bool | None:
        """Return whether *person* is an owner there; None: no answer."""
        return self.says.get(person.name, True)


async def test_decider_who_cannot_be_checked_is_waited_for(build: Build) -> None:
    """When nobody can say whether the decider is still an owner, the request is held, told once."""
    elsewhere = Elsewhere()
    world = await build(standing=(elsewhere,))
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    elsewhere.says["Cory"] = None
    await world.later(minutes=10)
    await world.jump(hours=30)
    assert (await world.state(request), world.shelf.writes) == (State.APPROVED, [])
    assert await notes(world, request) == [
        "I cannot check that Cory is still an owner. Nothing is lost; I keep trying."
    ]
    elsewhere.says["Cory"] = True
    await world.later(minutes=2)
    assert await world.state(request) is State.APPLIED


async def test_approval_of_an_owner_who_left_elsewhere_is_void(build: Build) -> None:
    """An approval by somebody who is no longer an owner elsewhere does not count when applying begins."""
    elsewhere = Elsewhere()
    world = await build(standing=(elsewhere,))
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    elsewhere.says["Cory"] = False
    await world.drain()
    assert (await world.state(request), world.shelf.writes) == (State.PENDING, [])
    assert (await world.lines(request))[-1].payload == {"name": "Cory", "reason": "no longer an owner"}
    await world.decide(request, "approve", "Owen")
    await world.drain()
    assert await world.state(request) is State.APPLIED


async def test_approval_of_a_former_owner_is_void(world: World) -> None:
    """An approval by somebody who is no longer an owner in our list does not count when applying begins."""
    request = await world.asked("put box-1=apple --at 2026-06-16T07:00:00+00:00")
    await world.decide(request, "approve", "Cory")
    await world.everyone(without=["Cory"])
    await world.later(hours=23)
    assert (await world.state(request), world.shelf.writes) == (State.PENDING, [])


async def test_void_approval_that_is_not_needed_changes_nothing(world: World) -> None:
    """A request that has enough owners without the one who left is carried out."""
    request = await world.asked("put box-1=crown")
    await world.decide(request, "approve", "Cory")
    await world.demote("Cory")
    await world.decide(request, "approve", "Owen")
    assert await world.state(request) is State.PENDING
    await world.decide(request, "approve", "Peter")
    await world.drain()
    assert (await world.state(request), world.shelf.holds) == (State.APPLIED, {"box-1": "crown"})
    assert Kind.VOIDED in await world.kinds(request)


async def test_requester_who_is_no_longer_an_owner_does_not_count(world: World) -> None:
    """Of two owners needed, the one who asked must still be an owner when applying begins."""
    request = await world.asked("put box-1=crown --at 2026-06-16T07:00:00+00:00", world.actor("George"))
    await world.decide(request, "approve", "Cory")
    assert await world.state(request) is State.APPROVED
    await world.demote("George")
    await world.later(hours=23)
    assert (await world.state(request), world.shelf.writes) == (State.PENDING, [])
    await world.decide(request, "approve", "Owen")
    await world.drain()
    assert await world.state(request) is State.APPLIED
    assert world.clock() - START >= timedelta(hours=23)
