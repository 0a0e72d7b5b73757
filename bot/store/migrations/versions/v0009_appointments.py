"""Appointments: which day each is at."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "appointments",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("going", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_appointments"),
    )
