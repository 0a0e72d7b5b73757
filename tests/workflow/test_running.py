"""Runs: started once, found again whatever happens, followed to their end."""

import pytest

from bot.core.change import Outcome, Request
from bot.core.errors import Refused
from bot.core.event import Kind
from bot.core.run import Stage
from bot.core.status import State, Step
from tests.workflow.shelf import Fault
from tests.workflow.world import Killed, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no SQL of its own


async def step(world: World, request: Request) -> Step:
    """Return what is known of the run."""
    return (await world.status(request)).step("apply", 0)


async def end(world: World, stage: Stage, text: str = "") -> None:
    """Let the last ring come to its end, and look."""
    world.bells.rings[-1].stage, world.bells.rings[-1].text = stage, text
    await world.later(minutes=1)


async def test_run_is_followed_to_its_end(world: World) -> None:
    """It is started once, waited for, and called applied with its link only when it came out well."""
    request = await world.approved("ring tenor")
    assert await world.state(request) is State.WAITING
    seen = await step(world, request)
    assert (seen.outcome, seen.run) == (Outcome.WAITING, "1")
    assert seen.detail == "Ring 1 is under way (https://bells.example/1); I look until 10:00"
    world.bells.rings[0].text = "half way"
    await world.later(minutes=1)
    assert "under way: half way (https" in (await step(world, request)).detail
    await end(world, Stage.GOOD)
    assert await world.state(request) is State.APPLIED
    assert (await step(world, request)).detail == "Ring 1 succeeded (https://bells.example/1)"
    assert len(world.bells.rings) == 1


async def test_run_that_ends_badly_has_failed(world: World) -> None:
    """A red run is never called applied: it failed, with why and its link."""
    request = await world.approved("ring tenor")
    await end(world, Stage.BAD, "the rope broke")
    assert await world.state(request) is State.FAILED
    assert (await step(world, request)).detail == "Ring 1 failed: the rope broke (https://bells.example/1)"
    assert (await world.status(request)).ran


async def test_run_that_takes_too_long_has_failed(world: World) -> None:
    """After the resource's patience it is not waited for any longer, and its link is told."""
    request = await world.approved("ring tenor")
    await world.jump(hours=1)
    assert await world.state(request) is State.WAITING
    await world.jump(minutes=30)
    assert await world.state(request) is State.FAILED
    assert "https://bells.example/1" in (await step(world, request)).detail


async def test_run_whose_starter_was_killed_is_found_again(world: World, full: bool) -> None:
    """Killed anywhere, the run that was started is found, by its mark or its time, not started again."""
    world.bells.tells, kills = False, 0
    for steps in range(0, 400, 1 if full else 11):
        world.bells.marks = not world.bells.marks
        request = await world.asked(f"ring bell-{steps}")
        await world.decide(request, "approve", "Cory")
        world.life.left = steps
        try:
            await world.drain()
        except Killed:
            kills += 1
            await world.restart()
        died, world.life.left = world.life.left is None, None
        await world.later(minutes=2)
        assert await world.state(request) is State.WAITING
        await end(world, Stage.GOOD)
        rung = [ring.bell for ring in world.bells.rings if ring.bell == f"bell-{steps}"]
        assert (await world.state(request), len(rung)) == (State.APPLIED, 1)
        if not died:
            break
    assert kills > 3


async def test_run_is_looked_for_when_the_answer_is_lost(world: World) -> None:
    """A look finds what was started; what did not arrive is started after 20 seconds, not before."""
    world.bells.faults.append(Fault.LOST_AFTER)
    request = await world.approved("ring tenor")
    assert (await world.state(request), len(world.bells.rings)) == (State.WAITING, 1)
    await end(world, Stage.GOOD)
    world.bells.faults.append(Fault.LOST_BEFORE)
    request = await world.approved("ring treble")
    await world.later(seconds=5)
    assert (await world.state(request), len(world.bells.rings)) == (State.APPLYING, 1)
    await world.later(minutes=1)
    assert (await world.state(request), len(world.bells.rings)) == (State.WAITING, 2)


async def test_run_that_shows_before_it_is_tried_again_is_not_doubled(world: World) -> None:
    """After a lost answer one that shows by then is ours, although nothing was heard of it at first."""
    world.bells.marks = False
    world.bells.faults.append(Fault.LOST_BEFORE)
    request = await world.approved("ring tenor")
    world.bells.ring("tenor")
    await world.later(minutes=1)
    assert (await world.state(request), len(world.bells.rings)) == (State.WAITING, 1)


