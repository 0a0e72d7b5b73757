"""Applying: what was approved is done once, proved, and said as it is."""

from datetime import timedelta

import pytest

from bot.core.change import Outcome, Request
from bot.core.errors import Unavailable
from bot.core.event import Kind
from bot.core.policy import Policy, Rule
from bot.core.status import State, Step
from bot.store.jobs import Later
from bot.store.tables import JOBS
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import START, World

SILENCE = Unavailable("shelf", "The shelf does not answer.")


async def step(world: World, request: Request, index: int = 0) -> Step:
    """Return what is known of one step."""
    return (await world.status(request)).step("apply", index)


async def test_approved_change_is_made_and_written_down(world: World) -> None:
    """An approved change reaches the vendor once, and the journal tells each step."""
    request = await world.approved("put box-1=apple")
    assert world.shelf.writes == ["box-1=apple"]
    assert await world.state(request) is State.APPLIED
    assert await world.kinds(request) == [
        Kind.FILED,
        Kind.APPROVED,
        Kind.APPLYING,
        Kind.STARTED,
        Kind.OUTCOME,
        Kind.FINISHED,
    ]
    assert (await step(world, request)).outcome is Outcome.DONE


async def test_each_line_is_told(world: World) -> None:
    """Each line about a request asks the frontends, once, to bring its card up to date."""
    request = await world.approved("put box-1=apple")
    assert sorted(world.told) == [(request.id, seq) for seq in range(1, 7)]


async def test_applying_again_writes_nothing(world: World) -> None:
    """A repeated apply job of an applied request reads nothing, writes nothing and adds no line."""
    request = await world.approved("put box-1=apple")
    before = await world.lines(request)
    await world.executor.apply({"request": request.id})
    assert (world.shelf.writes, await world.lines(request)) == (["box-1=apple"], before)


async def test_what_is_so_already_is_left(world: World) -> None:
    """A change that somebody else made meanwhile is recorded as so, without a write."""
    request = await world.asked("put box-1=apple")
    world.shelf.boxes["box-1"] = Box(holds="apple")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert (await step(world, request)).outcome is Outcome.ALREADY_SO
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, [])


async def test_what_moved_is_not_touched(world: World) -> None:
    """A target that is neither as shown nor as asked is left, and the difference is told."""
    request = await world.asked("put box-1=apple")
    world.shelf.boxes["box-1"] = Box(holds="pear")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert (await world.state(request), world.shelf.writes) == (State.DRIFTED, [])
    assert (await step(world, request)).detail == "Since it was shown: box-1 holds pear (was: nothing)"


async def test_chain_stops_at_the_first_change_that_is_not_done(world: World) -> None:
    """What comes after a change that could not be made is not begun."""
    request = await world.asked("put box-1=apple box-2=pear box-3=plum")
    world.shelf.boxes["box-2"] = Box(holds="fig")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert await world.state(request) is State.PARTIAL
    assert world.shelf.holds == {"box-1": "apple", "box-2": "fig"}
    assert (await step(world, request, 2)).outcome is None


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        (Fault.REJECTED, "The shelf says no. Ask it nicely."),
        (Fault.DENIED, "The token lacks `boxes:write`."),
    ],
)
async def test_refused_write_fails_with_the_vendors_reason(world: World, fault: Fault, detail: str) -> None:
    """A write that the vendor refuses is not repeated; its reason is told."""
    world.shelf.faults.append(fault)
    request = await world.approved("put box-1=apple")
    assert (await world.state(request), (await step(world, request)).detail) == (State.FAILED, detail)
    assert world.shelf.holds == {}


async def test_refused_write_of_what_is_so_is_done(world: World) -> None:
    """A refusal that only means "that is so already" is seen by looking."""
    world.shelf.faults.append(Fault.REJECTED_AS_DONE)
    request = await world.approved("put box-1=apple")
    assert (await step(world, request)).outcome is Outcome.DONE
    assert await world.state(request) is State.APPLIED


async def test_refused_write_stays_refused_when_nobody_can_look(world: World) -> None:
    """A refused write has failed, even if the look after it gets no answer."""
    world.shelf.faults.append(Fault.REJECTED)
    world.shelf.looks.extend([None, None, SILENCE])  # when asked, before the write, after it
    request = await world.approved("put box-1=apple")
    assert await world.state(request) is State.FAILED


async def test_lost_answer_of_a_write_that_arrived_is_settled_by_looking(world: World) -> None:
    """When only the answer is lost, a look proves the write; it is not sent again."""
    world.shelf.faults.append(Fault.LOST_AFTER)
    request = await world.approved("put box-1=apple")
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["box-1=apple"])


async def test_write_that_got_lost_is_sent_again_after_a_look(world: World) -> None:
    """When a look shows that a lost write did not arrive, it is sent again, not before 20 seconds."""
    world.shelf.faults.append(Fault.LOST_BEFORE)
    request = await world.approved("put box-1=apple")
    assert (await world.state(request), world.shelf.writes) == (State.APPLYING, [])
    await world.later(seconds=19)
    assert world.shelf.writes == []
    await world.later(seconds=5)
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["box-1=apple"])


async def test_write_that_never_arrives_fails_in_the_end(world: World) -> None:
    """A write that gets lost each time is given up; nothing changed, and that is said."""
    world.shelf.faults.extend([Fault.LOST_BEFORE] * 100)
    request = await world.approved("put box-1=apple")
    for minutes in (1, 2, 6, 22):
        assert await world.state(request) is State.APPLYING
        await world.jump(minutes=minutes)
    assert (await world.state(request), world.shelf.holds) == (State.FAILED, {})
    assert (await step(world, request)).detail == "Tried 5 times; nothing changed."


