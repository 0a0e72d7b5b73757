"""PostgreSQL goes away and comes back: nobody crashes, nothing is lost, everything goes on."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.core.values import Json
from bot.store import Store, StoreUnavailable, inbox, requests
from bot.store.inbox import Inbox
from bot.store.jobs import Later
from tests.postgres import Cluster, cluster
from tests.require import require
from tests.store.samples import NOW
from tests.store.test_jobs import Notes, Runner, clock, none_left, until


@pytest.fixture
def server() -> Iterator[Cluster]:
    """Give a server of one test's own."""
    with cluster(require("postgresql"), durable=True) as server:
        yield server


@pytest.fixture
async def store(server: Cluster) -> AsyncIterator[Store]:
    """Give a migrated store on that server."""
    store = await Store.open(server.url())
    await store.migrate()
    yield store
    await store.close()


async def test_transactions_and_deliveries_are_told_and_go_on(server: Cluster, store: Store) -> None:
    """While it is away each one is told; afterwards the same store and inbox work."""
    box = Inbox(store)
    await box.start()
    assert await box.keep("k1", "event", "", NOW)
    server.stop()
    with pytest.raises(StoreUnavailable):
        async with store.write() as tx:
            await requests.next_number(tx)
    with pytest.raises((StoreUnavailable, TimeoutError)):
        await box.keep("k2", "event", "", NOW)
    server.start()
    assert await box.keep("k3", "event", "", NOW)
    async with store.write() as tx:
        assert await requests.next_number(tx) == 1
        assert [kept.key for kept in await inbox.waiting(tx, NOW)] == ["k1", "k3"]
    await box.close()


async def test_jobs_go_on_when_it_is_back(server: Cluster, store: Store) -> None:
    """What waited runs; what ran meanwhile and wanted to run again does; nothing is left."""
    runner, notes, runs = Runner(store), Notes(), list[float]()
    begun, back = asyncio.Event(), asyncio.Event()

    async def handler(_payload: Json) -> None:
        runs.append(time.monotonic())
        if len(runs) == 1:
            begun.set()
            await back.wait()
            raise Later(clock())

    await runner.enqueue("k1", kind="wait")
    async with runner.running(note=notes, wait=handler):
        await begun.wait()
        server.stop()
        back.set()
        await asyncio.sleep(3)
        server.start()
        await runner.enqueue("k2")
        await until(lambda: len(runs) == 2 and len(notes.payloads) == 1, seconds=30)
        await none_left(store)
    assert "jobs" in {key for key, _ in runner.failures}


async def test_a_stop_ends_while_it_is_away(server: Cluster, store: Store) -> None:
    """Stopping does not wait for the database."""
    runner = Runner(store, grace=0.5)
    async with runner.running(note=Notes()) as stop:
        await asyncio.sleep(1)
        server.stop()
        await asyncio.sleep(2)
        started = time.monotonic()
        stop.set()
    assert time.monotonic() - started < 15
