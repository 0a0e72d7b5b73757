"""What was applied is looked at from outside, and a change of several calls goes and comes back as one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.bound import Bound
from bot.core.change import Change
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import State
from bot.core.vendor import Look
from bot.workflow.service import Filed
from bot.workflow.wiring import known, record
from tests.workflow.shelf import WINDOW, Box, Fault, Shelf
from tests.workflow.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no SQL is at stake
DARK = Look(good=False, text="ns2 does not have it")


async def said(world: World, id_: str) -> tuple[str, str]:
    """Return what was found from outside, and what the request waits for."""
    _, status = await known(world.wiring, id_)
    return status.outside, status.note


async def test_it_works_after_a_while(world: World) -> None:
    """What still lacks stands on the card until it works; then it says after how long, and what lingers."""
    lingering = Look(good=True, lingers=timedelta(hours=1))
    world.notes.outside.extend([DARK, DARK, lingering])
    request = await world.approved("letter front a")
    assert await world.state(request) is State.APPLIED
    assert await said(world, request.id) == ("", "From outside: ns2 does not have it. I keep looking.")
    told = len(world.told)
    await world.jump(seconds=5)
    assert len(world.told) == told  # nothing new, so nobody is told
    await world.jump(seconds=5)
    found, note = await said(world, request.id)
    assert (found, note) == (
        "Works from outside after 10 s. Some people see what was there before until 10:00.",
        "",
    )


async def test_it_does_not_work(world: World) -> None:
    """After ten minutes the card says what does not work, and the looks end."""
    world.notes.outside.extend([DARK] * 500)
    request = await world.approved("letter front a")
    await world.later(minutes=11)
    found, note = await said(world, request.id)
    assert found == (
        "*In 10 minutes it was not seen to work from outside:* ns2 does not have it. Look there, or undo it."
    )
    left = len(world.notes.outside)
    await world.later(hours=1)
    assert (note, len(world.notes.outside)) == ("", left)


async def test_what_was_undone_is_looked_at_no_more(world: World) -> None:
    """The way back is looked at instead."""
    world.notes.outside.extend([DARK] * 3)
    request = await world.approved("letter front a")
    undone = await world.service.undo(request.id, world.actor("Cory"), "undo")
    assert isinstance(undone, Filed)
    await world.drain()
    await world.later(minutes=1)
    assert (await said(world, request.id))[0] == ""
    assert (await said(world, undone.request.id))[0].startswith("Works from outside after")


async def test_somebody_else_writes_meanwhile(world: World) -> None:
    """A look during which the request went on is not written down: the next one is."""
    writes = 0

    async def meddling(_shelf: Shelf, _change: Change) -> Look:
        nonlocal writes
        writes += 1
        if writes == 1:
            async with world.store.write() as tx:
                await record(world.wiring, tx, request, Kind.NOTED, CLOCK, {"text": "It goes on."})
        return Look(good=True)

    bound = world.wiring.bound
    assert isinstance(bound, dict)
    bound[WINDOW.name] = Bound(replace(WINDOW, outside=meddling), world.notes)
    request = await world.asked("letter front a")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert await said(world, request.id) == ("", "It goes on.")
    await world.jump(seconds=5)
    assert await said(world, request.id) == ("Works from outside after 5 s.", "")


async def test_a_change_of_several_calls_is_one_to_whoever_undoes_it(world: World) -> None:
    """It is carried out a call at a time, weighed as one, and taken back in one tap."""
    world.notes.boxes["front"] = Box(holds="ab")
    request = await world.approved("letter front axy")
    assert [change.words for change in request.plan.changes] == [request.plan.changes[0].words] * 3
    assert world.notes.writes == ["front=a", "front=ax", "front=axy"]
    undone = await world.service.undo(request.id, world.actor("Cory"), "undo")
    assert isinstance(undone, Filed)
    assert undone.request.undoes == request.id
    await world.drain()
    assert await world.state(undone.request) is State.APPLIED
    assert world.notes.holds == {"front": "ab"}


async def test_what_was_made_of_several_calls_is_undone(world: World) -> None:
    """A failure midway leaves a part, and the way back begins there."""
    world.notes.faults.extend([Fault.NONE, Fault.REJECTED])
    request = await world.approved("letter front abc")
    assert await world.state(request) is State.PARTIAL
    undone = await world.service.undo(request.id, world.actor("Cory"), "undo")
    assert isinstance(undone, Filed)
    await world.drain()
    assert world.notes.holds == {}
