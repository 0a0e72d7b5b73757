"""The status board kept: looked at by itself and when asked; one that is away spoils nobody else's line."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest

from bot.core.board import Health, Roster, Service
from bot.core.change import Change
from bot.core.drift import Difference, Drift
from bot.core.errors import Denied, Unavailable, VendorError
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.takeover import Names
from bot.core.values import Json
from bot.core.vendor import Finding
from bot.store import baseline, board, journal
from bot.workflow.board import KEPT, Boards
from bot.workflow.takeover import SUBJECT
from tests.workflow.conftest import Build
from tests.workflow.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where no SQL is at stake
GOOD = Finding(level="good", text="It answers for us.")


@dataclass
class Vendor:
    """Says that all is well, unless there is *trouble*; *slow*, it never answers."""

    trouble: VendorError | None = None
    slow: bool = False
    asked: int = 0

    async def health(self) -> tuple[Finding, ...]:
        self.asked += 1
        if self.trouble:
            raise self.trouble
        if self.slow:
            await asyncio.Event().wait()
        return (GOOD,)


def watched(world: World, vendors: Mapping[str, Vendor]) -> World:
    """Return the world with a board of *vendors*, where the bot looks by itself."""
    roster = Roster(
        titles={name: name.upper() for name in vendors},
        looked_at=frozenset(vendors),
        services={"site": Service(uses=dict.fromkeys(vendors, "all"), yearly=True)},
    )
    health = {name: vendor.health for name, vendor in vendors.items()}
    wiring = replace(world.wiring, health=health, roster=roster, watch=timedelta(days=99), live={})
    return replace(world, wiring=wiring)


async def states(world: World) -> dict[str, tuple[Health, str]]:
    """Return how each vendor does, as it is kept."""
    kept = await Boards(world.wiring).kept()
    return {line.name: (line.health, line.why) for line in kept.vendors}


async def test_one_that_is_away_spoils_no_other_line(world: World) -> None:
    """Within a minute the line of the one that fails changes, and back; each change is kept as history."""
    dns, code = Vendor(), Vendor()
    world = watched(world, {"dns": dns, "code": code})
    fine = (Health.FINE, "It answers for us.")
    await world.later(minutes=2)
    assert await states(world) == {"dns": fine, "code": fine}
    homes, began = world.homes, world.clock.now
    dns.trouble = Unavailable("dns", "DNS does not answer.")
    await world.later(minutes=1)
    assert await states(world) == {"dns": (Health.AWAY, "DNS does not answer."), "code": fine}
    dns.trouble = Denied("dns", "The token lacks `zone`.", "Give it.")
    await world.later(minutes=1)
    assert (await states(world))["dns"] == (Health.TROUBLE, "The token lacks `zone`.")
    dns.trouble = None
    await world.later(minutes=1)
    assert (await states(world))["dns"] == fine
    assert world.homes == homes + 3
    past = await Boards(world.wiring).past("dns")
    assert [each.health for each in past] == [Health.FINE, Health.TROUBLE, Health.AWAY, Health.FINE]
    assert past[0].since > past[1].since > past[2].since > began > past[3].since
    assert len(await Boards(world.wiring).past("code")) == 1
    assert code.asked >= 4


@ON_SQLITE
async def test_who_is_slow_is_not_waited_for(world: World) -> None:
    """A vendor that takes too long counts as away."""
    world = watched(world, {"dns": Vendor(slow=True), "code": Vendor()})
    found = await Boards(world.wiring, longest=0.01).now()
    assert [(line.title, line.health) for line in found.vendors] == [
        ("CODE", Health.FINE),
        ("DNS", Health.AWAY),
    ]


@ON_SQLITE
async def test_what_we_know_ourselves_is_on_the_board(world: World) -> None:
    """What others changed at a vendor, and names that anybody could take, stand in its line."""
    world = watched(world, {"dns": Vendor(), "code": Vendor()})
    names = Names(pointing={"dns": _nothing})
    world = replace(world, wiring=replace(world.wiring, names=names))
    change = Change(resource="dns.record", target="a", before=None, after={}, words="*a* is new")
    differences = tuple(Difference(number=n, change=change, since=world.clock.now) for n in (1, 2))
    drift = Drift(vendor="dns", episode=1, since=world.clock.now, differences=differences)
    async with world.store.write() as tx:
        await baseline.put_drift(tx, drift)
    boards = Boards(world.wiring)
    await boards.look({})
    assert (await states(world))["dns"] == (Health.LOOK, "Changed elsewhere: *a* is new. And 1 more.")
    async with world.store.write() as tx:
        said: Json = {"names": "voting.pyconuk.org gone.example.org", "text": ""}
        add = partial(journal.append, tx, subject=SUBJECT, kind=Kind.DANGLED, actor=CLOCK)
        await add(at=world.clock.now, payload=said)
        await baseline.put_drift(tx, drift.settle({1: "gone"}, world.clock.now))
    await boards.look({})
    why = "Leads to what anybody could take: voting.pyconuk.org."
    assert (await states(world))["dns"] == (Health.TROUBLE, why)
    assert [each.level for each in (await boards.past("dns"))[0].findings] == ["good", "warning", "bad"]
    assert (await states(world))["code"][0] is Health.FINE


async def _nothing() -> tuple[()]:
    return ()


async def test_of_two_who_look_the_later_counts(build: Build) -> None:
    """Two processes that look at once keep one line each vendor; an older look changes nothing."""
    vendors = {"dns": Vendor(), "code": Vendor()}
    one = watched(await build(), vendors)
    other = watched(await build(peer=one), vendors)
    await Boards(one.wiring).look({})
    one.clock.now += timedelta(minutes=1)
    await asyncio.gather(Boards(one.wiring).look({}), Boards(other.wiring).look({}))
    assert len(await Boards(one.wiring).past("dns")) == 1
    vendors["dns"].trouble = Unavailable("dns", "Away.")
    one.clock.now -= timedelta(seconds=30)
    await Boards(one.wiring).look({})
    assert (await states(one))["dns"][0] is Health.FINE


async def test_what_was_decided_is_kept_by_year(world: World) -> None:
    """A decision counts for its year, can be changed and taken back; what is a year old is forgotten."""
    boards = Boards(watched(world, {"dns": Vendor()}).wiring)
    assert boards.year == 2026
    found = []
    for needed in (False, True, None):
        async with world.store.write() as tx:
            await board.decide(tx, "site", 2026, needed)
            await board.decide(tx, "site", 2025, needed=False)
        found.append((await boards.now()).services[0].health)
    assert found == [Health.NOT_NEEDED, Health.FINE, Health.UNDECIDED]
    world.clock.now += timedelta(days=400)
    async with world.store.write() as tx:
        await board.prune(tx, world.clock.now - KEPT)
    assert await boards.past("dns") == ()