async def test_vendor_that_shows_late_is_waited_for(world: World) -> None:
    """A write that shows after some seconds is done, and was sent once."""
    world.shelf.lag = 8
    request = await world.approved("put box-1=apple")
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["box-1=apple"])
    assert timedelta(seconds=1) < world.clock() - START < timedelta(seconds=10)


async def test_write_that_does_not_show_is_unknown(world: World) -> None:
    """A write that was answered but does not show is never called done: people are asked to look."""
    world.shelf.lag = 100
    request = await world.approved("put box-1=apple")
    assert await world.state(request) is State.UNKNOWN
    assert (await step(world, request)).detail == (
        "The change was sent, but does not show. Please look. All is as it was shown"
    )


@pytest.mark.parametrize("fault", [Fault.MEDDLED, Fault.LOST_BEFORE])
async def test_third_state_after_a_write_is_unknown(world: World, fault: Fault) -> None:
    """When somebody else changes the target while it is written, what is there now is told."""
    world.shelf.faults.append(fault)
    request = await world.approved("put box-1=apple")
    world.shelf.boxes["box-1"] = Box(holds="fig")
    await world.later(minutes=1)
    assert await world.state(request) is State.UNKNOWN
    assert (await step(world, request)).detail.endswith("Since it was shown: box-1 holds fig (was: nothing)")


async def test_lost_write_with_a_third_state_is_unknown(world: World) -> None:
    """When the answer is lost and neither the old nor the new state shows, nothing is guessed or repeated."""
    world.shelf.faults.append(Fault.LOST_MEDDLED)
    request = await world.approved("put box-1=apple")
    assert (await world.state(request), world.shelf.writes) == (State.UNKNOWN, ["box-1=apple"])


async def test_deadline_of_a_write_begins_before_its_line(world: World) -> None:
    """A worker frozen right after it wrote *started* sends nothing later than 15 seconds after that line."""
    await world.approved("put box-1=apple")
    sent, deadline = world.shelf.sent[0]
    started = max(at for at in world.store.written if at <= sent)
    assert started - 5 < deadline - 15 <= started


async def test_failed_chain_is_put_back_when_the_plan_says_so(world: World) -> None:
    """With *restore*, what was done before a step failed is taken back, the last first."""
    world.shelf.boxes["box-1"] = Box(holds="old")
    request = await world.asked("put box-1=apple box-2=pear box-3=plum --restore")
    world.shelf.boxes["box-3"] = Box(holds="fig")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert world.shelf.writes == ["box-1=apple", "box-2=pear", "box-2=", "box-1=old"]
    assert world.shelf.holds == {"box-1": "old", "box-3": "fig"}


async def test_chain_that_was_put_back_is_not_partial(world: World) -> None:
    """When everything was taken back, the request ends as its failed step did: nothing of it is left."""
    request = await world.asked("put box-1=apple box-2=pear --restore")
    world.shelf.boxes["box-2"] = Box(holds="fig")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert await world.state(request) is State.DRIFTED
    assert world.shelf.holds == {"box-2": "fig"}


async def test_chain_that_could_not_be_put_back_is_partial(world: World) -> None:
    """When a step cannot be taken back either, the request says that part of it is left."""
    world.shelf.faults.extend([Fault.NONE, Fault.REJECTED, Fault.REJECTED])
    request = await world.approved("put box-1=apple box-2=pear --restore")
    assert (await world.state(request), world.shelf.holds) == (State.PARTIAL, {"box-1": "apple"})


async def test_failed_chain_stays_when_the_plan_says_so(world: World) -> None:
    """Without *restore*, what was done before a step failed stays."""
    world.shelf.faults.extend([Fault.NONE, Fault.REJECTED])
    request = await world.approved("put box-1=apple box-2=pear")
    assert (await world.state(request), world.shelf.holds) == (State.PARTIAL, {"box-1": "apple"})


async def test_pause_after_approval(build: Build) -> None:
    """A rule's pause lies between approval and start."""
    world = await build(policy=Policy(rules=(Rule(resource="shelf.*", wait=timedelta(minutes=10)),)))
    request = await world.approved("put box-1=apple")
    await world.later(minutes=9)
    assert (await world.state(request), world.shelf.writes) == (State.APPROVED, [])
    await world.later(minutes=1)
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["box-1=apple"])


async def test_start_at_a_time(world: World) -> None:
    """A plan with a time starts then, not when it is approved."""
    request = await world.approved("put box-1=apple --at 2026-06-16T07:00:00+00:00")
    await world.later(hours=22, minutes=59)
    assert await world.state(request) is State.APPROVED
    await world.later(minutes=1)
    assert (await world.state(request), world.clock()) == (State.APPLIED, START + timedelta(hours=23))


async def test_start_job_that_comes_too_early_waits(world: World) -> None:
    """An apply job that runs before the start is put off until then."""
    request = await world.approved("put box-1=apple --at 2026-06-16T07:00:00+00:00")
    with pytest.raises(Later) as later:
        await world.executor.apply({"request": request.id})
    assert later.value.at == START + timedelta(hours=23)


async def test_lost_start_job_heals(world: World) -> None:
    """When the job of an approved request is lost, the sweep asks for it again."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    async with world.store.write() as tx:
        await tx.execute(JOBS.delete())
    await world.later(minutes=1)
    assert await world.state(request) is State.APPLIED
