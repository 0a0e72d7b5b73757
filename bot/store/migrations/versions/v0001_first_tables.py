"""The first tables."""

import sqlalchemy as sa
from alembic import op

from bot.core.event import GENESIS
from bot.store.tables import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, and the two rows that count."""
    op.create_table(
        "inbox",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_inbox"),
    )
    op.create_index("ix_inbox_state_at", "inbox", ["state", "at"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("run_at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_state_run_at", "jobs", ["state", "run_at"])
    op.create_index(
        "ix_jobs_waiting_key",
        "jobs",
        ["key"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "journal",
        sa.Column("n", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_journal"),
        sa.UniqueConstraint("subject", "seq", name="uq_journal_subject_seq"),
    )
    op.create_index("ix_journal_at_n", "journal", ["at", "n"])
    op.create_index("ix_journal_who_at_n", "journal", ["who", "at", "n"])
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal_head"),
    )
    op.create_table(
        "messages",
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("request_id", "place", name="pk_messages"),
    )
    op.create_table(
        "numbers",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_numbers"),
    )
    op.create_table(
        "people",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_people"),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.UniqueConstraint("number", name="uq_requests_number"),
    )
    op.create_index("ix_requests_due_at", "requests", ["due_at"])
    op.create_index("ix_requests_state_number", "requests", ["state", "number"])
    op.create_table(
        "grants",
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_grants_request_id"),
        sa.PrimaryKeyConstraint("request_id", name="pk_grants"),
    )
    op.create_index("ix_grants_due_at", "grants", ["due_at"])
    op.create_index("ix_grants_state_ends_at_number", "grants", ["state", "ends_at", "number"])
    op.create_table(
        "people_slack",
        sa.Column("slack", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["key"], ["people.key"], name="fk_people_slack_key", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slack", name="pk_people_slack"),
    )
    op.create_index("ix_people_slack_key", "people_slack", ["key"])
    head = sa.table("journal_head", sa.column("id"), sa.column("n"), sa.column("hash"))
    op.execute(head.insert().values(id=1, n=0, hash=GENESIS))
    numbers = sa.table("numbers", sa.column("name"), sa.column("last"))
    op.execute(numbers.insert().values(name="request", last=0))
