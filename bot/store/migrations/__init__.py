"""Steps from one shape of the tables to the next, run by Alembic, which is imported only when needed."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

HEAD = "0015"


def version(connection: Connection) -> str | None:
    """Return the migration the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def migrate(connection: Connection) -> None:
    """Bring the database to HEAD, all or nothing; a second process waits for the first."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('infra migrations'))"))
    if version(connection) == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