async def test_several_runs_that_fit_are_asked_about(world: World) -> None:
    """When nothing tells two runs apart, the outcome is unknown and both are named."""
    world.bells.marks = world.bells.tells = False
    request = await world.asked("ring tenor")
    await world.decide(request, "approve", "Cory")
    world.bells.ring("tenor")
    await world.drain()
    assert await world.state(request) is State.UNKNOWN
    assert (await step(world, request)).detail == (
        "Which run is mine I cannot tell: https://bells.example/1, https://bells.example/2. Please look"
    )


@pytest.mark.parametrize(("marks", "tells"), [(False, True), (True, False)])
async def test_run_that_is_known_stays_ours(world: World, marks: bool, tells: bool) -> None:
    """By its mark, or by what the vendor answered, ours is known among others before and after it."""
    world.bells.marks, world.bells.tells = marks, tells
    request = await world.asked("ring tenor")
    await world.decide(request, "approve", "Cory")
    world.bells.ring("tenor", "somebody else's")
    await world.drain()
    world.bells.ring("tenor")
    world.bells.rings[1].stage = Stage.GOOD
    await world.later(minutes=1)
    assert (await world.state(request), (await step(world, request)).run) == (State.APPLIED, "2")


async def test_run_of_before_is_not_ours(world: World) -> None:
    """What began more than five seconds earlier is somebody else's."""
    world.bells.marks = world.bells.tells = False
    world.bells.ring("tenor")
    await world.later(seconds=6)
    request = await world.approved("ring tenor")
    assert (await world.state(request), (await step(world, request)).run) == (State.WAITING, "2")


async def test_run_that_is_listed_no_longer_is_unknown(world: World) -> None:
    """A run that disappears is not started again: people are asked to look."""
    request = await world.approved("ring tenor")
    world.bells.rings.clear()
    await world.later(minutes=2)
    assert (await world.state(request), world.bells.rings) == (State.UNKNOWN, [])
    assert (await step(world, request)).detail == "It began (1), and is listed no longer. Please look."


async def test_run_that_does_not_show_is_unknown(world: World) -> None:
    """A start that was answered but does not show is never called done, nor repeated."""
    world.bells.deaf = 100
    request = await world.approved("ring tenor")
    await world.later(minutes=5)
    assert (await world.state(request), len(world.bells.rings)) == (State.UNKNOWN, 1)


async def test_refused_run_has_failed_whoever_else_rings(world: World) -> None:
    """A start that the vendor refuses started nothing: what shows is somebody else's."""
    world.bells.marks = False
    world.bells.faults.append(Fault.REJECTED)
    request = await world.asked("ring tenor")
    await world.decide(request, "approve", "Cory")
    world.bells.ring("tenor")
    await world.drain()
    assert await world.state(request) is State.FAILED
    assert not (await world.status(request)).ran


async def test_run_cannot_be_undone(world: World) -> None:
    """There is nothing to take back, neither in one tap nor by a plan; the tap is not offered."""
    request = await world.approved("ring tenor")
    await end(world, Stage.GOOD)
    with pytest.raises(Refused, match="can no longer be undone in one tap"):
        await world.service.undo(request.id, world.actor("Cory"), "undo")
    back, still = await world.wiring.of(request.plan.changes[0]).back(request.plan.changes[0])
    assert (back.before, back.after, still) == (None, None, True)
    assert back.words == "*tenor* ran: that cannot be taken back"


async def test_run_may_be_asked_for_again(world: World) -> None:
    """Once one has begun, another may be asked for; while one waits for its owners, that is the one."""
    first = await world.asked("ring tenor")
    assert (await world.ask("ring tenor")).request == first
    await world.decide(first, "approve", "Cory")
    await world.drain()
    await world.later(minutes=1)
    await world.approved("ring tenor")
    assert [ring.marker[:7] for ring in world.bells.rings] == ["infra-1", "infra-2"]
    assert (await world.kinds(first)).count(Kind.STARTED) == 1


async def test_chain_of_runs_goes_on_once_one_is_over(world: World) -> None:
    """The second begins when the first came out well; when it did not, the second never begins."""
    request = await world.approved("ring tenor treble")
    assert [ring.bell for ring in world.bells.rings] == ["tenor"]
    await end(world, Stage.GOOD)
    assert [ring.bell for ring in world.bells.rings] == ["tenor", "treble"]
    await end(world, Stage.BAD)
    assert await world.state(request) is State.PARTIAL
