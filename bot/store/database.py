"""The database: SQLite in one file, or PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.core.errors import ConfigurationError
from bot.store import migrations
from bot.store.errors import StoreUnavailable

if TYPE_CHECKING:
    from bot.store import sqlite

BUSY = 5.0  # seconds to wait for SQLite's one writer
_COMPILED: dict[str, Engine] = {}  # by driver, the first engine: the others share what it compiles
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")

# A process that is frozen inside a transaction must not hold its rows for long: the journal's head is one.
POSTGRESQL_OPTIONS = "-c idle_in_transaction_session_timeout=5s -c lock_timeout=10s"
POSTGRESQL_CONNECT = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,  # a network that is gone without a word would keep who waits for two hours
    "keepalives_interval": 2,
    "application_name": "infra",
}


class Store:
    """One database and its two ways in: `write` and `read`."""

    def __init__(self, url: URL, writing: AsyncEngine, reading: AsyncEngine) -> None:
        self.url = url
        self.committed: list[Callable[[], None]] = []
        self._writing, self._reading = writing, reading

    @classmethod
    async def open(cls, database_url: str, *, connections: int = 2) -> "Store":
        """Open ``sqlite:///FILE`` or ``postgresql://…``, there with at most *connections*.

        The inbox has one more, running jobs on PostgreSQL three.
        """
        url = _url(database_url)
        if url.get_backend_name() == "sqlite":
            await asyncio.to_thread(_make, _file(url))
            writing = _sqlite(url, begin="BEGIN IMMEDIATE", size=1)
            return cls(url, writing, _sqlite(url, begin="BEGIN", size=3, pragma="query_only = ON"))
        engine = create_async_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=connections,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            connect_args=POSTGRESQL_CONNECT | {"options": POSTGRESQL_OPTIONS},
        )
        reading = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}  # as SQLite reads
        return cls(url, engine, engine.execution_options(**reading))

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Return which database this is."""
        return "sqlite" if self.url.get_backend_name() == "sqlite" else "postgresql"

    @property
    def file(self) -> str:
        """Return the path of the SQLite file."""
        return _file(self.url)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction that commits on success and rolls back on any exception."""
        with _trouble():
            async with self._writing.begin() as tx:
                yield tx
        for tell in self.committed:
            tell()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction that cannot write, and sees the database as it was at its first look."""
        with _trouble():
            async with self._reading.begin() as tx:
                yield tx

    async def behind(self) -> bool:
        """Return whether the database lacks migrations."""
        with self._met():
            async with self.read() as tx:
                return await tx.run_sync(migrations.version) != migrations.HEAD

    async def migrate(self) -> None:
        """Bring the tables up to date."""
        with self._met():
            async with self.write() as tx:
                await tx.run_sync(migrations.migrate)

    @contextmanager
    def _met(self) -> Iterator[None]:
        """Say which database is away when it is met for the first time: its address may be wrong."""
        try:
            yield
        except StoreUnavailable as away:
            place = self.file if self.dialect == "sqlite" else f"{self.url.host}:{self.url.port or 5432}"
            cause = away.__cause__.orig if isinstance(away.__cause__, DBAPIError) else None
            why = str(cause or away.reason).partition("\n")[0][:200]
            hint = "Is it running, and is `database_url`, or DATABASE_URL, right? Nothing was changed."
            raise StoreUnavailable(away.reason, f"The database at {place} is away: {why}.", hint) from away

    async def close(self) -> None:
        """Let go of all connections."""
        await self._writing.dispose()
        await self._reading.dispose()


def _url(database_url: str) -> URL:
    scheme, separator, rest = database_url.partition("://")
    scheme = {"postgres": "postgresql"}.get(scheme, scheme)  # Heroku's spelling
    if not separator or scheme not in {"sqlite", "postgresql"}:
        raise ConfigurationError("The database is neither sqlite:///FILE nor postgresql://….", key="database")
    try:
        url = make_url(f"{scheme}://{rest}")
    except (ArgumentError, ValueError):
        raise ConfigurationError("The database's URL cannot be read.", key="database") from None
    if scheme == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ConfigurationError("SQLite needs a file: sqlite:///infra.db.", key="database")
    return url


def _file(url: URL) -> str:
    return str(url.database)


def _make(file: str) -> None:
    """See that *file* is a database, new or old, before a pool meets it."""
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file, timeout=BUSY)) as connection:
            connection.execute("PRAGMA schema_version")
    except (OSError, sqlite3.Error) as error:
        hint = "Check the path of the database and who may write there."
        raise ConfigurationError(f"{file} cannot be used: {error}.", hint, key="database") from error


def _sqlite(url: URL, *, begin: str, size: int, pragma: str = "query_only = OFF") -> AsyncEngine:
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
        connect_args={"timeout": BUSY, "async_creator_fn": _connection},
    )
    _share(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `begin` does
        cursor = connection.cursor()
        for each in (*PRAGMAS, pragma):
            cursor.execute(f"PRAGMA {each}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _share(engine: Engine) -> None:
    """Let SQLite's engines of this process use what one of them compiled: there are two for each store."""
    first = _COMPILED.setdefault(engine.driver, engine)
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache  # noqa: SLF001 # it has no other way in


async def _connection(file: str, **options: Any) -> "sqlite.Connection":
    from bot.store import sqlite  # here, for PostgreSQL needs none of it

    return await sqlite.opened(file, **options)


@contextmanager
def _trouble() -> Iterator[None]:
    """Raise what is no fault of a statement as StoreUnavailable."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable("no connection became free") from error
    except DBAPIError as error:
        if not is_away(error):
            raise
        raise StoreUnavailable(type(error.orig).__name__) from error


def is_away(error: DBAPIError) -> bool:
    """Return whether *error* is about the connection, the disk or a lock, not about the statement."""
    if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_ERROR":
        return False
    return error.connection_invalidated or isinstance(error, InterfaceError | OperationalError)
