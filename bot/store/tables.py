"""The tables, as the code speaks of them; the migrations make them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.core.values import Json, canonical

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def stamp(at: datetime) -> str:
    """Return an aware time as UTC text of fixed width, so that text sorts as time."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Instant(TypeDecorator[datetime]):
    """An aware time, UTC: a TIMESTAMPTZ on PostgreSQL, sortable text on SQLite."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Return what the column is made of."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Return a time as the driver takes it."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else stamp(value)

    def process_result_value(self, value: datetime | str | None, _dialect: Dialect) -> datetime | None:
        """Return what the driver gave, in UTC."""
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return None if value is None else value.astimezone(UTC)


class Canonical(TypeDecorator[Json]):
    """A JSON object, kept as its canonical text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Json | None, _dialect: Dialect) -> str | None:
        """Return the text."""
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Json | None:
        """Return the object."""
        return None if value is None else json.loads(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

JOURNAL = Table(
    "journal",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),  # the actor's name, casefolded
    Column("actor", Text, nullable=False),
    Column("payload", Canonical, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("subject", "seq"),
    Index(None, "at", "n"),
    Index(None, "who", "at", "n"),
)

JOURNAL_HEAD = Table(
    "journal_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)

NUMBERS = Table(
    "numbers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

REQUESTS = Table(
    "requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Instant),
    Column("body", Text, nullable=False),
    UniqueConstraint("number"),
    Index(None, "state", "number"),
    Index(None, "due_at"),
)

GRANTS = Table(
    "grants",
    metadata,
    Column("request_id", Text, ForeignKey("requests.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("state", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "due_at"),
    Index(None, "state", "ends_at", "number"),
)

PEOPLE = Table(
    "people",
    metadata,
    Column("key", Text, primary_key=True),  # the name, casefolded
    Column("body", Text, nullable=False),
)

PEOPLE_SLACK = Table(
    "people_slack",
    metadata,
    Column("slack", Text, primary_key=True),
    Column("key", Text, ForeignKey("people.key", ondelete="CASCADE"), nullable=False),
    Index(None, "key"),
)

MESSAGES = Table(
    "messages",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
)

INBOX = Table(
    "inbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),  # waiting, done, parked
    Column("attempts", Integer, nullable=False),
    Column("held_until", Instant),  # by the process that works on it
    Index(None, "state", "at"),
)

ANSWERS = Table(
    "answers",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),
)

BASELINE = Table(
    "baseline",
    metadata,
    Column("resource", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # the target, casefolded
    Column("target", Text, nullable=False),
    Column("state", Canonical),  # null: absent
    Column("going", Canonical),
    Column("touched_at", Instant),
)

WATCHES = Table(
    "watches",
    metadata,
    Column("vendor", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

DRIFTS = Table(
    "drifts",
    metadata,
    Column("vendor", Text, primary_key=True),
    Column("episode", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

PRESENCE = Table(
    "presence",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)

SEASONS = Table(
    "seasons",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

SNAPSHOTS = Table(
    "snapshots",
    metadata,
    Column("conference", Text, primary_key=True),
    Column("day", String(10), primary_key=True),  # a local date
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "day"),
)

FOLLOWED = Table(
    "followed",
    metadata,
    Column("seller", Text, primary_key=True),
    Column("event", Text, nullable=False),
)

CHARGES = Table(
    "charges",
    metadata,
    Column("vendor", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

BILLS = Table(
    "bills",
    metadata,
    Column("day", String(10), primary_key=True),  # a local date
    Column("body", Text, nullable=False),
)

APPOINTMENTS = Table(
    "appointments",
    metadata,
    Column("key", Text, primary_key=True),
    Column("day", String(10), nullable=False),  # a local date
    Column("going", Boolean, nullable=False),
)

BOARD = Table(
    "board",
    metadata,
    Column("vendor", Text, primary_key=True),
    Column("since", Instant, primary_key=True),  # a row for each time that it began to do otherwise
    Column("looked_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "looked_at"),
)

DECISIONS = Table(
    "decisions",
    metadata,
    Column("service", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("needed", Boolean, nullable=False),
)

PROOFS = Table(
    "proofs",
    metadata,
    Column("vendor", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("day", String(10), nullable=False),  # a local date
)

VAULTS = Table(
    "vaults",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

SECRETS = Table(  # when each was made, never its value
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

JOBS = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Canonical, nullable=False),
    Column("run_at", Instant, nullable=False),
    Column("state", Text, nullable=False),  # waiting, running
    Column("attempts", Integer, nullable=False),
    Index(
        "ix_jobs_waiting_key",
        "key",
        unique=True,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(None, "state", "run_at"),
)


def insert(tx: AsyncConnection, table: Table) -> Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of *tx*."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


async def insert_new(tx: AsyncConnection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert *row* unless it collides with one that is there; return whether it is in."""
    key = next(iter(table.primary_key))
    inserted = await tx.execute(insert(tx, table).values(row).on_conflict_do_nothing().returning(key))
    return inserted.first() is not None
