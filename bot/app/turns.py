"""Who runs the jobs: workers while there are any, else the processes that serve."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from bot.store import Store, StoreUnavailable, presence
from bot.store.jobs import Clock, Handler, Jobs, pause

BEAT = 2.0  # seconds between two signs of life of a worker
SILENT = 6.0  # seconds without one after which whoever serves runs the jobs again

log = structlog.get_logger()


@asynccontextmanager
async def on_duty(store: Store, clock: Clock) -> AsyncIterator[None]:
    """Show, as a worker, that processes which serve need not run the jobs."""

    async def signs() -> None:
        while True:
            try:
                async with store.write() as tx:
                    await presence.seen(tx, clock(), presence.WORKER)
            except StoreUnavailable as away:
                log.warning("not noted that a worker is there", why=away.message)
            await asyncio.sleep(BEAT)

    showing = asyncio.create_task(signs(), name="worker's signs")
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def without_worker(
    jobs: Jobs, store: Store, clock: Clock, handlers: Mapping[str, Handler], stop: asyncio.Event
) -> None:
    """Run jobs until *stop*, but not while a worker does; what runs when one comes is finished first."""
    while not stop.is_set():
        log.info("jobs are run here")
        leave = asyncio.Event()
        running = asyncio.create_task(jobs.run(handlers, leave))
        while not stop.is_set() and not await _worker(store, clock, otherwise=False):
            await pause(stop)
        leave.set()
        await running
        if not stop.is_set():
            log.info("jobs are left to the worker")
        while not stop.is_set() and await _worker(store, clock, otherwise=True):
            await pause(stop)


async def _worker(store: Store, clock: Clock, *, otherwise: bool) -> bool:
    """Return whether a worker gave a sign of life lately; *otherwise* while the database is away."""
    try:
        async with store.read() as tx:
            at = await presence.last(tx, presence.WORKER)
    except StoreUnavailable:
        return otherwise
    return at is not None and (clock() - at).total_seconds() < SILENT
