"""The status board: how each vendor did, and which services were decided on."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "board",
        sa.Column("vendor", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("looked_at", Instant, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("vendor", "since", name="pk_board"),
    )
    op.create_index("ix_board_looked_at", "board", ["looked_at"])
    op.create_table(
        "decisions",
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("needed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("service", "year", name="pk_decisions"),
    )
