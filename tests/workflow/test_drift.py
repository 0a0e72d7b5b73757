"""Drift: what others change is noticed once, and followed until it is settled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.baseline import Live, Those
from bot.core.change import Plan
from bot.core.drift import SETTLING, Difference, Drift
from bot.core.errors import Unavailable
from bot.core.event import Kind
from bot.core.reply import Notice, Reply
from bot.core.vendor import Hint
from bot.store import baseline, journal
from bot.store.inbox import Inbox
from bot.workflow.baseline import TRIES, seed
from bot.workflow.timers import WEBHOOK
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box
from tests.workflow.world import START, World

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AWAY = Unavailable("shelf", "The shelf is away.")


@pytest.fixture
async def watching(world: World) -> World:
    """Give a world that looks every 45 seconds, and has looked once."""
    watch(world)
    world.shelf.boxes["box-1"] = Box(holds="pear")
    world.keys.boxes |= {name: Box(holds="key") for name in ("ann", "bob", "cid")}
    await world.sweep()
    return world


def watch(world: World) -> None:
    """Have a world look by itself."""
    world.wiring = replace(world.wiring, watch=timedelta(seconds=45))
    world.__post_init__()


async def drift(world: World, vendor: str = "shelf") -> Drift | None:
    """Return the newest episode."""
    async with world.store.read() as tx:
        return await baseline.drift(tx, vendor)


async def differences(world: World, vendor: str = "shelf") -> list[Difference]:
    """Return what differed in the newest episode."""
    found = await drift(world, vendor)
    return list(found.differences) if found else []


async def told(world: World) -> list[str]:
    """Return what differs and what became of it, in words."""
    return [f"{each.change.words}{each.settled and f': {each.settled}'}" for each in await differences(world)]


@SQLITE
async def test_the_first_look_accepts_and_says_so(watching: World) -> None:
    """Nobody is told of the whole world as drift; the journal has a line for each vendor."""
    assert await drift(watching) is None
    async with watching.store.read() as tx:
        lines = [line for vendor in ("keys", "shelf") for line in await journal.of(tx, f"baseline:{vendor}")]
    assert [line.payload["text"] for line in lines] == ["keys, 3 targets", "shelf, 1 targets"]


async def test_noticed_within_a_minute_and_told_once_for_all(watching: World) -> None:
    """A burst is one episode with a number for each; it grows, shrinks, ends, and another one follows."""
    watching.shelf.boxes |= {f"box-{n}": Box(holds="fig") for n in (2, 3, 4)}
    await watching.jump(seconds=50)
    found = await drift(watching)
    assert found is not None
    assert [each.number for each in found.open] == [1, 2, 3]
    assert {each.since for each in found.open} == {START + timedelta(seconds=50)}
    assert watching.cards == [1]
    watching.shelf.boxes["box-1"] = Box(holds="plum")
    del watching.shelf.boxes["box-2"]
    await watching.jump(minutes=1)
    assert watching.cards == [1, 1]
    watching.shelf.boxes["box-1"] = Box(holds="date")
    await watching.jump(minutes=1)
    assert await told(watching) == [
        "box-2 holds fig (was: nothing): as accepted again",
        "box-3 holds fig (was: nothing)",
        "box-4 holds fig (was: nothing)",
        "box-1 holds plum (was: pear): changed again",
        "box-1 holds date (was: pear)",
    ]
    watching.shelf.boxes = {"box-1": Box(holds="pear")}
    await watching.jump(minutes=1)
    assert (await drift(watching) or found).open == ()
    watching.shelf.boxes.clear()
    await watching.jump(minutes=5)
    assert watching.cards == [1, 1, 1, 1, 2]
    async with watching.store.read() as tx:
        lines = await journal.of(tx, "drift:shelf")
    assert [line.kind for line in lines] == [Kind.NOTICED] * 4


@SQLITE
async def test_a_long_burst_is_cut_in_the_journal(watching: World) -> None:
    """The line names the first twenty."""
    watching.shelf.boxes |= {f"box-{n}": Box(holds="fig") for n in range(100, 130)}
    await watching.jump(seconds=50)
    async with watching.store.read() as tx:
        (line,) = await journal.of(tx, "drift:shelf")
    assert str(line.payload["text"]).endswith("; and 10 more")


async def test_adopted_once(watching: World) -> None:
    """It is accepted at once, by whom is known; whoever comes second hears who was first."""
    watching.shelf.boxes["box-1"] = Box(holds="fig")
    del watching.keys.boxes["cid"]
    await watching.jump(seconds=50)
    cory, owen = watching.actor("Cory"), watching.actor("Owen")
    said = await watching.service.ask("drift adopt", cory, watching.key())
    assert isinstance(said, Reply)
    assert await told(watching) == ["box-1 holds fig (was: pear): accepted by Cory (#1)"]
    again = await watching.service.ask("drift adopt", owen, watching.key())
    assert isinstance(again, Reply)
    assert again.title == "Already so."
    await watching.jump(minutes=3)
    assert len(watching.cards) == 4
    assert watching.shelf.writes == []


@SQLITE
async def test_two_adopt_at_once(watching: World) -> None:
    """When both saw it differ, the second one's request finds it done, and says by whom."""
    watching.shelf.boxes["box-1"] = Box(holds="fig")
    await watching.jump(seconds=50)
    (difference,) = await differences(watching)
    bound = watching.wiring.bound["baseline.accepted"]
    seen = bound.change(
        "shelf.box/box-1", await bound.read("shelf.box/box-1"), {"state": difference.change.after}
    )
    plan = Plan(title="Accept", changes=(seen,))
    for name, words in (
        ("Cory", "box-1 is accepted as it is"),
        ("Owen", "Cory was faster: #1 did this already."),
    ):
        said = await watching.service.file(plan, watching.actor(name), watching.key(), "")
        assert isinstance(said, Reply)
        assert said.blocks == (Notice(level="good", text=words),)
    async with watching.store.write() as tx:
        await baseline.put(tx, "shelf.box", "box-1", {"holds": "plum"})
    moved = seen.model_copy(update={"after": {"state": {"holds": "plum"}}, "words": "plum"})
    other = Plan(title="Accept", changes=(moved,))
    said = await watching.service.file(other, watching.actor("Owen"), watching.key(), "")
    assert isinstance(said, Reply)
    assert said.blocks == (Notice(level="good", text="plum"),)


