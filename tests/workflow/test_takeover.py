"""Names that anybody could take: not given up while they point there; looked for daily, told once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from bot.core.bound import Bound
from bot.core.change import Change, Plan
from bot.core.errors import Denied, Refused, Unavailable, VendorError
from bot.core.event import Kind
from bot.core.takeover import Held, Names, Pointing
from bot.core.values import Json
from bot.core.vendor import Concerns
from bot.store import journal
from bot.workflow.takeover import SUBJECT, Danglers
from tests.workflow.conftest import Build
from tests.workflow.shelf import BOX, Shelf
from tests.workflow.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where no SQL is at stake
SITE = Pointing(name="2026.pyconuk.org", host="pyconuk.github.io")
APP = Pointing(name="voting.pyconuk.org", host="voting.herokudns.com")


@dataclass
class Zone:
    """Where names point, and what we hold at GitHub; *error* is how they fail."""

    points: list[Pointing] = field(default_factory=lambda: [SITE, APP])
    held: set[str] = field(default_factory=lambda: {SITE.name})
    error: VendorError | None = None
    silent: VendorError | None = None

    async def pointing(self) -> Sequence[Pointing]:
        """Return the names."""
        if self.error:
            raise self.error
        return self.points

    async def claims(self) -> set[str]:
        """Return what we hold."""
        if self.silent:
            raise self.silent
        return self.held

    def of(self, world: World) -> World:
        """Return the world with these names, where the bot looks by itself."""
        names = Names(pointing={"dnsimple": self.pointing}, claims={"github": self.claims})
        return replace(world, wiring=replace(world.wiring, names=names, watch=timedelta(days=99)))


def emptied(resource: str, holds: str) -> Change:
    """Return that what held something holds nothing any more."""
    before: Json = {"holds": holds, "pending": False}
    return Change(resource=resource, target="box-1", before=before, after=None, words="It is emptied")


async def _gives_up(_shelf: Shelf, change: Change) -> Concerns:
    return Concerns(frees=frozenset({str((change.before or {})["holds"]).title()}))


async def _points_elsewhere(_shelf: Shelf, change: Change) -> Concerns:
    before, after = ({str(state["holds"])} if state else set() for state in (change.before, change.after))
    points = [Pointing(name=name, host=SITE.host) for name in sorted(after - before)]
    return Concerns(unpoints=frozenset(before - after), points=tuple(points))


def guarded(world: World, zone: Zone) -> World:
    """Return the world with sites at GitHub that hold names, and records that point there."""
    sites = Bound(replace(BOX, name="github.site", concerns=_gives_up), world.shelf)
    records = Bound(replace(BOX, name="dnsimple.record", concerns=_points_elsewhere), world.shelf)
    bound = {**world.wiring.bound, "github.site": sites, "dnsimple.record": records}
    world = zone.of(world)
    return replace(world, wiring=replace(world.wiring, bound=bound))


@ON_SQLITE
async def test_no_name_is_given_up_while_it_points_there(world: World) -> None:
    """The site stays while its name leads to it; the record may go in the same plan; others are free."""
    zone = Zone()
    world = guarded(world, zone)
    site, record = emptied("github.site", SITE.name), emptied("dnsimple.record", SITE.name)
    with pytest.raises(Refused, match=r"2026.pyconuk.org still points there.*`dns remove 2026.pyconuk.org`"):
        await world.wiring.weigh(Plan(title="Take it down", changes=(site,)))
    for changes in ((record, site), (record,), (emptied("github.site", APP.name),)):
        assert (await world.wiring.weigh(Plan(title="Take it down", changes=changes))).needs == 1
    zone.error = Unavailable("dnsimple", "DNSimple does not answer.")
    with pytest.raises(Unavailable):
        await world.wiring.weigh(Plan(title="Take it down", changes=(site,)))


@ON_SQLITE
async def test_what_a_plan_points_there_itself_counts(world: World) -> None:
    """How names point when all is done decides: what is pointed there and given up in one plan is refused."""
    zone = Zone(points=[])
    world = guarded(world, zone)
    site, record = emptied("github.site", SITE.name), emptied("dnsimple.record", SITE.name)
    begins = record.model_copy(update={"target": "box-2", "before": None, "after": record.before})
    assert (await world.wiring.weigh(Plan(title="Take it down", changes=(site,)))).needs == 1
    for changes in ((begins, site), (site, begins), (site, record, begins)):
        with pytest.raises(Refused, match=r"2026.pyconuk.org still points there"):
            await world.wiring.weigh(Plan(title="Take it down", changes=changes))
    assert (await world.wiring.weigh(Plan(title="Take it down", changes=(begins, site, record)))).needs == 1


@ON_SQLITE
async def test_it_is_looked_for_where_nobody_watches_for_drift(world: World) -> None:
    """Names that anybody could take are told of however the bot watches what others change."""
    world = Zone(held=set()).of(world)
    world = replace(world, wiring=replace(world.wiring, watch=timedelta(0)))
    await world.sweep()
    await passes(world)
    assert told(world) == [[SITE.name]]


def told(world: World) -> list[list[str]]:
    """Return the names that were told."""
    posts = [TypeAdapter(tuple[Held, ...]).validate_python(post["danglers"]) for post in world.dangling]
    return [[each.pointing.name for each in post] for post in posts]


async def passes(world: World) -> None:
    """Let half a day pass: the look that is due is taken, and the next one planned."""
    await world.jump(hours=13)
    await world.sweep()


async def test_each_is_told_once(world: World) -> None:
    """Unknown is no alarm, nor is a silent service; what is put right and comes back is told again."""
    zone = Zone()
    world = zone.of(world)
    await world.sweep()
    await passes(world)
    assert told(world) == []
    zone.held.clear()
    await passes(world)
    await passes(world)
    assert told(world) == [[SITE.name]]
    zone.silent = Denied("github", "The token lacks `pages`.")
    zone.points = [SITE, APP.model_copy(update={"dead": True})]
    await passes(world)
    assert told(world) == [[SITE.name], [APP.name]]
    zone.silent = None
    await passes(world)
    assert told(world) == [[SITE.name], [APP.name]]
    zone.held.add(SITE.name)
    await passes(world)
    zone.held.clear()
    await passes(world)
    assert told(world)[2:] == [[SITE.name]]
    async with world.store.read() as tx:
        lines = await journal.of(tx, SUBJECT)
    assert {line.kind for line in lines} == {Kind.DANGLED}
    assert lines[0].payload["names"] == SITE.key


@ON_SQLITE
@pytest.mark.parametrize(
    ("error", "again"),
    [(Unavailable("dnsimple", "Away."), 1), (Denied("dnsimple", "No right."), 0)],
)
async def test_when_the_zone_cannot_be_read(world: World, error: VendorError, again: int) -> None:
    """Away, it is asked again in ten minutes; what the token may not do is told elsewhere."""
    zone = Zone(held=set(), error=error)
    world = zone.of(world)
    await world.sweep()
    await passes(world)
    zone.error = None
    await world.jump(minutes=11)
    assert told(world) == [[SITE.name]] * again


async def test_two_processes_tell_it_once(build: Build) -> None:
    """Both look at the same moment; the one that would write it down second tells nobody."""
    one = Zone(held=set()).of(await build())
    other = Zone(held=set()).of(await build(peer=one))
    await asyncio.gather(*(Danglers(world.wiring).look({}) for world in (one, other)))
    await one.drain()
    assert told(one) == [[SITE.name]]
