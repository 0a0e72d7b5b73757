"""SQLite's connections: a thread for each, and one trip there for a statement and all its rows."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any, TypeAlias

import aiosqlite
from aiosqlite.context import contextmanager

Done: TypeAlias = tuple[sqlite3.Cursor, Sequence[Any]]  # a closed cursor, and the rows


async def opened(file: str, **options: Any) -> "Connection":
    """Open *file*; a connection whose opener is cancelled meanwhile would stay open, so it is closed."""
    connection = Connection(lambda: sqlite3.connect(file, **options), iter_chunk_size=1)
    connection._thread.daemon = True  # noqa: SLF001 # as SQLAlchemy does: no connection keeps a process alive
    opening = asyncio.ensure_future(connection)
    try:
        await asyncio.shield(opening)
    except asyncio.CancelledError:
        await (await opening).close()
        raise
    return connection


class Connection(aiosqlite.Connection):
    """A connection with our cursors."""

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        """Return a cursor."""
        return Cursor(self)

    async def whole(self, run: Callable[..., sqlite3.Cursor], sql: str, parameters: Iterable[Any]) -> Done:
        """Run a statement and fetch its rows."""

        def run_and_fetch() -> Done:
            with closing(run(self._conn, sql, parameters)) as cursor:
                return cursor, cursor.fetchall()

        done: Done = await self._execute(run_and_fetch)  # type: ignore[no-untyped-call] # it has no types
        return done


class Cursor(aiosqlite.Cursor):
    """A cursor for SQLAlchemy: one trip to the thread for a statement, where the driver's makes four."""

    _conn: Connection

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, None)  # type: ignore[arg-type] # each statement brings its own
        self._rows: Sequence[Any] = ()

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "Cursor":
        """Run a statement."""
        self._cursor, self._rows = await self._conn.whole(sqlite3.Connection.execute, sql, parameters or ())
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "Cursor":
        """Run a statement once for each of *parameters*."""
        self._cursor, self._rows = await self._conn.whole(sqlite3.Connection.executemany, sql, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: the statement is over."""
