"""The inbox: each delivery kept once, before it is acknowledged, or its sender told."""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.store import Store, StoreUnavailable, inbox
from bot.store.inbox import ATTEMPTS, PARKED, REMEMBERED, Inbox, Kept
from tests.postgres import CUT_OFF
from tests.store.samples import NOW

SQLITE = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)


@pytest.fixture
async def box(store: Store) -> AsyncIterator[Inbox]:
    """Give an inbox that takes deliveries."""
    box = Inbox(store)
    await box.start()
    yield box
    await box.close()


async def waiting(store: Store) -> list[Kept]:
    """Return what waits."""
    async with store.read() as tx:
        return await inbox.waiting(tx, NOW + timedelta(hours=1))


async def test_a_delivery_is_kept_once(store: Store, box: Inbox) -> None:
    """The same key again is known, and the first body stays."""
    assert await box.keep("k1", "command", b"\x00\xff", NOW)
    assert not await box.keep("k1", "command", "other", NOW)
    assert await waiting(store) == [Kept(key="k1", kind="command", body=b"\x00\xff", at=NOW, attempts=0)]


async def test_text_is_kept_as_utf8(store: Store, box: Inbox) -> None:
    """A body of text comes back as bytes."""
    await box.keep("k1", "event", "né 🐍", NOW)
    assert [kept.body.decode() for kept in await waiting(store)] == ["né 🐍"]


async def test_many_deliveries_at_once_are_each_answered(store: Store, box: Inbox) -> None:
    """Of each key repeated at once, exactly one is new."""
    keys = [f"k{n % 50}" for n in range(250)]
    new = await asyncio.gather(*(box.keep(key, "event", key, NOW) for key in keys))
    assert sum(new) == 50
    assert sorted(kept.key for kept in await waiting(store)) == sorted(set(keys))


async def test_what_is_done_stays_known_and_waits_no_more(store: Store, box: Inbox) -> None:
    """A repeated delivery of finished work has no effect, until nobody repeats it any more."""
    await box.keep("k1", "event", "body", NOW)
    async with store.write() as tx:
        await inbox.done(tx, "k1")
        await inbox.prune(tx, NOW + REMEMBERED)
    assert await waiting(store) == []
    assert not await box.keep("k1", "event", "body", NOW)
    async with store.write() as tx:
        await inbox.prune(tx, NOW + REMEMBERED + timedelta(seconds=1))
    assert await box.keep("k1", "event", "body", NOW)


async def test_a_delivery_is_held_by_one(store: Store, box: Inbox) -> None:
    """Of two that claim a delivery one gets it, until its hold runs out, is prolonged or given up."""
    await box.keep("k1", "event", "body", NOW)
    soon, later = NOW + timedelta(seconds=10), NOW + timedelta(seconds=20)
    async with store.write() as tx:
        assert await inbox.claim(tx, ["k1", "k2"], NOW, soon) == {"k1"}
        assert await inbox.claim(tx, ["k1"], NOW, soon) == set()
        await inbox.hold(tx, ["k1"], later)
        assert await inbox.claim(tx, ["k1"], soon, later) == set()
        assert await inbox.claim(tx, ["k1"], later, later) == {"k1"}
        for giving_up in (inbox.release, inbox.failed):
            await giving_up(tx, "k1")
            assert await inbox.claim(tx, ["k1"], NOW, soon) == {"k1"}
        await inbox.done(tx, "k1")
        assert await inbox.claim(tx, ["k1"], later, later) == set()


async def test_what_keeps_failing_is_parked(store: Store, box: Inbox) -> None:
    """A delivery that fails five times is left aside, for a month."""
    await box.keep("k1", "event", "body", NOW)
    for attempts in range(ATTEMPTS):
        assert [kept.attempts for kept in await waiting(store)] == [attempts]
        async with store.write() as tx:
            await inbox.failed(tx, "k1")
    assert await waiting(store) == []
    async with store.write() as tx:
        await inbox.prune(tx, NOW + PARKED)
    assert not await box.keep("k1", "event", "body", NOW)
    async with store.write() as tx:
        await inbox.prune(tx, NOW + PARKED + timedelta(seconds=1))
    assert await box.keep("k1", "event", "body", NOW)


async def test_only_what_was_kept_before_a_time_is_swept(store: Store, box: Inbox) -> None:
    """The sweep leaves young deliveries to whoever just kept them; oldest first, no more than asked."""
    for n in (2, 1, 3):
        await box.keep(f"k{n}", "event", "", NOW + timedelta(seconds=n))
    async with store.read() as tx:
        assert [k.key for k in await inbox.waiting(tx, NOW + timedelta(seconds=2))] == ["k1", "k2"]
        assert [k.key for k in await inbox.waiting(tx, NOW + timedelta(seconds=9), 1)] == ["k1"]


