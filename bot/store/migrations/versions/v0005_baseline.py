"""What was last accepted at vendors, and what was found to differ."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make three tables, and the row that counts differences."""
    op.create_table(
        "baseline",
        sa.Column("resource", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("state", sa.Text),
        sa.Column("going", sa.Text),
        sa.Column("touched_at", Instant),
        sa.PrimaryKeyConstraint("resource", "key", name="pk_baseline"),
    )
    op.create_table(
        "watches",
        sa.Column("vendor", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("vendor", name="pk_watches"),
    )
    op.create_table(
        "drifts",
        sa.Column("vendor", sa.Text, nullable=False),
        sa.Column("episode", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("vendor", "episode", name="pk_drifts"),
    )
    op.execute("INSERT INTO numbers (name, last) VALUES ('drift', 0)")
