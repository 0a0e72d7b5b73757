"""The rows that are state, as plain values: what an export writes, and a restore brings back."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, update

from bot.core.values import Json
from bot.store import Transaction, journal
from bot.store.tables import (
    ANSWERS,
    APPOINTMENTS,
    BASELINE,
    BILLS,
    BOARD,
    CHARGES,
    DECISIONS,
    DRIFTS,
    FOLLOWED,
    GRANTS,
    INBOX,
    JOBS,
    JOURNAL,
    JOURNAL_HEAD,
    MESSAGES,
    NUMBERS,
    PEOPLE,
    PEOPLE_SLACK,
    PRESENCE,
    PROOFS,
    REQUESTS,
    SEASONS,
    SECRETS,
    SNAPSHOTS,
    VAULTS,
    WATCHES,
    Instant,
    metadata,
    stamp,
)

STATE = (
    PEOPLE,
    GRANTS,
    BASELINE,
    SEASONS,
    SNAPSHOTS,
    FOLLOWED,
    CHARGES,
    BILLS,
    DECISIONS,
    PROOFS,
    VAULTS,
    SECRETS,
    WATCHES,
    DRIFTS,
    MESSAGES,
    NUMBERS,
)
APART = (JOURNAL, JOURNAL_HEAD, REQUESTS)  # exported as the journal's lines, which hold what was filed
DERIVED = (PEOPLE_SLACK,)  # from the people
FLEETING = (  # what a process works on, or looks at again: deliveries hold what Slack says in confidence
    INBOX,
    ANSWERS,
    JOBS,
    PRESENCE,
    APPOINTMENTS,
    BOARD,
)


async def rows(tx: Transaction, table: Table) -> list[Json]:
    """Return the rows of *table* in the order of their keys, the same from any database."""
    keys = [column.name for column in table.primary_key]
    found = [
        {column.name: _plain(column.name, value) for column, value in zip(table.columns, row, strict=True)}
        for row in await tx.execute(select(table))
    ]
    return sorted(found, key=lambda row: [row[key] for key in keys])


async def bring(tx: Transaction, table: Table, said: Sequence[Json]) -> None:
    """Let *table* hold these rows, and no others."""
    await tx.execute(delete(table))
    new = [{c.name: _kept(c.name, c.type, row[c.name]) for c in table.columns} for row in said]
    if new:
        await tx.execute(insert(table), new)
    accounts = [{"slack": each, "key": row["key"]} for row in said for each in _accounts(table, row)]
    if accounts:
        await tx.execute(insert(PEOPLE_SLACK), accounts)


async def is_empty(tx: Transaction) -> bool:
    """Return whether nothing was ever kept here."""
    kept = [table for table in STATE if table is not NUMBERS]
    there = [(await tx.execute(select(table).limit(1))).first() for table in kept]
    return await journal.head(tx) == journal.BEGINNING and not any(there)


async def wipe(tx: Transaction) -> None:
    """Empty a database, to what the migrations made of it."""
    kept = (JOURNAL_HEAD, NUMBERS)
    for table in reversed(metadata.sorted_tables):
        if table not in kept:
            await tx.execute(delete(table))
    lines, head = journal.BEGINNING
    await tx.execute(update(JOURNAL_HEAD).values(n=lines, hash=head))
    await tx.execute(update(NUMBERS).values(last=0))


def _accounts(table: Table, row: Json) -> list[str]:
    body: Any = row["body"] if table is PEOPLE else {}
    return list(dict.fromkeys(body.get("slack", ())))


def _plain(column: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return json.loads(value) if column == "body" else value


def _kept(column: str, kind: object, value: Any) -> Any:
    if column == "body":
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return datetime.fromisoformat(value) if isinstance(kind, Instant) and value else value
