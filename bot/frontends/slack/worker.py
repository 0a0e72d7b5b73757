"""Working on deliveries: at once when they come, again when that was cut off."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from math import inf
from time import monotonic
from typing import get_args

import structlog

from bot.frontends.slack.delivery import Delivery, Kind
from bot.frontends.slack.desk import Desk
from bot.frontends.slack.outgoing import SlackAway, SlackRefused
from bot.store import Store, StoreUnavailable, Transaction, inbox
from bot.store.jobs import Later

SWEEP_SECONDS = 3.0
LEFT_ALONE = timedelta(seconds=6)  # so that with a sweep others go on within ten
GRACE = 20.0  # seconds that deliveries get at a stop, while jobs get 25: Heroku kills after 30
CONCURRENCY = 32
LULL_SECONDS = 0.25  # that a command waits at most for a lull
SETTLED_SECONDS = 0.01  # without an arrival that make a lull
FIRST_BACKOFF = 5.0
LONGEST_BACKOFF = 300.0
STALE = timedelta(days=1)
_LOOKING = {"command", "event"}  # these may wait for vendors; a press must not wait for them

log = structlog.get_logger()


class Worker:
    """Gives each kept delivery to the desk until it is done; what keeps breaking is parked by the inbox."""

    def __init__(self, store: Store, desk: Desk, clock: Callable[[], datetime], grace: float = GRACE) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._grace = grace
        self._queue: dict[str, Delivery] = {}  # by key, in the order they came
        self._running: dict[str, asyncio.Task[None]] = {}
        self._working: set[str] = set()  # what queues or runs: no other process takes it up
        self._holding: set[str] = set()  # what the database says that we work on
        self._free = asyncio.Semaphore(CONCURRENCY)
        self._door: asyncio.Task[None] | None = None
        self._arriving = self._arrived = 0
        self._later: dict[str, tuple[float, float]] = {}  # the key: until when, and how long that was
        self._sweeping: asyncio.Task[None] | None = None
        self._until = inf

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Mark that a delivery is being kept: work lets it go first."""
        self._arriving += 1
        self._arrived += 1
        try:
            yield
        finally:
            self._arriving -= 1

    def start(self) -> None:
        """Begin to sweep."""
        self._sweeping = asyncio.create_task(self._sweep_on(), name="slack deliveries")

    async def close(self) -> None:
        """Stop sweeping; let what runs finish, for a while."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeping
        await self.finish()
        late = self.unfinished
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def finish(self) -> None:
        """Let what queues or runs finish, for a while that begins when this is first called."""
        self._until = min(self._until, monotonic() + self._grace)
        while (left := self._until - monotonic()) > 0 and (tasks := self.unfinished):
            await asyncio.wait(tasks, timeout=left)

    @property
    def unfinished(self) -> list[asyncio.Task[None]]:
        """Return what begins or works on deliveries now."""
        door = [self._door] if self._door is not None and not self._door.done() else []
        return [*door, *self._running.values()]

    def take(self, delivery: Delivery) -> None:
        """Work on a delivery now, beside others; on one that may wait for vendors when there is room."""
        if delivery.key in self._queue or delivery.key in self._running:
            return
        self._working.add(delivery.key)
        if delivery.kind not in _LOOKING:
            self._begin(delivery)
            return
        self._queue[delivery.key] = delivery
        if self._door is None or self._door.done():
            self._door = asyncio.create_task(self._let_in(), name="slack queue")

    async def _let_in(self) -> None:
        """Begin what queues, one by one, as there is room and a lull."""
        while self._queue:
            await self._free.acquire()
            await self._lull()
            delivery = self._queue.pop(next(iter(self._queue)))
            self._begin(delivery).add_done_callback(lambda _: self._free.release())

    def _begin(self, delivery: Delivery) -> asyncio.Task[None]:
        task = asyncio.create_task(self._work(delivery), name=delivery.key)
        self._running[delivery.key] = task
        task.add_done_callback(lambda _: self._ended(delivery.key))
        return task

    def _ended(self, key: str) -> None:
        self._running.pop(key, None)
        self._holding.discard(key)

    async def sweep(self) -> None:
        """Keep other processes from what is worked on here; take up what waits for longer than it should."""
        now = self._clock()
        async with self._store.read() as tx:
            waiting = await inbox.waiting(tx, now - LEFT_ALONE, 100, get_args(Kind))
        ours = self._queue.keys() | self._running.keys()
        left = {kept.key: kept for kept in waiting if kept.key not in ours and self._due(kept.key)}
        if not (self._working or left):
            return
        async with self._store.write() as tx:
            self._holding |= self._working
            await inbox.hold(tx, self._working, now + LEFT_ALONE)
            taken = await inbox.claim(tx, left, now, now + LEFT_ALONE)
        self._holding |= taken
        for kept in left.values():
            if kept.key in taken:
                self.take(Delivery.of(kept))

    def _due(self, key: str) -> bool:
        """Return whether a delivery is not one to be tried again later."""
        return self._later.get(key, (0.0, 0.0))[0] <= monotonic()

    async def _sweep_on(self) -> None:
        while True:
            try:
                await self.sweep()
            except StoreUnavailable:
                log.warning("deliveries not swept", why="the database is away")
            await asyncio.sleep(SWEEP_SECONDS)

    async def _work(self, delivery: Delivery) -> None:
        """Work on a delivery and note what came of it."""
        try:
            try:
                await self._desk.work(delivery)
            finally:
                self._working.discard(delivery.key)
        except (SlackAway, StoreUnavailable, Later) as away:
            await self._put_off(delivery, away)
        except SlackRefused as refused:
            log.warning("cannot answer", delivery=delivery.key, why=refused.code)
            with suppress(SlackAway, SlackRefused):
                await self._desk.regret(delivery, refused)
            await self._note(delivery, inbox.done)
        except Exception:  # noqa: BLE001 - the one broad catch here: a bug is logged, told and counted
            await self._broke(delivery)
        else:
            await self._note(delivery, inbox.done)

    async def _lull(self) -> None:
        """Let acknowledgements go first, for a moment: Slack waits three seconds for them, people longer.

        In a flood that never lulls, commands are let in one by one: what is kept can wait.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(LULL_SECONDS):
                arrived = 0
                while self._arriving or arrived != self._arrived:
                    arrived = self._arrived
                    await asyncio.sleep(SETTLED_SECONDS)

    async def _put_off(self, delivery: Delivery, away: Exception) -> None:
        """Leave a delivery waiting for a while: for a day it is tried again, then a few times more."""
        before = self._later.get(delivery.key, (0.0, FIRST_BACKOFF / 2))[1]
        seconds = min(2 * before, LONGEST_BACKOFF)
        self._later[delivery.key] = (monotonic() + seconds, seconds)
        log.info("tried again later", delivery=delivery.key, why=str(away), seconds=seconds)
        stale = self._clock() - delivery.at > STALE
        if not stale and delivery.key not in self._holding:
            return
        note = inbox.failed if stale else inbox.release
        with suppress(StoreUnavailable):  # then its hold runs out
            async with self._store.write() as tx:
                await note(tx, delivery.key)

    async def _broke(self, delivery: Delivery) -> None:
        """Log a bug under a reference, tell the person the first time, and count the attempt."""
        reference = secrets.token_hex(3)
        log.exception("a delivery broke", reference=reference, delivery=delivery.key)
        if not delivery.attempts:
            with suppress(SlackAway, SlackRefused):
                await self._desk.apologise(delivery, reference)
        await self._note(delivery, inbox.failed)

    async def _note(self, delivery: Delivery, note: Callable[[Transaction, str], Awaitable[None]]) -> None:
        self._later.pop(delivery.key, None)
        try:
            async with self._store.write() as tx:
                await note(tx, delivery.key)
        except StoreUnavailable as away:  # it waits on, and is worked on again
            await self._put_off(delivery, away)
