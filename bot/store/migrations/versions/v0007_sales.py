"""Ticket sales: each year's, and a snapshot of every day."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make two tables."""
    op.create_table(
        "seasons",
        sa.Column("year", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_seasons"),
    )
    op.create_table(
        "snapshots",
        sa.Column("conference", sa.Text, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conference", "day", name="pk_snapshots"),
    )
    op.create_index("ix_snapshots_day", "snapshots", ["day"])
