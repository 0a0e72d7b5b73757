"""The journal: one hash chain that only gains lines."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from bot.core.event import GENESIS, Event, Kind
from bot.core.people import Actor
from bot.core.values import Json
from bot.store import Transaction
from bot.store.errors import Conflict
from bot.store.tables import JOURNAL, JOURNAL_HEAD

PAGE = 1000
BEGINNING = (0, GENESIS)


async def append(
    tx: Transaction,
    *,
    subject: str,
    kind: Kind,
    at: datetime,
    actor: Actor,
    payload: Json,
    seq: int | None = None,
) -> Event:
    """Add the next line, which must be *seq* of its subject, or raise Conflict.

    The head stays locked until *tx* ends: take every other lock before.
    """
    previous = await _head(tx, lock=True)
    last = await tx.scalar(select(func.max(JOURNAL.c.seq)).where(JOURNAL.c.subject == subject)) or 0
    if seq not in {None, last + 1}:
        raise Conflict(f"{subject} has {last} lines: the next one is not {seq}")
    event = Event.following(
        previous,
        subject=subject,
        seq=last + 1,
        kind=kind,
        at=at.astimezone(UTC),
        actor=actor,
        payload=payload,
    )
    await tx.execute(insert(JOURNAL).values(_row(event)))
    await tx.execute(update(JOURNAL_HEAD).values(n=event.n, hash=event.hash))
    return event


async def of(tx: Transaction, subject: str) -> list[Event]:
    """Return all lines of *subject*, oldest first."""
    rows = await tx.execute(select(JOURNAL).where(JOURNAL.c.subject == subject).order_by(JOURNAL.c.seq))
    return [_event(row) for row in rows]


async def last(tx: Transaction, subject: str) -> Event | None:
    """Return the newest line of *subject*; None before there is one."""
    return next(iter(await lines(tx, subject=subject, limit=1)), None)


def after(line: Event | None) -> int:
    """Return the number that follows *line*, the newest of its subject."""
    return line.seq + 1 if line else 1


async def lines(
    tx: Transaction,
    *,
    subject: str | None = None,
    who: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> list[Event]:
    """Return the newest matching lines, oldest first; *who* in any case, written before *until*."""
    query = select(JOURNAL).limit(limit)
    by: ColumnElement[Any] = JOURNAL.c.who
    at: ColumnElement[Any] = JOURNAL.c.at
    if subject is not None:
        query = query.where(JOURNAL.c.subject == subject).order_by(JOURNAL.c.seq.desc())
        by, at = _unindexed(by), _unindexed(at)
    else:
        query = query.order_by(at.desc(), JOURNAL.c.n.desc())
    if who is not None:
        query = query.where(by == who.casefold())
    if since is not None:
        query = query.where(at >= since)
    if until is not None:
        query = query.where(at < until)
    return sorted(map(_event, await tx.execute(query)), key=lambda event: event.n)


async def head(tx: Transaction) -> tuple[int, str]:
    """Return how many lines there are, and the hash of the last."""
    return await _head(tx, lock=False)


async def everything(tx: Transaction) -> AsyncIterator[Event]:
    """Give all lines, oldest first, a page at a time."""
    last = 0
    while events := await page(tx, last):
        for event in events:
            yield event
        last = events[-1].n


async def bring(tx: Transaction, events: Sequence[Event]) -> None:
    """Add lines that were exported, in their order, as they are."""
    if events:
        await tx.execute(insert(JOURNAL), [_row(event) for event in events])
        await tx.execute(update(JOURNAL_HEAD).values(n=events[-1].n, hash=events[-1].hash))


async def page(tx: Transaction, after: int) -> list[Event]:
    """Return the next lines after line *after*, oldest first; none at the end."""
    rows = await tx.execute(select(JOURNAL).where(JOURNAL.c.n > after).order_by(JOURNAL.c.n).limit(PAGE))
    return [_event(row) for row in rows]


async def _head(tx: Transaction, *, lock: bool) -> tuple[int, str]:
    query = select(JOURNAL_HEAD.c.n, JOURNAL_HEAD.c.hash)
    row = (await tx.execute(query.with_for_update() if lock else query)).one()
    return row.n, row.hash


def _unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return *column* as no index knows it: a subject's few lines come by the subject's own."""
    return func.coalesce(column, column, type_=column.type)


def _row(event: Event) -> dict[str, object]:
    return {
        "n": event.n,
        "subject": event.subject,
        "seq": event.seq,
        "kind": event.kind.value,
        "at": event.at,
        "who": event.actor.name.casefold(),
        "actor": event.actor.model_dump_json(),
        "payload": event.payload,
        "previous": event.previous,
        "hash": event.hash,
    }


def _event(row: Row[tuple[object, ...]]) -> Event:
    return Event(
        n=row.n,
        subject=row.subject,
        seq=row.seq,
        kind=Kind(row.kind),
        at=row.at,
        actor=Actor.model_validate_json(row.actor),
        payload=row.payload,
        previous=row.previous,
        hash=row.hash,
    )
