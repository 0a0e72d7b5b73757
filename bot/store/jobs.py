"""Jobs: short, idempotent work that rows ask for; the rows are the truth."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any, Protocol, TypeAlias

from sqlalchemy import Row, case, delete, literal, select, update

from bot.core.values import Json
from bot.store import Transaction
from bot.store.database import Store
from bot.store.errors import StoreUnavailable
from bot.store.tables import JOBS, Instant, insert_new

CONCURRENCY = 4
GLANCE = 1.0  # seconds between two looks for what other processes asked for
GRACE = 25.0  # seconds that running jobs get to finish at a stop
LONGEST_BACKOFF = timedelta(minutes=5)

Handler: TypeAlias = Callable[[Json], Awaitable[None]]
Failed: TypeAlias = Callable[[str, Exception], None]  # told the key of the job and what it raised
Clock: TypeAlias = Callable[[], datetime]
_Job: TypeAlias = Row[Any]


class Later(Exception):  # noqa: N818 # no error: a job says when it is to run again
    """Raised by a handler that wants to run again at a time."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"again at {at}")
        self.at = at


class Jobs(Protocol):
    """What every engine of jobs can do."""

    async def enqueue(self, tx: Transaction, key: str, kind: str, payload: Json, run_at: datetime) -> None:
        """Ask for a job once *tx* commits; nothing new happens while *key* waits already."""

    async def run(self, handlers: Mapping[str, Handler], stop: asyncio.Event) -> None:
        """Run jobs of the kinds in *handlers* until *stop*; those that run then get time to finish."""

    def wake(self) -> None:
        """Look for jobs now."""


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after failing for the *attempts*-th time: 1 s, 2 s, 4 s … 5 min."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 20)), LONGEST_BACKOFF)


class EmbeddedJobs:
    """Jobs on SQLite: a table, run by the one process that holds a lock on a file beside the database."""

    def __init__(self, store: Store, clock: Clock, failed: Failed, grace: float = GRACE) -> None:
        self._store, self._clock, self._failed, self._grace = store, clock, failed, grace
        self._news = asyncio.Event()
        self._asked = False
        self._sure = False  # whether each job marked as running is one of ours that runs
        store.committed.append(self._wake_if_asked)

    async def enqueue(self, tx: Transaction, key: str, kind: str, payload: Json, run_at: datetime) -> None:
        """Ask for a job once *tx* commits; nothing new happens while *key* waits already."""
        new = {
            "key": key,
            "kind": kind,
            "payload": payload,
            "run_at": run_at,
            "state": "waiting",
            "attempts": 0,
        }
        self._asked = await insert_new(tx, JOBS, new) or self._asked

    def wake(self) -> None:
        """Look for jobs now."""
        self._news.set()

    def _wake_if_asked(self) -> None:
        if self._asked:
            self._asked = False
            self.wake()

    async def run(self, handlers: Mapping[str, Handler], stop: asyncio.Event) -> None:
        """Run jobs of the kinds in *handlers* until *stop*; those that run then get time to finish."""
        with open(f"{self._store.file}.jobs", "w") as file:  # noqa: ASYNC230 # a local file, once
            while not _locked(file) and not stop.is_set():
                await pause(stop)
            if not stop.is_set():
                await self._run(handlers, stop)

    async def _run(self, handlers: Mapping[str, Handler], stop: asyncio.Event) -> None:
        running: dict[asyncio.Task[None], str] = {}
        stopped = asyncio.create_task(stop.wait())
        stopped.add_done_callback(lambda _: self.wake())
        grace = 0.0
        self._sure = False
        try:
            while not stop.is_set():
                self._news.clear()
                for job in await self._claim(handlers, running.values()):
                    task = asyncio.create_task(self._work(job, handlers[job.kind]), name=job.key)
                    running[task] = job.key
                    task.add_done_callback(running.pop)
                    task.add_done_callback(lambda _: self.wake())
                await pause(self._news)
            grace = self._grace
        finally:
            stopped.cancel()
            await _finish(list(running), grace)

    async def _claim(self, kinds: Collection[str], busy: Collection[str]) -> Sequence[_Job]:
        """Mark due jobs as running and return them; none of a key that runs already."""
        free = (JOBS.c.state == "waiting") & JOBS.c.kind.in_(kinds) & JOBS.c.key.not_in(busy)
        query = select(JOBS.c.id).where(free, JOBS.c.run_at <= self._clock()).order_by(JOBS.c.run_at)
        try:
            if not self._sure:
                async with self._store.write() as tx:
                    await _resume(tx, busy)
                self._sure = True
            async with self._store.read() as tx:
                ids = list(await tx.scalars(query.limit(CONCURRENCY - len(busy))))
            if not ids:
                return ()
            async with self._store.write() as tx:
                ours = JOBS.c.id.in_(ids) & (JOBS.c.state == "waiting")
                claimed = update(JOBS).where(ours).values(state="running").returning(JOBS)
                jobs: Sequence[_Job] = (await tx.execute(claimed)).all()
                return jobs
        except StoreUnavailable as error:
            self._failed("jobs", error)
            self._sure = False
            return ()

    async def _work(self, job: _Job, handler: Handler) -> None:
        try:
            await handler(job.payload)
        except Later as later:
            end = partial(_again, job=job, at=later.at, attempts=0)
        except Exception as error:  # noqa: BLE001 # whatever a job raises, it is told and tried again
            self._failed(job.key, error)
            attempts = job.attempts + 1
            end = partial(_again, job=job, at=self._clock() + backoff(attempts), attempts=attempts)
        else:
            end = partial(_remove, job=job)
        await insist(self._store, end, self._failed)


