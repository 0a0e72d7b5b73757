"""Until when a process works on a delivery."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the column."""
    op.add_column("inbox", sa.Column("held_until", Instant))
