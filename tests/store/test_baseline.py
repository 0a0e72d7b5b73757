"""The baseline, what is remembered of looking, and episodes of drift."""

import asyncio
from datetime import timedelta

from bot.core.baseline import Live, Watch
from bot.core.change import Change
from bot.core.drift import Difference, Drift
from bot.store import Store, baseline
from tests.store.samples import NOW

WATCH = Watch(vendor="shelf", due_at=NOW)
CHANGE = Change(resource="shelf.box", target="Box-1", before=None, after={"holds": "pear"})


async def test_a_target_is_one_whatever_its_case(store: Store) -> None:
    """What is accepted replaces what was, and another vendor's rows are its own."""
    live = Live(states={("shelf.box", f"Box-{n}"): {"holds": "pear"} for n in range(600)})
    async with store.write() as tx:
        await baseline.put(tx, "shelf.box", "box-1", {"holds": "fig"}, NOW)
        await baseline.put(tx, "shelf_of.others", "box-1", None)
        await baseline.seed(tx, live)
    async with store.read() as tx:
        kept = {row.target: row for row in await baseline.everything(tx, "shelf")}
        assert len(kept) == 600
        assert kept["Box-1"].state == {"holds": "pear"}
        assert await baseline.get(tx, "shelf.box", "BOX-1") == {"holds": "pear"}
        assert await baseline.get(tx, "shelf.box", "box-700") is None


async def test_what_is_going_on_at_a_target(store: Store) -> None:
    """It is noted beside what was accepted, and goes with an outcome; what is absent is forgotten later."""
    async with store.write() as tx:
        await baseline.put(tx, "shelf.box", "box-1", {"holds": "fig"})
        await baseline.going(tx, {("shelf.box", "box-1"): None})
        await baseline.going(tx, {("shelf.box", "box-2"): {"holds": "pear"}})
        first, second = sorted(await baseline.everything(tx, "shelf"), key=lambda row: row.target)
        assert (first.state, first.going) == ({"holds": "fig"}, {"after": None})
        assert (second.state, second.going) == (None, {"after": {"holds": "pear"}})
        await baseline.came_to_nothing(tx, "shelf.box", "box-1")
        await baseline.put(tx, "shelf.box", "box-2", None, NOW)
        await baseline.prune(tx, NOW)
        assert [row.target for row in await baseline.everything(tx, "shelf") if not row.going] == [
            "box-1",
            "box-2",
        ]
        await baseline.prune(tx, NOW + timedelta(seconds=1))
        assert [row.target for row in await baseline.everything(tx, "shelf")] == ["box-1"]


async def test_a_watch_is_begun_once_and_counts_changes(store: Store) -> None:
    """Nothing is counted where nobody looks; of many who count at once each counts."""
    async with store.write() as tx:
        assert not await baseline.touch(tx, "shelf")
        assert await baseline.watch(tx, "shelf") is None
        await baseline.begin(tx, WATCH)
        await baseline.remember(tx, WATCH.model_copy(update={"looked_at": NOW}))
        await baseline.begin(tx, WATCH)

    async def touch() -> None:
        async with store.write() as tx:
            assert await baseline.touch(tx, "shelf")

    await asyncio.gather(*(touch() for _ in range(4)))
    async with store.write() as tx:
        watch = await baseline.lock(tx, "shelf")
    assert watch == WATCH.model_copy(update={"looked_at": NOW, "version": 4})


async def test_episodes_of_drift(store: Store) -> None:
    """The newest comes unless one is named."""
    difference = Difference(number=1, change=CHANGE, since=NOW)
    first = Drift(vendor="shelf", episode=1, since=NOW, differences=(difference,))
    second = first.model_copy(update={"episode": 2})
    async with store.write() as tx:
        assert await baseline.drift(tx, "shelf") is None
        for found in (first, second, second.settle({1: "put back"}, NOW)):
            await baseline.put_drift(tx, found)
        newest = await baseline.drift(tx, "shelf")
        assert newest is not None
        assert (newest.episode, newest.seq, newest.open) == (2, 1, ())
        assert await baseline.drift(tx, "shelf", 1) == first
        assert await baseline.drift(tx, "other") is None
