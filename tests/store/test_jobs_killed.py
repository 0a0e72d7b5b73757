"""Jobs outlive the process that ran them: killed, frozen, thawed."""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.store import Store
from tests.store.test_jobs import FAR, Notes, Runner, clock, left, until


@asynccontextmanager
async def worker(url: str) -> AsyncIterator[Process]:
    """Run another process's jobs during the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.store.worker", url, stdout=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def said(process: Process, line: str) -> None:
    """Return once *process* says *line* next."""
    assert process.stdout
    async with asyncio.timeout(30):
        assert (await process.stdout.readline()).decode().strip() == line


async def test_a_killed_process_loses_no_job(
    store: Store, migrated_url: str, figure: Callable[[str], None]
) -> None:
    """After kill -9 in the middle of a job, another process begins it again within ten seconds."""
    runner, notes = Runner(store), Notes()
    async with worker(migrated_url) as process:
        await runner.enqueue("k1", kind="hang", name="k1")
        await said(process, "begin k1")
        async with runner.running(hang=notes):
            process.kill()
            killed = time.monotonic()
            await until(lambda: len(notes.payloads) == 1, seconds=15)
            took = time.monotonic() - killed
    figure(f"job of a killed process on {store.dialect}: handed on after {took:.1f} s")
    assert took < 10
    assert notes.payloads == [{"name": "k1"}]
    assert await left(store) == 0


async def test_a_killed_job_that_was_asked_for_again_for_later_is_resumed_now(
    store: Store, migrated_url: str
) -> None:
    """Whatever waits for its key until later, nobody has to wait as long for what was cut off."""
    runner, notes = Runner(store), Notes()
    async with worker(migrated_url) as process:
        await runner.enqueue("k1", kind="hang", name="k1")
        await said(process, "begin k1")
        await runner.enqueue("k1", kind="hang", run_at=clock() + FAR, name="k1")
        async with runner.running(hang=notes):
            process.kill()
            await until(lambda: len(notes.payloads) == 1, seconds=15)
    assert await left(store) == 0


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
async def test_a_frozen_process_is_replaced_and_harmless_when_it_thaws(
    store: Store, migrated_url: str, figure: Callable[[str], None]
) -> None:
    """Its job is handed on within ten seconds; thawed, it ends what it had and goes on with other jobs."""
    runner, notes = Runner(store), Notes()
    async with worker(migrated_url) as process:
        await runner.enqueue("k1", kind="hang", name="k1", seconds="1")
        await said(process, "begin k1")
        process.send_signal(signal.SIGSTOP)
        frozen = time.monotonic()
        async with runner.running(hang=notes):
            await until(lambda: len(notes.payloads) == 1, seconds=15)
        took = time.monotonic() - frozen
        process.send_signal(signal.SIGCONT)
        await said(process, "end k1")
        await runner.enqueue("k2", kind="note", name="k2")
        await said(process, "note k2")
        await asyncio.sleep(0.3)
    figure(f"job of a frozen process on {store.dialect}: handed on after {took:.1f} s")
    assert took < 10
    assert await left(store) == 0
