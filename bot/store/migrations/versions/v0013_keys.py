"""Keys: what people proved by logging in themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "proofs",
        sa.Column("vendor", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("vendor", "person", name="pk_proofs"),
    )