@SQLITE
async def test_reverted_through_a_request(watching: World) -> None:
    """The way back is planned, approved and carried out; the episode says by which request."""
    watching.shelf.boxes["box-1"] = Box(holds="fig")
    await watching.jump(seconds=50)
    request = await watching.approved("drift revert")
    assert watching.shelf.holds == {"box-1": "pear"}
    assert await told(watching) == [f"box-1 holds fig (was: pear): settled by #{request.number}"]
    await watching.jump(minutes=3)
    assert (len(watching.cards), len(watching.shelf.writes)) == (2, 1)


@SQLITE
async def test_what_we_do_is_never_drift(watching: World) -> None:
    """Not while it waits, nor when it is accepted, nor with a vendor that shows it late."""
    watching.shelf.invites = True
    await watching.approved("put chest-1=gold")
    watching.shelf.boxes["chest-1/lid"] = Box(holds="lid", pending=True)
    await watching.jump(minutes=2)
    watching.shelf.accept("chest-1")
    watching.shelf.accept("chest-1/lid")
    await watching.jump(minutes=4)
    await watching.jump(minutes=2)
    del watching.shelf.boxes["chest-1/lid"], watching.shelf.boxes["chest-1"]
    assert await drift(watching) is None
    await watching.jump(minutes=1)
    assert await told(watching) == [
        "chest-1 holds nothing (was: gold)",
        "chest-1/lid holds nothing (was: lid)",
    ]


@SQLITE
async def test_a_difference_that_we_touch_stays_until_it_is_clear(watching: World) -> None:
    """While a change of ours settles, and while it cannot be seen, it is not said to be gone."""
    watching.shelf.boxes["box-1"] = Box(holds="fig")
    await watching.jump(seconds=50)
    watching.shelf.unseen = (Those(resource="shelf.box", targets="*"),)
    watching.shelf.boxes["box-1"] = Box(holds="pear")
    await watching.jump(minutes=1)
    assert await told(watching) == ["box-1 holds fig (was: pear)"]
    watching.shelf.unseen = ()
    await watching.jump(minutes=1)
    assert await told(watching) == ["box-1 holds fig (was: pear): as accepted again"]
    assert timedelta(minutes=1) >= SETTLING


@SQLITE
@pytest.mark.parametrize(("shows", "differs"), [("plum", []), ("fig", ["box-1 holds fig (was: pear)"])])
async def test_what_we_did_without_knowing_is_no_drift(
    watching: World, shows: str, differs: list[str]
) -> None:
    """What shows only after we had asked people to look was our doing; anything else was somebody else's."""
    watching.shelf.lag = 100
    await watching.approved("put box-1=plum")
    watching.shelf.boxes["box-1"] = Box(holds="pear")
    await watching.jump(minutes=2)
    assert await told(watching) == []
    watching.shelf.boxes["box-1"] = Box(holds=shows)
    await watching.jump(minutes=2)
    assert await told(watching) == differs
    watching.shelf.boxes["box-1"] = Box(holds="date")
    await watching.jump(minutes=2)
    assert (await told(watching))[-1].startswith("box-1 holds date")


