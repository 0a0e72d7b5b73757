"""Rights that shrank: looked at by itself, told once, and what was begun does not end in the dark."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.core.errors import Denied, Unavailable, VendorError
from bot.core.event import Kind
from bot.core.status import State
from bot.core.vendor import Finding
from bot.store import journal
from bot.workflow import rights
from tests.workflow.conftest import Build
from tests.workflow.shelf import Fault
from tests.workflow.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where no SQL is at stake
REFUSAL = Denied("shelf", "The token lacks `boxes:write`.", "Give it that.")
LACKING = Finding(level="bad", text="The token lacks `boxes:write`.", hint="Give it that.")
WIDE = Finding(level="warning", text="The token may do too much.", hint="Take something away.")
GOOD = Finding(level="good", text="The shelf answers.")


@dataclass
class Check:
    """A vendor's check: what it finds, or how it fails, and how often it was asked."""

    found: tuple[Finding, ...] = (GOOD,)
    error: VendorError | None = None
    asked: int = field(default=0)

    async def __call__(self) -> tuple[Finding, ...]:
        """Return what is found."""
        self.asked += 1
        if self.error:
            raise self.error
        return self.found


def watching(world: World, check: Check) -> World:
    """Return the world with a check of the shelf's rights."""
    return replace(world, wiring=replace(world.wiring, checks={"Shelf": check}))


async def hours(world: World, count: int) -> None:
    """Let some hours pass, with a sweep now and then."""
    for _ in range(count):
        await world.later(hours=1)


def told(world: World) -> list[list[str]]:
    """Return what owners were told is lacking."""
    return [[str(each) for each in post["lacks"]] for post in world.lacks]  # type: ignore[union-attr]  # our own payload


async def test_what_shrank_overnight_is_told_once_and_when_it_is_back(world: World) -> None:
    """Every hour is looked; a lack is told once with its remedy, and its end once."""
    check = Check()
    world = watching(world, check)
    await hours(world, 1)
    assert (check.asked, told(world)) == (1, [])
    check.found = (GOOD, WIDE, LACKING)
    await hours(world, 4)
    assert told(world) == [["The token lacks `boxes:write`. Give it that."]]
    assert check.asked == 5
    check.found = (GOOD, WIDE)
    await hours(world, 4)
    assert told(world)[1:] == [[]]
    async with world.store.read() as tx:
        lines = await journal.of(tx, rights.subject("Shelf"))
    assert [line.kind for line in lines] == [Kind.LACKED, Kind.LACKED]


@ON_SQLITE
async def test_a_vendor_that_is_away_says_nothing_of_rights(world: World) -> None:
    """Silence changes nothing that was told; a token that is not accepted at all is told."""
    check = Check(error=Unavailable("shelf", "The shelf does not answer."))
    world = watching(world, check)
    await hours(world, 3)
    assert (check.asked, told(world)) == (3, [])
    check.error = REFUSAL
    await hours(world, 2)
    check.error = Unavailable("shelf", "The shelf does not answer.")
    await hours(world, 2)
    assert told(world) == [["The token lacks `boxes:write`. Give it that."]]


async def test_two_processes_tell_it_once(build: Build) -> None:
    """Both look at the same moment; the one that would write it down second tells nobody."""
    one = watching(await build(), Check(found=(LACKING,)))
    other = watching(await build(peer=one), Check(found=(LACKING,)))
    await asyncio.gather(*(world.rights.look({}) for world in (one, other)))
    await one.drain()
    assert len(told(one)) == 1


@ON_SQLITE
@pytest.mark.parametrize("where", ["asking", "looking", "writing"])
async def test_a_denial_is_looked_into_at_once(world: World, where: str) -> None:
    """Nobody waits for the hour when something was denied: owners are told why, once."""
    world = watching(world, Check(found=(LACKING,)))
    if where == "asking":
        world.shelf.down = REFUSAL
        with pytest.raises(Denied):
            await world.asked("put box-1=apple")
    else:
        request = await world.asked("put box-1=apple")
        await world.decide(request, "approve", "Cory")
        if where == "looking":
            world.shelf.looks.append(REFUSAL)
        else:
            world.shelf.faults.append(Fault.DENIED)
    await world.drain()
    assert told(world) == [["The token lacks `boxes:write`. Give it that."]]
    await world.jump(minutes=30)
    assert len(told(world)) == 1


@ON_SQLITE
async def test_what_is_lost_between_two_steps_is_said(world: World) -> None:
    """The first step stands, the second is not begun; the request names the right and how to give it."""
    request = await world.asked("put box-1=apple box-2=pear")
    await world.decide(request, "approve", "Cory")
    world.shelf.faults.extend([Fault.NONE, Fault.DENIED])
    await world.drain()
    status = await world.status(request)
    assert (await world.state(request), world.shelf.holds) == (State.PARTIAL, {"box-1": "apple"})
    assert status.step("apply", 1).detail == "The token lacks `boxes:write`."
