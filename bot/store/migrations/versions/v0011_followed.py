"""Followed: which event of a seller of tickets our figures are of."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "followed",
        sa.Column("seller", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seller", name="pk_followed"),
    )