@SQLITE
async def test_a_vendor_that_is_away_hides_no_other(watching: World) -> None:
    """What is away is said, with how it was; nothing there counts as deleted, and it is asked again."""
    watching.keys.boxes["dan"] = Box(holds="key")
    watching.shelf.boxes["box-1"] = Box(holds="fig")
    await watching.jump(seconds=50)
    watching.shelf.down = AWAY
    keys, shelf = await watching.drifts.watched()
    assert (keys.away, shelf.away, shelf.fresh) == ("", "The shelf is away.", False)
    assert shelf.looked_at == START + timedelta(seconds=50)
    assert [len(seen.drift.open) if seen.drift else 0 for seen in (keys, shelf)] == [1, 1]
    await watching.jump(minutes=5)
    watching.shelf.down = None
    watching.shelf.boxes["box-1"] = Box(holds="pear")
    await watching.jump(minutes=2)
    assert await told(watching) == ["box-1 holds fig (was: pear): as accepted again"]


@SQLITE
async def test_who_asks_before_anybody_looked(world: World) -> None:
    """The first look accepts what is there and says so; of one that is away nothing is known."""
    world.shelf.down = AWAY
    keys, shelf = await world.drifts.watched()
    assert (keys.fresh, shelf.fresh, shelf.away, shelf.seeded_at) == (True, False, "The shelf is away.", None)
    assert (await world.drifts.watched())[0].fresh is False


@SQLITE
async def test_without_a_watch_nobody_looks_by_itself(world: World) -> None:
    """Neither the clock nor a hint; a vendor that is no longer set up is left alone."""
    await world.jump(minutes=5)
    await hint(world, by="ann")
    await world.drifts.job({"vendor": "another"})
    async with world.store.read() as tx:
        assert await baseline.watch(tx, "shelf") is None


async def hint(world: World, *, by: str, about: str = "box-1", vendor: str = "shelf") -> None:
    """Have a vendor hint at something, and look."""
    inbox = Inbox(world.store)
    await inbox.start()
    key = f"{WEBHOOK}:{about}:{by}"
    body = Hint(vendor=vendor, key=key, event="changed", about=frozenset({about}), by=by).model_dump_json()
    await inbox.keep(key, WEBHOOK, body, world.clock())
    await inbox.close()
    await world.sweep()


async def test_a_hint_makes_it_look_at_once_and_names_who(watching: World) -> None:
    """Who is named is shown with what differs, the last one for a name; a hint alone is nothing."""
    await hint(watching, by="ann", about="box-2")
    assert await drift(watching) is None
    watching.shelf.boxes["box-1"] = Box(holds="fig")
    await hint(watching, by="bob")
    await hint(watching, by="", about="box-3")
    await hint(watching, by="cid", vendor="another")
    (difference,) = await differences(watching)
    assert (difference.by, difference.since) == ("bob", START)
    watching.shelf.boxes["box-1"] = Box(holds="plum")
    await watching.jump(hours=2)
    assert (await differences(watching))[-1].by == ""
    await hint(watching, by="eve", about="box-9")


@SQLITE
async def test_what_goes_against_a_guard_is_said(watching: World) -> None:
    """Too few who hold it, and what is protected; when the vendor does not say, it is told without."""
    watching.keys.precious = True
    del watching.keys.boxes["ann"]
    await watching.jump(seconds=50)
    del watching.keys.boxes["bob"]
    watching.keys.precious = False
    await watching.jump(minutes=1)
    del watching.keys.boxes["cid"]
    watching.keys.looks.append(AWAY)
    await watching.jump(minutes=1)
    watching.keys.boxes["dan"] = Box(holds="key")
    await watching.jump(minutes=1)
    alarms = [each.alarm for each in await differences(watching, "keys")]
    assert alarms == [
        "It touches what two owners protect: keys.",
        "Only 1 owner is left; at least 2 must stay.",
        "",
        "Only 1 owner is left; at least 2 must stay.",
    ]


async def test_two_processes_tell_once(build: Build) -> None:
    """Both look at the same moment: one episode, one number, one card."""
    first = await build()
    second = await build(peer=first)
    await seed(first.wiring, "shelf")
    first.shelf.boxes["box-1"] = Box(holds="fig")
    look = first.shelf.live

    async def both() -> Live:
        first.wiring.live["shelf"] = look  # type: ignore[index] # a dict of this test's own world
        await second.drifts.job({"vendor": "shelf"})
        return await look()

    first.wiring.live["shelf"] = both  # type: ignore[index] # the same
    await first.drifts.job({"vendor": "shelf"})
    await first.drain()
    await second.drain()
    assert [each.number for each in await differences(first)] == [1]
    assert (first.cards, second.cards) == ([1], [])


@SQLITE
async def test_it_gives_up_when_it_is_changed_all_the_time(world: World) -> None:
    """It looks some times, and comes back later."""
    looks = 0
    look = world.shelf.live

    async def moving() -> Live:
        nonlocal looks
        looks += 1
        async with world.store.write() as tx:
            await baseline.touch(tx, "shelf")
        return await look()

    world.wiring.live["shelf"] = moving  # type: ignore[index] # a dict of this test's own world
    with pytest.raises(Unavailable, match="changed all the time"):
        await seed(world.wiring, "shelf")
    assert looks == TRIES
