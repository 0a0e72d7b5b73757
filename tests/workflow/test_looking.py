"""Hints from outside: what waits is looked at at once; nothing in a hint is believed."""

from datetime import timedelta

import pytest

from bot.core.change import Request
from bot.core.status import State
from bot.core.vendor import Hint
from bot.store import inbox
from bot.store.inbox import Inbox, Kept
from bot.workflow.timers import WEBHOOK
from tests.workflow.world import World


def kept(world: World, *about: str, vendor: str = "shelf", key: str = "1") -> Kept:
    """Return a hint as a frontend hands it over."""
    hint = Hint(vendor=vendor, key=key, event="accepted", about=frozenset(about))
    body = hint.model_dump_json().encode()
    return Kept(key=f"webhook:{key}", kind=WEBHOOK, body=body, at=world.clock(), attempts=0)


async def invited(world: World, line: str = "put box-1=apple") -> Request:
    """Return a request that waits for somebody to accept."""
    world.shelf.invites = True
    request = await world.approved(line)
    assert await world.state(request) is State.WAITING
    return request


async def test_a_hint_makes_the_bot_look_at_once(world: World) -> None:
    """What was accepted is seen without any time passing, once for several hints."""
    request = await invited(world)
    world.shelf.accept("box-1")
    for key in ("1", "2"):
        await world.timers.look(kept(world, "box-1", key=key))
    await world.drain()
    assert await world.state(request) is State.APPLIED
    lines = await world.lines(request)
    await world.later(hours=1)
    assert await world.lines(request) == lines


async def test_a_hint_that_nobody_can_read_holds_up_no_other(world: World) -> None:
    """What another version kept is tried a few times and left aside; what came after it is looked at."""
    request = await invited(world)
    world.shelf.accept("box-1")
    unread, read = (kept(world, "box-1", key=key) for key in ("1", "2"))
    store = Inbox(world.store)
    await store.start()
    for each, body in ((unread, b"{}"), (read, read.body)):
        await store.keep(each.key, WEBHOOK, body, each.at)
    await store.close()
    for _ in range(inbox.ATTEMPTS):
        await world.timers.sweep()
    await world.drain()
    assert await world.state(request) is State.APPLIED
    async with world.store.read() as tx:
        assert await inbox.waiting(tx, world.clock(), kinds=(WEBHOOK,)) == []


async def test_a_hint_is_not_believed(world: World) -> None:
    """A hint of what did not happen changes nothing, however often it comes."""
    request = await invited(world)
    before = await world.lines(request)
    for key in ("1", "2", "3"):
        await world.timers.look(kept(world, "box-1", key=key))
        await world.drain()
    assert await world.lines(request) == before
    assert world.shelf.writes == ["box-1=apple"]


async def test_a_hint_that_came_too_early_is_followed_up(world: World) -> None:
    """Where the vendor tells before it shows, a second look comes within a minute."""
    request = await invited(world)
    await world.jump(hours=3)  # by itself it would be looked at each half hour now
    await world.timers.look(kept(world, "box-1"))
    await world.drain()
    world.shelf.accept("box-1")
    world.clock.now += timedelta(minutes=1)
    await world.drain()
    assert await world.state(request) is State.APPLIED


@pytest.mark.parametrize(("vendor", "about"), [("shelf", "box-2"), ("notes", "box-1")])
async def test_only_what_is_concerned_is_looked_at(world: World, vendor: str, about: str) -> None:
    """Hints of other targets or other vendors lead to no look."""
    request = await invited(world)
    world.shelf.accept("box-1")
    await world.timers.look(kept(world, about, vendor=vendor))
    await world.drain()
    assert await world.state(request) is State.WAITING


async def test_a_kept_hint_that_nobody_looked_into_is_swept(world: World) -> None:
    """A process that died after keeping a hint leaves it to the sweep, which looks once."""
    request = await invited(world)
    world.shelf.accept("box-1")
    found, box = kept(world, "box-1"), Inbox(world.store)
    await box.start()
    assert await box.keep(found.key, found.kind, found.body, found.at)
    await box.close()
    assert await world.timers.sweep() == 1
    await world.drain()
    assert await world.state(request) is State.APPLIED
    async with world.store.read() as tx:
        assert await inbox.waiting(tx, world.clock()) == []
    assert await world.timers.sweep() == 0
