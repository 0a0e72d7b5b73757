"""Together: changes that do not depend on each other are made at once, and each comes to its own end."""

import pytest

from bot.core.change import Change, Outcome, Request
from bot.core.errors import Unavailable
from bot.core.event import Kind
from bot.core.status import State
from bot.workflow.together import groups
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import World

SILENCE = Unavailable("shelf", "The shelf does not answer.")
LINE = "fill jar-1=apple jar-2=pear jar-3=plum"
ALL = {"jar-1": "apple", "jar-2": "pear", "jar-3": "plum"}
DONE, FAILED, LEFT = Outcome.DONE, Outcome.FAILED, None


async def outcomes(world: World, request: Request, phase: str = "apply") -> list[Outcome | None]:
    """Return what came of each step."""
    status = await world.status(request)
    return [status.step(phase, index).outcome for index in range(len(request.plan.changes))]


async def test_changes_are_made_at_once(world: World) -> None:
    """One write, one line that they start and one of what came of each; applying again does nothing."""
    request = await world.approved(LINE)
    assert (await world.state(request), world.shelf.holds, world.shelf.at_once) == (State.APPLIED, ALL, [3])
    kinds = [Kind.FILED, Kind.APPROVED, Kind.APPLYING, Kind.STARTED, Kind.OUTCOME, Kind.FINISHED]
    assert await world.kinds(request) == kinds
    assert await outcomes(world, request) == [DONE] * 3
    await world.executor.apply({"request": request.id})
    assert (len(world.shelf.writes), len(await world.lines(request))) == (3, 6)


def test_what_depends_on_each_other_is_not_made_at_once(world: World) -> None:
    """Only neighbours of one kind that is written together, about different things, make a group."""
    kinds = ["jar 1", "jar 2/lid", "jar 2", "jar 3", "box 1", "box 2", "jar 4", "gone 5", "gone 6"]
    steps = {
        f"apply:{index}": Change(
            resource=f"shelf.{said.split()[0]}", target=said.split()[1], before=None, after=None
        )
        for index, said in enumerate(kinds)
    }
    found = [[change.target for change in group.values()] for group in groups(world.wiring, steps)]
    assert found == [["1", "2/lid"], ["2", "3"], ["1"], ["2"], ["4"], ["5"], ["6"]]


async def test_what_moved_is_found_before_it(world: World) -> None:
    """When one is not as shown, they are made one at a time, as far as that one; what is so is left."""
    request = await world.asked(LINE)
    world.shelf.boxes |= {"jar-1": Box(holds="apple"), "jar-2": Box(holds="fig")}
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert await outcomes(world, request) == [Outcome.ALREADY_SO, Outcome.DRIFTED, LEFT]
    assert (await world.state(request), world.shelf.at_once) == (State.DRIFTED, [])


async def test_what_is_so_already_is_not_written(world: World) -> None:
    """Of several, those that somebody else made meanwhile are recorded as so."""
    request = await world.asked(LINE)
    world.shelf.boxes["jar-2"] = Box(holds="pear")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert await outcomes(world, request) == [DONE, Outcome.ALREADY_SO, DONE]
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["jar-1=apple", "jar-3=plum"])


@pytest.mark.parametrize(("restore", "left"), [("", {"jar-1": "apple", "jar-3": "plum"}), (" --restore", {})])
async def test_a_refusal_stops_what_follows(world: World, restore: str, left: dict[str, str]) -> None:
    """What was begun with what is refused comes to its end, what follows is not begun; or all goes back."""
    world.shelf.faults.extend([Fault.NONE, Fault.REJECTED])
    request = await world.approved(f"{LINE} jar-1/lid=tin{restore}")
    assert await outcomes(world, request) == [DONE, FAILED, DONE, LEFT]
    detail = (await world.status(request)).step("apply", 1).detail
    assert detail == "The shelf says no. Ask it nicely."
    state = State.FAILED if restore else State.PARTIAL
    assert (await world.state(request), world.shelf.holds) == (state, left)


async def test_what_got_lost_is_settled_by_looking(world: World) -> None:
    """A lost answer is settled by a look; what did not arrive is sent again, alone, not before 20 seconds."""
    world.shelf.faults.extend([Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.REJECTED])
    request = await world.approved(LINE)
    assert await outcomes(world, request) == [DONE, LEFT, FAILED]
    assert await world.state(request) is State.APPLYING
    await world.later(seconds=19)
    assert world.shelf.writes == ["jar-1=apple"]
    await world.later(seconds=5)
    assert await outcomes(world, request) == [DONE, DONE, FAILED]
    assert (await world.state(request), world.shelf.writes) == (State.PARTIAL, ["jar-1=apple", "jar-2=pear"])


@pytest.mark.parametrize(
    ("fault", "came"), [(Fault.UNAVAILABLE, LEFT), (Fault.DENIED, FAILED), (Fault.LOST_BEFORE, LEFT)]
)
async def test_nothing_that_was_written_shows(world: World, fault: Fault, came: Outcome | None) -> None:
    """When all writes go wrong each has its reason, or is tried again; nothing is called done."""
    world.shelf.faults.extend([fault] * 3)
    request = await world.approved(LINE)
    assert await outcomes(world, request) == [came] * 3
    assert world.shelf.holds == {}
    await world.later(minutes=5)
    assert await world.state(request) is (State.FAILED if came else State.APPLIED)


async def test_nobody_can_look(world: World) -> None:
    """While nobody can look before, nothing begins; when nobody can look after, it is looked again later."""
    request = await world.asked(LINE)
    world.shelf.looks.append(SILENCE)  # the group's look; the next one is of the first alone
    world.shelf.looks.append(SILENCE)
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert (await world.state(request), world.shelf.writes) == (State.APPLYING, [])
    world.shelf.looks.extend([None, SILENCE, SILENCE])
    await world.later(minutes=1)
    assert (len(world.shelf.writes), await outcomes(world, request)) == (3, [LEFT] * 3)
    await world.later(minutes=1)
    assert (await world.state(request), len(world.shelf.writes)) == (State.APPLIED, 3)


@pytest.mark.parametrize(("lag", "came"), [(6, DONE), (100, Outcome.UNKNOWN)])
async def test_what_shows_late(world: World, lag: int, came: Outcome) -> None:
    """What was answered is waited for until it shows; of what never does people are asked to look."""
    world.shelf.lag = lag
    request = await world.approved("fill jar-1=apple jar-2=pear")
    status = await world.status(request)
    assert status.step("apply", 0).outcome is came
    assert ("does not show. Please look." in status.step("apply", 0).detail) is (came is Outcome.UNKNOWN)
    assert len(world.shelf.writes) == 2


async def test_what_is_under_way_waits(world: World) -> None:
    """What somebody must still accept waits, each for itself."""
    world.shelf.invites = True
    request = await world.approved("fill jar-1=apple jar-2=pear")
    assert await outcomes(world, request) == [Outcome.WAITING] * 2
    world.shelf.accept("jar-1")
    world.shelf.accept("jar-2")
    await world.later(minutes=2)
    assert (await world.state(request), await outcomes(world, request)) == (State.APPLIED, [DONE, DONE])


async def test_a_guard_holds_for_all(world: World) -> None:
    """What a guard forbids by the time of applying is not begun, nor what would be made with it."""
    request = await world.asked("fill jar-1=apple jar-2=pear")
    world.shelf.locked = True
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert (await world.state(request), world.shelf.writes) == (State.FAILED, [])
    assert await outcomes(world, request) == [FAILED, LEFT]
