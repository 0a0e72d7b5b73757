"""Deliveries, kept before they are acknowledged; each key once, whatever is repeated."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Update, case, delete, func, or_, select, update

from bot.core.values import Value
from bot.store import Transaction
from bot.store.database import PRAGMAS, Store
from bot.store.errors import StoreUnavailable
from bot.store.tables import INBOX, stamp

LIMIT = 2.0  # seconds: Slack waits three
BATCH = 100
ATTEMPTS = 5
REMEMBERED = timedelta(days=7)
PARKED = timedelta(days=30)  # long enough for somebody to look at it

INSERT = "INSERT INTO inbox (key, kind, body, at, state, attempts) VALUES"
ROW = "(?, ?, ?, ?, 'waiting', 0)"
UNLESS = "ON CONFLICT (key) DO NOTHING RETURNING key"
FORGET = "DELETE FROM inbox WHERE key = ? RETURNING key"


class Kept(Value):
    """A delivery that waits to be worked on."""

    key: str
    kind: str
    body: bytes
    at: datetime
    attempts: int


async def waiting(
    tx: Transaction, before: datetime, limit: int = 100, kinds: Collection[str] = ()
) -> list[Kept]:
    """Return deliveries in any of *kinds* (all when empty), kept until *before*, neither done nor parked."""
    query = select(INBOX.c.key, INBOX.c.kind, INBOX.c.body, INBOX.c.at, INBOX.c.attempts)
    query = query.where(INBOX.c.state == "waiting", INBOX.c.at <= before).order_by(INBOX.c.at).limit(limit)
    query = query.where(INBOX.c.kind.in_(kinds)) if kinds else query
    rows = await tx.execute(query)
    return [Kept(key=row.key, kind=row.kind, body=row.body, at=row.at, attempts=row.attempts) for row in rows]


async def claim(tx: Transaction, keys: Collection[str], now: datetime, until: datetime) -> set[str]:
    """Hold those of *keys* that wait and nobody holds *now*, and return them: of two processes one does."""
    free = or_(INBOX.c.held_until.is_(None), INBOX.c.held_until <= now)
    return set(await tx.scalars(_held(keys, until).where(free).returning(INBOX.c.key)))


async def hold(tx: Transaction, keys: Collection[str], until: datetime) -> None:
    """Hold for longer what is worked on."""
    await tx.execute(_held(keys, until))


async def release(tx: Transaction, key: str) -> None:
    """Note that nobody works on a delivery for now."""
    await tx.execute(update(INBOX).where(INBOX.c.key == key).values(held_until=None))


def _held(keys: Collection[str], until: datetime) -> Update:
    waiting = update(INBOX).where(INBOX.c.key.in_(keys), INBOX.c.state == "waiting")
    return waiting.values(held_until=until)


async def number(tx: Transaction, kind: str = "") -> int:
    """Return how many deliveries wait to be worked on, of one *kind* or of all."""
    query = select(func.count()).where(INBOX.c.state == "waiting")
    return await tx.scalar(query.where(INBOX.c.kind == kind) if kind else query) or 0


async def done(tx: Transaction, key: str) -> None:
    """Note that a delivery was worked on; its key stays known, its body goes."""
    await tx.execute(update(INBOX).where(INBOX.c.key == key).values(state="done", body=b""))


async def failed(tx: Transaction, key: str) -> None:
    """Note that working on a delivery failed, and that nobody does; after five times it is parked."""
    parked = case((INBOX.c.attempts + 1 >= ATTEMPTS, "parked"), else_=INBOX.c.state)
    attempt = {"attempts": INBOX.c.attempts + 1, "state": parked, "held_until": None}
    await tx.execute(update(INBOX).where(INBOX.c.key == key).values(attempt))


async def prune(tx: Transaction, now: datetime) -> None:
    """Forget the keys of deliveries that nobody repeats any more, and what was parked a month ago."""
    await tx.execute(delete(INBOX).where(INBOX.c.state == "done", INBOX.c.at < now - REMEMBERED))
    await tx.execute(delete(INBOX).where(INBOX.c.state == "parked", INBOX.c.at < now - PARKED))


@dataclass(frozen=True)
class _Delivery:
    key: str
    kind: str
    body: bytes
    at: datetime
    kept: Future[bool] = field(default_factory=Future)


class Inbox:
    """The one writer of deliveries: a thread with its own connection, one commit for all that wait."""

    def __init__(self, store: Store, limit: float = LIMIT) -> None:
        self._limit = limit
        self._deliveries: SimpleQueue[_Delivery | None] = SimpleQueue()
        self._writer = _postgresql(store, limit) if store.dialect == "postgresql" else _sqlite(store, limit)
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)

    async def start(self) -> None:
        """Begin to take deliveries."""
        self._thread.start()

    async def keep(self, key: str, kind: str, body: bytes | str, at: datetime) -> bool:
        """Keep a delivery and return whether it is new; not kept: TimeoutError or StoreUnavailable."""
        if "\0" in key:
            raise ValueError("a delivery's key holds no NUL")
        delivery = _Delivery(key, kind, body.encode() if isinstance(body, str) else body, at)
        self._deliveries.put(delivery)
        async with asyncio.timeout(self._limit):
            return await asyncio.wrap_future(delivery.kept)  # a time-out cancels it for the thread to see

    async def close(self) -> None:
        """Keep what waits and stop."""
        self._deliveries.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while batch := self._take():
            wanted = [delivery for delivery in batch if delivery and not delivery.kept.cancelled()]
            if wanted:
                self._keep(wanted)
            if None in batch:
                break
        self._writer.close()

    def _take(self) -> list[_Delivery | None]:
        """Wait for a delivery and return it with those that came meanwhile; None at the end."""
        batch = [self._deliveries.get()]
        with suppress(Empty):
            while batch[-1] is not None and len(batch) < BATCH:
                batch.append(self._deliveries.get_nowait())
        return batch

    def _keep(self, batch: Sequence[_Delivery]) -> None:
        try:
            new = self._writer.insert(batch)
            for delivery in batch:
                if delivery.kept.set_running_or_notify_cancel():
                    delivery.kept.set_result(delivery.key in new)
                    new.discard(delivery.key)
            if new:  # whoever brought these was told that they are not kept
                self._writer.withdraw(new)
        except Exception as error:  # noqa: BLE001 # whoever waits is told; the thread goes on
            for delivery in batch:
                if not delivery.kept.done() and delivery.kept.set_running_or_notify_cancel():
                    delivery.kept.set_exception(StoreUnavailable(type(error).__name__))


@dataclass
class _Writer:
    """Plain SQL on one connection of its own, opened anew when it is lost."""

    connect: Callable[[], Any]  # a DB-API connection in autocommit
    lost: type[Exception]
    mark: str  # how the driver writes a parameter
    time: Callable[[datetime], object]
    connection: Any = None

    def insert(self, batch: Sequence[_Delivery]) -> set[str]:
        """Keep deliveries with one statement, which is one commit, and return the keys that are new."""
        values = [value for one in batch for value in (one.key, one.kind, one.body, self.time(one.at))]
        return {key for (key,) in self._execute(f"{INSERT} {', '.join([ROW] * len(batch))} {UNLESS}", values)}

    def withdraw(self, keys: set[str]) -> None:
        """Forget deliveries again."""
        for key in keys:
            self._execute(FORGET, [key])

    def close(self) -> None:
        """Let go of the connection."""
        if self.connection is not None:
            with suppress(self.lost):
                self.connection.close()
            self.connection = None

    def _execute(self, statement: str, values: list[object]) -> list[tuple[str]]:
        used = self.connection is not None
        try:
            return self._rows(statement, values)
        except self.lost:
            self.close()
            if not used:
                raise
            return self._rows(statement, values)

    def _rows(self, statement: str, values: list[object]) -> list[tuple[str]]:
        self.connection = self.connection or self.connect()
        rows: list[tuple[str]] = self.connection.execute(statement.replace("?", self.mark), values).fetchall()
        return rows


def _sqlite(store: Store, limit: float) -> _Writer:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(store.file, timeout=limit * 0.7, isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return _Writer(connect, sqlite3.OperationalError, "?", stamp)


def _postgresql(store: Store, limit: float) -> _Writer:
    import psycopg

    url = store.url.render_as_string(hide_password=False)
    options = f"-c statement_timeout={round(limit * 700)}"

    def connect() -> psycopg.Connection:
        return psycopg.connect(
            url,
            autocommit=True,
            options=options,
            connect_timeout=2,
            tcp_user_timeout=2000,
            keepalives_idle=2,  # sooner than others: each delivery waits for this connection
            keepalives_interval=1,
        )

    return _Writer(connect, psycopg.OperationalError, "%s", lambda at: at)
