"""The tables of procrastinate 3.10, on PostgreSQL."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make procrastinate's tables from the text its package ships."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        schema = (Path(__file__).parents[1] / "procrastinate_3_10.sql").read_text()
        connection.exec_driver_sql(schema.replace("%", "%%"))
