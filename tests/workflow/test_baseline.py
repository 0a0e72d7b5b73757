"""The baseline: seeded once from what is live, and grown by what we ourselves carry out."""

import pytest

from bot.core.baseline import Kept, Live
from bot.core.errors import Unavailable
from bot.core.event import Kind
from bot.store import baseline, journal
from bot.workflow.baseline import seed
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import World


async def kept(world: World) -> dict[str, Kept]:
    """Return the baseline of the shelf."""
    async with world.store.read() as tx:
        return {row.target: row for row in await baseline.everything(tx, "shelf")}


async def holds(world: World) -> dict[str, str]:
    """Return what each box holds by the baseline."""
    return {name: str(row.state["holds"]) for name, row in (await kept(world)).items() if row.state}


async def test_seeded_once_from_what_is_live(world: World) -> None:
    """The journal says so; a second time changes nothing and returns the same number."""
    world.shelf.boxes |= {"box-1": Box(holds="pear"), "box-2": Box(holds="fig")}
    assert await seed(world.wiring, "shelf") == 2
    world.shelf.boxes["box-3"] = Box(holds="plum")
    assert await seed(world.wiring, "shelf") == 2
    assert await holds(world) == {"box-1": "pear", "box-2": "fig"}
    async with world.store.read() as tx:
        (line,) = await journal.of(tx, "baseline:shelf")
    assert (line.kind, line.payload["text"]) == (Kind.KEPT, "shelf, 2 targets")


async def test_a_vendor_that_is_away_is_not_seeded(world: World) -> None:
    """It raises, and nothing is kept."""
    world.shelf.down = Unavailable("shelf", "The shelf is away.")
    with pytest.raises(Unavailable):
        await seed(world.wiring, "shelf")
    assert await kept(world) == {}


async def test_what_changes_while_it_is_looked_at(world: World) -> None:
    """What we carry out meanwhile is not lost: it looks again."""
    world.shelf.boxes["box-1"] = Box(holds="pear")
    looks = 0

    async def slow() -> Live:
        nonlocal looks
        live, looks = await world.shelf.live(), looks + 1
        if looks < 2:
            await world.approved("put box-1=plum")
        return live

    world.wiring.live["shelf"] = slow  # type: ignore[index] # a dict of this test's own world
    assert await seed(world.wiring, "shelf") == 1
    assert (looks, await holds(world)) == (2, {"box-1": "plum"})


async def test_what_we_carry_out_is_accepted(world: World) -> None:
    """Applied, undone and put back: the baseline follows in the transaction of each outcome."""
    await seed(world.wiring, "shelf")
    request = await world.approved("put box-1=pear")
    row = (await kept(world))["box-1"]
    assert (row.state, row.going, row.touched_at) == (
        Box(holds="pear").model_dump(),
        None,
        world.clock.now,
    )
    await world.service.undo(request.id, world.actor("Cory"), world.key())
    await world.drain()
    assert await holds(world) == {}
    world.shelf.faults.extend([Fault.NONE, Fault.REJECTED])
    await world.approved("put box-2=fig box-3=plum --restore")
    assert (world.shelf.holds, await holds(world)) == ({}, {})
    assert all(row.going is None for row in (await kept(world)).values())


async def test_the_end_of_a_grant_is_accepted(world: World) -> None:
    """What ends as approved is no longer in the baseline."""
    await seed(world.wiring, "shelf")
    await world.approved("put box-1=pear --for 14d")
    await world.later(days=14, minutes=1)
    assert (world.shelf.holds, await holds(world)) == ({}, {})


async def test_what_waits_is_going_on_until_it_is_accepted(world: World) -> None:
    """Until then the baseline stays; what was refused leaves it as it was."""
    await seed(world.wiring, "shelf")
    world.shelf.invites = True
    await world.approved("put box-1=pear box-2=fig")
    row = (await kept(world))["box-1"]
    assert (row.state, row.going) == (None, {"after": Box(holds="pear").model_dump()})
    del world.shelf.boxes["box-1"]
    await world.later(minutes=2)
    assert (await kept(world))["box-1"].going is None
    world.shelf.invites = False
    await world.approved("put box-1=plum")
    assert await holds(world) == {"box-1": "plum"}


async def test_what_a_change_brings_about_elsewhere_is_accepted_too(world: World) -> None:
    """It comes with the change as pending, unless it was there; what goes with it goes."""
    world.shelf.boxes["chest-2/lid"] = Box(holds="lead")
    await seed(world.wiring, "shelf")
    await world.approved("put chest-1=gold chest-2=tin")
    assert (await kept(world))["chest-1/lid"].state == Box(holds="lid", pending=True).model_dump()
    assert (await holds(world))["chest-2/lid"] == "lead"
    await world.approved("put chest-2=")
    assert await holds(world) == {"chest-1": "gold", "chest-1/lid": "lid"}


async def test_where_nobody_looks_nothing_is_kept(world: World) -> None:
    """A vendor whose baseline was never begun costs nothing, and our own data has none."""
    await world.approved("put box-1=pear")
    assert await kept(world) == {}
    await seed(world.wiring, "shelf")
    await world.service.ask("note a b", world.actor("Cory"), world.key())
    assert await holds(world) == {"box-1": "pear"}


async def test_what_waited_before_the_first_look_is_ours_too(world: World) -> None:
    """Somebody who accepts afterwards is no drift; what was done by then is nothing special."""
    await world.approved("put box-0=fig")
    world.shelf.invites = True
    await world.approved("put box-1=pear")
    await seed(world.wiring, "shelf")
    rows = await kept(world)
    assert [rows[name].going is None for name in ("box-0", "box-1")] == [True, False]
