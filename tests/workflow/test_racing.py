"""Racing: several workers at once, on both databases; each change is made once, and guards hold."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.change import Outcome, Plan, Request
from bot.core.errors import Unavailable
from bot.core.event import Kind
from bot.core.policy import Policy, Rule
from bot.core.status import State
from bot.store.jobs import Later
from bot.workflow.service import Filed
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box
from tests.workflow.world import World

ONE_OWNER = Policy(rules=(Rule(resource="keys.*", needs=1),))


async def apply(world: World, request: Request) -> None:
    """Run the apply job of a request, as the engine does."""
    try:
        await world.executor.apply({"request": request.id})
    except Later:
        return


async def test_two_workers_apply_once(build: Build) -> None:
    """Two workers that apply the same request at once make each change once."""
    one = await build()
    other = await build(peer=one)
    for number in range(5):
        request = await one.asked(f"put box-{number}=apple cup-{number}=pear")
        await one.decide(request, "approve", "Cory")
        await asyncio.gather(*(apply(world, request) for world in (one, other, one, other)))
        await one.later(minutes=2)
        assert await one.state(request) is State.APPLIED
        assert (await one.kinds(request)).count(Kind.FINISHED) == 1
    assert len(one.shelf.writes) == 10


async def test_late_worker_stops(build: Build) -> None:
    """A worker that was frozen in the middle finds that another went on, and writes down nothing."""
    one = await build()
    other = await build(peer=one)
    request = await one.asked("put box-1=apple")
    await one.decide(request, "approve", "Cory")

    async def thaw(_seconds: float) -> None:  # while the first worker waits for its write to show
        one.clock.now += timedelta(seconds=30)
        await apply(other, request)

    one.shelf.lag = 1
    one.executor._sleep = thaw
    await apply(one, request)
    assert one.shelf.writes == ["box-1=apple"]
    assert await one.state(request) is State.APPLIED
    assert (await one.kinds(request)).count(Kind.OUTCOME) == 1


async def test_never_below_two_owners(build: Build) -> None:
    """Two requests that each take a key, carried out at the same time, never leave fewer than two."""
    one = await build()
    other = await build(peer=one)
    for round_ in range(5):
        for name in ("a", "b", "c"):
            one.keys.boxes[name] = Box(holds="key")
        first, second = await one.asked("key a"), await one.asked("key b")
        await one.decide(first, "approve", "Cory")
        await one.decide(second, "approve", "Owen")
        await asyncio.gather(apply(one, first), apply(other, second))
        assert len(one.keys.boxes) >= 2
        await one.later(minutes=1)
        assert len(one.keys.boxes) == 2
        states = sorted([await one.state(first), await one.state(second)])
        assert states == [State.APPLIED, State.FAILED], round_


async def test_guard_that_holds_no_more_fails_the_request(world: World) -> None:
    """What a guard forbids by the time of applying is not done, and the guard's words are told."""
    for name in ("a", "b", "c"):
        world.keys.boxes[name] = Box(holds="key")
    request = await world.asked("key a")
    del world.keys.boxes["c"]
    await world.decide(request, "approve", "Cory")
    await world.drain()
    step = (await world.status(request)).step("apply", 0)
    assert (await world.state(request), step.outcome) == (State.FAILED, Outcome.FAILED)
    assert step.detail == "That would leave 1 owner; at least 2 must stay."
    assert world.keys.writes == []


async def test_guard_that_cannot_look_holds_the_request(world: World) -> None:
    """When the guard cannot look, the request waits; it is never applied unguarded."""
    for name in ("a", "b", "c"):
        world.keys.boxes[name] = Box(holds="key")
    request = await world.asked("key a")
    await world.decide(request, "approve", "Cory")
    world.keys.looks.append(Unavailable("keys", "The keys do not answer."))
    await world.drain()
    assert (await world.state(request), world.keys.writes) == (State.APPLYING, [])
    del world.keys.boxes["c"]
    await world.later(minutes=1)
    assert (await world.state(request), world.keys.writes) == (State.FAILED, [])


async def test_exclusive_kinds_wait_for_each_other_alone(world: World) -> None:
    """While a request about keys is held up, another about keys waits; one about boxes does not."""
    for name in ("a", "b", "c", "d"):
        world.keys.boxes[name] = Box(holds="key")
    first, second, third = [await world.asked(line) for line in ("key a", "key b", "put box-1=apple")]
    world.keys.down = Unavailable("keys", "The keys do not answer.")
    await world.decide(first, "approve", "Cory")
    await world.drain()
    for request in (second, third):
        await world.decide(request, "approve", "Cory")
    await world.drain()
    states = [await world.state(request) for request in (first, second, third)]
    assert states == [State.APPLYING, State.APPROVED, State.APPLIED]
    told = "This waits for #1: such changes are made one request at a time. Nothing is lost; I keep trying."
    assert (await world.status(second)).note == told
    world.keys.down = None
    await world.later(minutes=2)
    assert [await world.state(request) for request in (first, second)] == [State.APPLIED, State.APPLIED]
    assert set(world.keys.boxes) == {"c", "d"}
    assert (await world.kinds(second)).count(Kind.NOTED) == 1


@pytest.mark.parametrize("verb", ["stop", "apply"])
async def test_stop_races_start(build: Build, verb: str) -> None:
    """A stop and a start at the same moment: it is stopped with nothing written, or applied."""
    one = await build(policy=Policy(rules=(Rule(wait=timedelta(minutes=1)),)))
    other = await build(peer=one, policy=one.wiring.policy)
    request = await one.asked("put box-1=apple")
    await one.decide(request, "approve", "Cory")
    one.clock.now += timedelta(minutes=1, microseconds=-1 if verb == "stop" else 0)

    async def stop() -> bool:
        try:
            await other.decide(request, "stop", "organiser-2")
        except Exception:  # noqa: BLE001 # refused: it has begun
            return False
        return True

    stopped, _ = await asyncio.gather(stop(), apply(one, request))
    await one.later(minutes=2)
    assert stopped is (verb == "stop")
    state, writes = (State.WITHDRAWN, []) if stopped else (State.APPLIED, ["box-1=apple"])
    assert (await one.state(request), one.shelf.writes) == (state, writes)


async def test_guard_is_asked_again_after_a_wait(world: World) -> None:
    """What comes after a change that waited for days is done only if the guards still hold."""
    for name in ("a", "b", "c"):
        world.keys.boxes[name] = Box(holds="key")
    gone = await world.wiring.bound["keys.key"].plan("a", None)
    plan = Plan(title="Swap", changes=(await world.change("box-1", "apple"), gone))
    filed = await world.service.file(plan, world.actor("organiser-1"), "r1", "")
    assert isinstance(filed, Filed)
    world.shelf.invites = True
    await world.decide(filed.request, "approve", "Cory")
    await world.drain()
    del world.keys.boxes["c"]
    world.shelf.accept("box-1")
    await world.later(minutes=1)
    assert (await world.state(filed.request), set(world.keys.boxes)) == (State.PARTIAL, {"a", "b"})
    detail = (await world.status(filed.request)).step("apply", 1).detail
    assert detail == "That would leave 1 owner; at least 2 must stay."
