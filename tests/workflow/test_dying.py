"""Dying: killed at any step and started again, nothing is lost, nothing is doubled, nothing is stuck."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.core.change import Request
from bot.core.event import flaw
from bot.core.status import State
from bot.store import journal
from bot.store.grants import GrantState
from bot.workflow.pace import REWRITE_AFTER
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import Killed, World

FAR = 400  # more steps than any of these lives takes


@pytest.fixture
def steps(database_url: str, full: bool) -> range:
    """Give the steps to die after: all of them, or some here and others on the other database."""
    if full:
        return range(FAR)
    return range(0, FAR, 20) if database_url.startswith("sqlite") else range(10, FAR, 20)


@dataclass(frozen=True)
class Story:
    """Something that may be cut short anywhere, and what must have come of it in the end."""

    line: str
    state: State
    holds: dict[str, str]
    writes: list[str]
    faults: tuple[Fault, ...] = ()
    invites: bool = False


STORIES = {
    "chain": Story(
        "put box-1=apple box-2=pear",
        State.APPLIED,
        {"box-1": "apple", "box-2": "pear"},
        ["box-1=apple", "box-2=pear"],
    ),
    "lost answer": Story(
        "put box-1=apple", State.APPLIED, {"box-1": "apple"}, ["box-1=apple"], faults=(Fault.LOST_AFTER,)
    ),
    "put back": Story(
        "put box-1=apple box-0=pear --restore",
        State.DRIFTED,
        {"box-0": "fig"},
        ["box-1=apple", "box-1="],
    ),
    "together": Story(
        "fill jar-1=apple jar-2=pear jar-3=plum",
        State.APPLIED,
        {"jar-1": "apple", "jar-2": "pear", "jar-3": "plum"},
        ["jar-1=apple", "jar-2=pear", "jar-3=plum"],
        faults=(Fault.NONE, Fault.LOST_AFTER),
    ),
    "under way": Story("put box-1=apple", State.WAITING, {"box-1": "apple"}, ["box-1=apple"], invites=True),
}


async def dies(work: Callable[[], Awaitable[object]], world: World, steps: int) -> bool:
    """Do *work*, killed after so many steps; return whether it came to that."""
    world.life.left = steps
    try:
        await work()
    except Killed:
        return True
    finally:
        world.life.left = None
    return False


async def check(world: World, request: Request, story: Story) -> None:
    """Find everything as the story ends, each write made once, and the journal whole."""
    assert await world.state(request) is story.state
    assert world.shelf.holds == story.holds
    assert world.shelf.writes == story.writes
    assert (await world.status(request)).state is story.state
    assert world.failures == []
    async with world.store.read() as tx:
        assert flaw([event async for event in journal.everything(tx)]) is None


@pytest.mark.parametrize("name", STORIES)
async def test_killed_at_any_step(
    build: Build, name: str, steps: range, figure: Callable[[str], None]
) -> None:
    """From click to end, killed after each number of steps and started again: as if nothing had happened."""
    story, kills = STORIES[name], 0
    world = await build()
    for step in steps:
        world.shelf.boxes.clear()
        world.shelf.writes.clear()
        world.shelf.invites = story.invites
        request = await world.asked(story.line)
        if name == "put back":
            world.shelf.boxes["box-0"] = Box(holds="fig")
        await world.decide(request, "approve", "Cory")
        world.shelf.faults.extend(story.faults)
        died = await dies(world.drain, world, step)
        world.shelf.faults.clear()
        await world.restart()
        await world.later(minutes=2)
        await check(world, request, story)
        if not died:
            break
        kills += 1
        await _finish(world, request)
    assert kills >= 2
    figure(f"workflow, {world.store.dialect}, {name}: {kills} kills, 0 lost, 0 doubled, 0 stuck")


async def _finish(world: World, request: Request) -> None:
    """Let what waits come to its end, so that the next story begins alone."""
    if await world.state(request) is State.WAITING:
        world.shelf.accept("box-1")
        await world.later(minutes=1)


async def test_killed_twice(build: Build, full: bool, figure: Callable[[str], None]) -> None:
    """Killed, started again and killed again: each write is made once all the same."""
    story, kills = STORIES["chain"], 0
    world = await build()
    for first in range(0, 60, 4 if full else 29):
        for second in range(0, 40, 5 if full else 25):
            world.shelf.boxes.clear()
            world.shelf.writes.clear()
            request = await world.asked(story.line)
            await world.decide(request, "approve", "Cory")
            kills += await dies(world.drain, world, first)
            await world.restart()
            world.clock.now += timedelta(seconds=30)
            kills += await dies(world.sweep, world, second)
            await world.restart()
            await world.later(minutes=2)
            await check(world, request, story)
    figure(f"workflow, {world.store.dialect}, two deaths in a row: {kills} kills, 0 doubled")


async def test_killed_at_any_step_of_an_end(
    build: Build, steps: range, figure: Callable[[str], None]
) -> None:
    """A grant's end that is killed at any step is carried out once."""
    world, kills = await build(), 0
    for step in steps:
        world.shelf.writes.clear()
        request = await world.approved("put box-1=apple box-2=pear --for 1h")
        world.clock.now += timedelta(hours=1)
        died = await dies(world.sweep, world, step)
        await world.restart()
        await world.later(minutes=2)
        assert world.shelf.writes == ["box-1=apple", "box-2=pear", "box-1=", "box-2="]
        assert await world.grant(request) is GrantState.ENDED
        if not died:
            break
        kills += 1
    assert kills >= 3
    figure(f"workflow, {world.store.dialect}, end of a grant: {kills} kills, 0 lost, 0 doubled")


async def test_killed_at_any_step_of_a_decision(build: Build) -> None:
    """A click that is killed counts wholly or not at all; pressed again, it leads to one execution."""
    world = await build()
    for step in range(FAR):
        world.shelf.boxes.clear()
        world.shelf.writes.clear()
        request = await world.asked("put box-1=apple")

        async def click(request: Request = request) -> None:
            await world.decide(request, "approve", "Cory")

        died = await dies(click, world, step)
        await world.restart()
        if await world.state(request) is State.PENDING:
            await click()
        await world.later(minutes=2)
        assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["box-1=apple"])
        if not died:
            break
    assert step > 2


async def test_write_of_a_killed_process_is_waited_out(build: Build) -> None:
    """What a process that died began to write is not written again while that could still arrive."""
    world = await build()
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    for steps in range(FAR):
        world.shelf.faults = deque([Fault.LOST_BEFORE])
        await dies(world.drain, world, steps)
        await world.restart()
        if (await world.status(request)).step("apply", 0).started_at:
            break
        world.clock.now += timedelta(minutes=1)
    world.shelf.faults.clear()
    begun = world.clock.now
    while not world.shelf.writes:
        world.clock.now += timedelta(seconds=1)
        await world.sweep()
    assert world.clock.now >= begun + REWRITE_AFTER
    assert await world.state(request) is State.APPLIED
    assert world.shelf.writes == ["box-1=apple"]
