"""When the bot was last there."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make a table of one row."""
    op.create_table(
        "presence",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_presence"),
    )
