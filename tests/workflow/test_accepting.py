"""What waits for somebody is asked for again, once each time, and is over when nobody accepts."""

from datetime import timedelta

import pytest

from bot.core.change import Request
from bot.core.errors import Denied, Unavailable
from bot.core.status import State
from bot.store import Conflict
from bot.store.grants import GrantState
from bot.workflow.accepting import ask_to_accept
from tests.workflow.shelf import Box
from tests.workflow.test_looking import invited
from tests.workflow.world import LONDON, START, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def asked(world: World, request: Request) -> list[str]:
    """Return who was asked to accept, and when."""
    reminders = (await world.status(request)).reminders
    return [f"{r.stage}, {r.at.astimezone(LONDON):%a %H:%M}: {' '.join(r.names)}" for r in reminders]


async def test_they_are_asked_twice_and_then_it_ends(world: World) -> None:
    """On the second and the fifth day, once each whatever looks again; gone at the vendor, it ended."""
    request = await invited(world, "put box-1=apple --for 30d")
    [awaited] = (await world.status(request)).awaited
    assert (awaited.account, awaited.link) == ("keeper-of-box-1", "https://shelf.example/box-1")
    assert (awaited.since, awaited.until) == (START, START + timedelta(days=7))
    await world.jump(days=1, hours=23)
    assert await asked(world, request) == []
    await world.jump(hours=1)
    for _ in range(2):
        await world.executor.apply({"request": request.id})
    assert await asked(world, request) == ["day 2, Wed 09:00: keeper-of-box-1"]
    await world.jump(days=3, hours=1)
    await world.jump(hours=1)
    assert (await asked(world, request))[1:] == ["day 5, Sat 10:00: keeper-of-box-1"]
    assert (await world.status(request)).lapsed == ()
    assert await world.grant(request) is GrantState.RUNNING
    await world.shelf.put("box-1", None)
    await world.jump(days=2)
    assert await world.state(request) is State.FAILED
    assert (await world.status(request)).lapsed == (awaited,)
    assert len(await asked(world, request)) == 2
    assert await world.grant(request) is GrantState.ENDED
    assert await world.refusals() == []


async def test_nobody_is_asked_for_what_was_accepted_or_undone(world: World) -> None:
    """Before anybody is asked the bot looks: what was accepted, taken back or undone is not asked for."""
    accepted = await invited(world, "put box-1=apple")
    gone = await invited(world, "put box-2=pear")
    undone = await invited(world, "put box-3=plum")
    await world.service.undo(undone.id, world.actor("Cory"), "undo")
    await world.drain()
    world.shelf.accept("box-1")
    await world.shelf.put("box-2", None)
    await world.jump(days=2)
    assert [await asked(world, request) for request in (accepted, gone, undone)] == [[], [], []]
    states = [await world.state(request) for request in (accepted, gone, undone)]
    assert states == [State.APPLIED, State.FAILED, State.APPLIED]
    assert (await world.status(undone)).lapsed == ()


async def test_nobody_is_asked_unseen(world: World) -> None:
    """While the vendor does not answer nobody is asked; then once, though two days were missed."""
    request = await invited(world)
    world.shelf.down = Unavailable("shelf", "The shelf does not answer.")
    await world.jump(days=5)
    assert await asked(world, request) == []
    world.shelf.down = None
    await world.jump(minutes=30)
    await world.jump(minutes=30)
    assert await asked(world, request) == ["day 5, Sat 09:30: keeper-of-box-1"]


async def test_two_processes_ask_once(world: World) -> None:
    """Of two that saw at the same time that it still waits, one asks."""
    request = await invited(world)
    seen = await world.status(request)
    world.clock.now += timedelta(days=2)
    await ask_to_accept(world.wiring, request, seen)
    with pytest.raises(Conflict):
        await ask_to_accept(world.wiring, request, seen)
    assert len(await asked(world, request)) == 1


async def test_what_cannot_be_looked_at_is_unknown(world: World) -> None:
    """When our token may no longer look, nobody is said not to have accepted."""
    request = await world.asked("put box-1=apple")
    world.shelf.boxes["box-1"] = Box(holds="apple", pending=True)
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert [each.account for each in (await world.status(request)).awaited] == ["keeper-of-box-1"]
    world.shelf.down = Denied("shelf", "The token lacks `boxes:read`.")
    await world.jump(days=1)
    status = await world.status(request)
    assert (status.state, status.lapsed) == (State.UNKNOWN, ())