def jobs_of(store: Store, clock: Clock, failed: Failed, grace: float = GRACE) -> Jobs:
    """Return the engine that fits the database of *store*."""
    if store.dialect == "sqlite":
        return EmbeddedJobs(store, clock, failed, grace)
    from bot.store.procrastinate import ProcrastinateJobs

    return ProcrastinateJobs(store, clock, failed, grace)


async def insist(store: Store, change: Callable[[Transaction], Awaitable[object]], failed: Failed) -> None:
    """Make *change* in a transaction, however long the database is away."""
    while True:
        try:
            async with store.write() as tx:
                await change(tx)
                return
        except StoreUnavailable as error:
            failed("jobs", error)
            await asyncio.sleep(GLANCE)


async def pause(news: asyncio.Event) -> None:
    """Wait for *news*, but not for long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GLANCE):
            await news.wait()


async def _resume(tx: Transaction, busy: Collection[str] = ()) -> None:
    """Let jobs wait again that nobody runs: their process is gone, or our claim was lost.

    Where a key waits for later already, that one's time is now: what was cut off is due.
    """
    running = (JOBS.c.state == "running") & JOBS.c.key.not_in(busy)
    for lost in (await tx.execute(select(JOBS).where(running))).all():
        await _again(tx, job=lost, at=lost.run_at, attempts=lost.attempts)


async def _again(tx: Transaction, *, job: _Job, at: datetime, attempts: int) -> None:
    """Let *job* wait until *at*; when its key waits again already, that one takes over."""
    sooner = case((JOBS.c.run_at < at, JOBS.c.run_at), else_=literal(at, Instant()))
    waiting = (JOBS.c.key == job.key) & (JOBS.c.state == "waiting")
    if (await tx.execute(update(JOBS).where(waiting).values(run_at=sooner, attempts=attempts))).rowcount:
        await _remove(tx, job=job)
    else:
        again = update(JOBS).where(JOBS.c.id == job.id)
        await tx.execute(again.values(state="waiting", run_at=at, attempts=attempts))


async def _remove(tx: Transaction, *, job: _Job) -> None:
    await tx.execute(delete(JOBS).where(JOBS.c.id == job.id))


def _locked(file: IO[str]) -> bool:
    """Return whether the lock is ours now; it goes with the process."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _finish(tasks: Collection[asyncio.Task[None]], grace: float) -> None:
    """Give *tasks* time to finish, then cancel them: their jobs are resumed by the next process."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=grace)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
