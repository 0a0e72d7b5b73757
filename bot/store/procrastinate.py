"""Jobs on PostgreSQL: procrastinate's tables and its worker, in any number of processes.

Rows are written by statements of ours, in the caller's transaction and without
an error that would spoil it. Kind is queue and task, key is lock and queueing
lock. No job ever fails in procrastinate's eyes: what is to run again is a new row.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime

import psycopg
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text

from bot.core.values import Json, canonical
from bot.store import Transaction
from bot.store.database import POSTGRESQL_CONNECT, POSTGRESQL_OPTIONS, Store
from bot.store.errors import StoreUnavailable
from bot.store.jobs import (
    CONCURRENCY,
    GLANCE,
    GRACE,
    Clock,
    Failed,
    Handler,
    Later,
    backoff,
    insist,
    pause,
)

BEAT = 2.0  # seconds between two signs of life
SILENT = 6.0  # seconds without one after which a worker's jobs are handed on
NEVER = 86_400.0  # seconds: procrastinate's own heartbeat ends at the first error, unnoticed

_NEW = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, scheduled_at)
    VALUES (:kind, :kind, :key, :key, CAST(:args AS jsonb), clock_timestamp() + make_interval(secs => :wait))
    ON CONFLICT (queueing_lock) WHERE status = 'todo'
"""
ENQUEUE = text(f"{_NEW} DO NOTHING")
AGAIN = text(f"""{_NEW} DO UPDATE SET
    args = excluded.args, scheduled_at = least(procrastinate_jobs.scheduled_at, excluded.scheduled_at)
""")
# A new row, so that a worker that thaws cannot finish the job its peer holds now.
HAND_ON = text("""
    WITH silent AS (
        SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => :silent)
    ), gone AS (
        DELETE FROM procrastinate_jobs
        WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (SELECT id FROM silent))
        RETURNING queue_name, task_name, lock, queueing_lock, args
    )
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, scheduled_at)
    SELECT *, now() FROM gone
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET
        scheduled_at = least(procrastinate_jobs.scheduled_at, excluded.scheduled_at)
""")
FORGET = text("DELETE FROM procrastinate_jobs WHERE id = ANY(:ended) AND status = 'doing'")


class ProcrastinateJobs:
    """Jobs on PostgreSQL."""

    def __init__(self, store: Store, clock: Clock, failed: Failed, grace: float = GRACE) -> None:
        self._store, self._clock, self._failed, self._grace = store, clock, failed, grace
        self._ended: list[int] = []

    async def enqueue(self, tx: Transaction, key: str, kind: str, payload: Json, run_at: datetime) -> None:
        """Ask for a job once *tx* commits; nothing new happens while *key* waits already."""
        await tx.execute(ENQUEUE, self._row(key, kind, payload, run_at, attempts=0))

    def wake(self) -> None:
        """Do nothing: PostgreSQL notifies."""

    async def run(self, handlers: Mapping[str, Handler], stop: asyncio.Event) -> None:
        """Run jobs of the kinds in *handlers* until *stop*; those that run then get time to finish."""
        sweeping = asyncio.create_task(self._sweep())
        try:
            while not stop.is_set():
                try:
                    await self._run(handlers, stop)
                except (ConnectorException, psycopg.Error) as error:
                    self._failed("jobs", error)
                    await pause(stop)
        finally:
            sweeping.cancel()

    async def _run(self, handlers: Mapping[str, Handler], stop: asyncio.Event) -> None:
        app = App(connector=PsycopgConnector())
        for kind, handler in handlers.items():
            app.task(name=kind, queue=kind, pass_context=True)(self._task(kind, handler))
        worker = Worker(
            app,
            queues=list(handlers),
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=GLANCE,
            shutdown_graceful_timeout=self._grace,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=NEVER,
        )
        async with self._pool() as pool, app.open_async(pool):
            beside = [
                asyncio.create_task(self._beat(worker)),
                asyncio.create_task(_stop_with(stop, worker)),
            ]
            try:
                await worker.run()  # type: ignore[no-untyped-call] # untyped there
            finally:
                for task in beside:
                    task.cancel()

    def _pool(self) -> AsyncConnectionPool:
        """Return two connections; the worker listens on a third."""
        return AsyncConnectionPool(
            self._store.url.render_as_string(hide_password=False),
            kwargs=POSTGRESQL_CONNECT | {"options": POSTGRESQL_OPTIONS},
            configure=_commit_at_once,
            min_size=1,
            max_size=2,
            timeout=5,
            open=False,
            check=AsyncConnectionPool.check_connection,
        )

    def _task(self, kind: str, handler: Handler) -> Callable[..., Awaitable[None]]:
        async def work(context: JobContext, key: str, payload: str, attempts: int) -> None:
            content: Json = json.loads(payload)
            try:
                await self._attempt(key, kind, content, attempts, handler)
            except asyncio.CancelledError:  # out of time: whoever comes next goes on
                now = self._row(key, kind, content, self._clock(), attempts)
                with suppress(StoreUnavailable):
                    async with self._store.write() as tx:
                        await tx.execute(AGAIN, now)
                raise
            finally:
                self._ended += filter(None, [context.job.id])

        return work

    async def _attempt(self, key: str, kind: str, payload: Json, attempts: int, handler: Handler) -> None:
        try:
            await handler(payload)
        except Later as later:
            again = self._row(key, kind, payload, later.at, attempts=0)
        except Exception as error:  # noqa: BLE001 # whatever a job raises, it is told and tried again
            self._failed(key, error)
            at = self._clock() + backoff(attempts + 1)
            again = self._row(key, kind, payload, at, attempts + 1)
        else:
            return
        await insist(self._store, lambda tx: tx.execute(AGAIN, again), self._failed)

    def _row(self, key: str, kind: str, payload: Json, at: datetime, attempts: int) -> dict[str, object]:
        args = canonical({"key": key, "payload": canonical(payload).decode(), "attempts": attempts})
        wait = max(0.0, (at - self._clock()).total_seconds())
        return {"key": key, "kind": kind, "args": args.decode(), "wait": wait}

    async def _beat(self, worker: Worker) -> None:
        """Give signs of life, whatever happens to one of them."""
        while True:
            await asyncio.sleep(BEAT)
            if worker.worker_id is not None:
                with suppress(ConnectorException):
                    await worker.app.job_manager.update_heartbeat(worker.worker_id)

    async def _sweep(self) -> None:
        """Hand on what silent workers hold, and forget jobs that ended without procrastinate's noting it."""
        ended: list[int] = []
        while True:
            try:
                async with self._store.write() as tx:
                    await tx.execute(HAND_ON, {"silent": SILENT})
                    if ended:
                        await tx.execute(FORGET, {"ended": ended})
                ended, self._ended = self._ended, []
            except StoreUnavailable as error:
                self._failed("jobs", error)
            await asyncio.sleep(BEAT)


async def _stop_with(stop: asyncio.Event, worker: Worker) -> None:
    await stop.wait()
    worker.stop()  # type: ignore[no-untyped-call] # untyped there


async def _commit_at_once(connection: psycopg.AsyncConnection) -> None:
    """Let each statement commit by itself: whoever freezes between two of them holds no job's row."""
    await connection.set_autocommit(True)
