"""Export and restore: all state comes back, verified, or nothing; what was under way is asked anew."""

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import Refused, Unavailable
from bot.core.event import Kind
from bot.core.people import Actor
from bot.core.status import State
from bot.store import journal, requests
from bot.verify import PACK, REQUESTS
from bot.workflow import audit
from bot.workflow.packing import SUBJECT, Pack, packed, restore
from tests.workflow.shelf import Fault
from tests.workflow.world import EVERYONE, ORGANISER, Killed, World, make

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEEPER = Actor(name="keeper", via="terminal")


async def exported(world: World) -> Pack:
    """Return what is exported now."""
    async with world.store.read() as tx:
        texts = await packed(tx)
        until, _ = await journal.head(tx)
    lines = [line async for line in audit.export(world.store, until)]
    return Pack(texts, lambda: lines)


@pytest.fixture
async def elsewhere(world: World, sqlite_template: Path, tmp_path: Path) -> AsyncIterator[World]:
    """Give a process of the bot on another database, an empty one, and at the same vendors."""
    file = tmp_path / "elsewhere.db"
    shutil.copyfile(sqlite_template, file)
    other = await make(f"sqlite:///{file}", peer=world)
    await other.everyone(without=[person.name for person in EVERYONE])
    yield other
    await other.store.close()


async def test_all_comes_back_and_what_was_under_way_is_asked_anew(world: World, elsewhere: World) -> None:
    """The rows are the same to the letter; nothing approved is written again before an owner says so."""
    granted = await world.approved("put box-1=apple --for 2d")
    pending = await world.asked("put box-2=pear")
    halfway = await world.asked("put box-3=fig box-4=kiwi")
    await world.decide(halfway, "approve", "Cory")
    world.shelf.looks.extend([None, None, Unavailable("shelf", "The shelf is away.")])
    await world.drain()
    world.shelf.looks.clear()
    world.shelf.invites = True
    waiting = await world.approved("put box-5=plum")
    world.shelf.invites = False
    world.notes.faults.append(Fault.UNAVAILABLE)
    await world.service.ask("note tea green", ORGANISER, "key")
    async with world.store.read() as tx:
        (ours, _), *_ = await requests.newest(tx)
    before = [granted, pending, halfway, waiting, ours]
    states = [State.APPLIED, State.PENDING, State.APPLYING, State.WAITING, State.APPLYING]
    assert [await world.state(request) for request in before] == states
    pack, writes = await exported(world), [*world.shelf.writes]

    assert await restore(elsewhere.wiring, pack, KEEPER) == (halfway.number,)
    states[2] = State.PENDING
    assert [await elsewhere.state(request) for request in before] == states
    again = await exported(elsewhere)
    assert {name for name in pack.texts if again.texts[name] != pack.texts[name]} == {PACK, REQUESTS}
    lines = [*again.lines()]
    assert lines[: len([*pack.lines()])] == [*pack.lines()]
    assert await audit.verify(elsewhere.store) == []
    async with elsewhere.store.read() as tx:
        told = await journal.of(tx, SUBJECT)
    assert [(line.kind, line.actor, line.payload["asked_anew"]) for line in told] == [
        (Kind.RESTORED, KEEPER, [halfway.number])
    ]

    del world.shelf.boxes["box-3"]  # somebody took it back since
    await elsewhere.jump(hours=1)
    assert world.shelf.writes == writes
    assert (await elsewhere.state(ours), await elsewhere.state(waiting)) == (State.APPLIED, State.WAITING)
    await elsewhere.decide(halfway, "approve", "Cory")
    await elsewhere.jump(days=3)
    assert world.shelf.writes == [*writes, "box-4=kiwi", "box-1="]


Damage = Callable[[Pack], Pack]


def other_text(name: str, old: str, new: str) -> Damage:
    """Return what changes a file of a pack."""
    return lambda pack: replace(pack, texts={**pack.texts, name: pack.texts[name].replace(old, new, 1)})


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (other_text(PACK, 'tables: "', 'tables: "x'), "This pack has the tables x"),
        (other_text(PACK, "tables", "chairs"), "This is no pack, or pack.yaml is not as it was written"),
        (other_text("state/people.yaml", "-", "{"), "state/people.yaml is not as it was written"),
        (other_text("state/people.yaml", "Charlie", "Charles"), ""),
        (
            other_text("state/people.yaml", "- key", "# us\n- key"),
            "state/people.yaml is not as it was written",
        ),
        (other_text(REQUESTS, "pending", "applied"), "state/requests.yaml is not as it was written"),
        (
            lambda pack: replace(pack, lines=lambda: [*pack.lines()][:-1]),
            "The journal of this pack is not whole",
        ),
    ],
)
async def test_a_damaged_pack_is_refused_whole(
    world: World, elsewhere: World, damage: Damage, why: str
) -> None:
    """Whatever does not fit is named, and the database stays empty."""
    await world.asked("put box-1=apple")
    pack = await exported(world)
    if not why:  # what the journal does not prove is kept as it is said
        await restore(elsewhere.wiring, damage(pack), KEEPER)
        return
    with pytest.raises(Refused, match=why):
        await restore(elsewhere.wiring, damage(pack), KEEPER)
    await restore(elsewhere.wiring, pack, KEEPER)


async def test_a_restore_that_dies_can_be_begun_anew(world: World, elsewhere: World) -> None:
    """Killed before, within or after its transaction: nothing is there, or all of it is."""
    await world.approved("put box-1=apple")
    pack = await exported(world)
    for steps in (0, 1):
        elsewhere.life.left = steps
        with pytest.raises(Killed):
            await restore(elsewhere.wiring, pack, KEEPER)
    elsewhere.life.left = 2
    with pytest.raises(Killed):
        await restore(elsewhere.wiring, pack, KEEPER)
    assert (await exported(elsewhere)).texts[REQUESTS] == pack.texts[REQUESTS]
    assert await audit.verify(elsewhere.store) == []


async def test_only_an_empty_database_is_filled(world: World, elsewhere: World) -> None:
    """People alone, or a line of the journal alone, are enough to refuse; so nothing can be filled twice."""
    pack = await exported(world)
    with pytest.raises(Refused, match="not empty"):
        await restore(world.wiring, pack, KEEPER)
    await restore(elsewhere.wiring, pack, KEEPER)
    with pytest.raises(Refused, match="not empty"):
        await restore(elsewhere.wiring, pack, KEEPER)