async def test_each_frontend_sweeps_its_own_kinds(store: Store, box: Inbox) -> None:
    """Of what waits only the kinds that were asked for are returned."""
    for kind in ("event", "command", "webhook"):
        await box.keep(kind, kind, "", NOW)
    async with store.read() as tx:
        assert [k.key for k in await inbox.waiting(tx, NOW, kinds=("webhook",))] == ["webhook"]
        assert {k.key for k in await inbox.waiting(tx, NOW, 9, ("event", "command"))} == {"event", "command"}


async def test_what_waits_at_the_end_is_kept(store: Store) -> None:
    """Closing keeps what was handed in before."""
    box = Inbox(store)
    await box.start()
    keeping = [asyncio.create_task(box.keep(f"k{n}", "event", "", NOW)) for n in range(20)]
    await asyncio.sleep(0)
    await box.close()
    assert all(await asyncio.gather(*keeping))
    assert len(await waiting(store)) == 20


async def test_a_key_that_no_database_can_hold_is_refused_alone(store: Store, box: Inbox) -> None:
    """A malformed key harms nobody else's delivery."""
    outcomes = await asyncio.gather(
        box.keep("a\0b", "event", "", NOW), box.keep("k1", "event", "", NOW), return_exceptions=True
    )
    assert isinstance(outcomes[0], ValueError)
    assert outcomes[1] is True


@SQLITE
async def test_what_cannot_be_kept_in_time_is_said_and_not_kept_later(store: Store) -> None:
    """While another process holds the file, the sender is told in time, and nothing appears afterwards."""
    box = Inbox(store, limit=0.4)
    await box.start()
    await box.keep("k0", "event", "", NOW)
    other = sqlite3.connect(store.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    for n in (1, 2):
        with pytest.raises((TimeoutError, StoreUnavailable)):
            await box.keep(f"k{n}", "event", "", NOW)
    assert time.monotonic() - started < 2
    other.execute("ROLLBACK")
    other.close()
    assert await box.keep("k3", "event", "", NOW)
    assert [kept.key for kept in await waiting(store)] == ["k0", "k3"]
    await box.close()


@SQLITE
async def test_a_commit_that_comes_too_late_is_taken_back(store: Store) -> None:
    """A sender who was told "not kept" finds nothing kept, though the disk was merely slow."""
    box = Inbox(store, limit=0.4)
    await box.start()
    await box.keep("k0", "event", "", NOW)
    insert = box._writer.insert

    def slow(batch: object) -> set[str]:
        new = insert(batch)  # type: ignore[arg-type] # handed through
        time.sleep(0.6)
        return new

    box._writer.insert = slow  # type: ignore[method-assign] # a disk that is slow to confirm
    with pytest.raises(TimeoutError):
        await box.keep("k1", "event", "", NOW)
    await asyncio.sleep(0.4)
    assert [kept.key for kept in await waiting(store)] == ["k0"]
    await box.close()


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
async def test_a_lost_connection_is_opened_anew(store: Store, box: Inbox) -> None:
    """When the server cut us off, the next delivery is kept all the same."""
    await box.keep("k1", "event", "", NOW)
    async with store.write() as tx:
        await tx.execute(text(CUT_OFF))
    assert await box.keep("k2", "event", "", NOW)
    assert [kept.key for kept in await waiting(store)] == ["k1", "k2"]


async def test_without_a_database_the_sender_is_told(store: Store) -> None:
    """A table that is gone is told as "away"; the inbox lives on."""
    box = Inbox(store)
    await box.start()
    async with store.write() as tx:
        await tx.execute(text("ALTER TABLE inbox RENAME TO elsewhere"))
    with pytest.raises(StoreUnavailable):
        await box.keep("k1", "event", "", NOW)
    async with store.write() as tx:
        await tx.execute(text("ALTER TABLE elsewhere RENAME TO inbox"))
    assert await box.keep("k1", "event", "", NOW)
    await box.close()


async def test_keeping_is_quick(store: Store, box: Inbox, figure: Callable[[str], None]) -> None:
    """At one client the median is a commit and little more."""
    took = []
    for n in range(200):
        started = time.perf_counter()
        await box.keep(f"k{n}", "command", b"x" * 1000, NOW)
        took.append(time.perf_counter() - started)
    figure(f"inbox on {store.dialect}: {statistics.median(took) * 1000:.2f} ms at the median, one client")
    assert statistics.median(took) < 0.1
