"""Who runs the jobs when a worker comes and goes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import turns
from bot.core.values import Json
from bot.store import Store
from bot.store.jobs import EmbeddedJobs

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Give an empty database."""
    store = await Store.open(f"sqlite:///{tmp_path}/infra.db")
    await store.migrate()
    yield store
    await store.close()


async def test_jobs_are_left_to_a_worker_for_as_long_as_there_is_one(store: Store) -> None:
    """What is asked for while a worker shows itself waits here, and is done once it is silent."""
    clock, done, failed = [NOON], asyncio.Event(), list[str]()
    jobs = EmbeddedJobs(store, lambda: clock[0], lambda key, _error: failed.append(key))

    async def handle(_payload: Json) -> None:
        done.set()

    async def asked(key: str) -> None:
        async with store.write() as tx:
            await jobs.enqueue(tx, key, "work", {}, NOON)

    stop = asyncio.Event()
    serving = asyncio.create_task(turns.without_worker(jobs, store, lambda: clock[0], {"work": handle}, stop))
    await asked("before")
    await asyncio.wait_for(done.wait(), 30)
    done.clear()
    with capture_logs() as said:
        async with turns.on_duty(store, lambda: clock[0]), asyncio.timeout(30):
            while "jobs are left to the worker" not in [line["event"] for line in said]:
                assert not serving.done()
                await asyncio.sleep(0.05)
        await asked("meanwhile")
        assert not done.is_set()
    clock[0] += timedelta(seconds=turns.SILENT)
    await asyncio.wait_for(done.wait(), 30)
    stop.set()
    await serving
    assert failed == []
