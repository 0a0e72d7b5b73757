"""Opening, migrating, two ways in, and trouble."""

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.core.errors import ConfigurationError
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import State
from bot.store import Store, StoreUnavailable, journal, migrations, requests
from bot.store.inbox import Inbox
from bot.store.tables import metadata
from tests.store import samples

SQLITE = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)


async def test_a_new_database_is_behind_until_it_is_migrated(database_url: str) -> None:
    """Whoever starts can tell whether migrations are missing."""
    store = await Store.open(database_url)
    assert await store.behind()
    await store.migrate()
    assert not await store.behind()
    await store.migrate()
    assert not await store.behind()
    await store.close()


async def test_two_processes_migrate_once(database_url: str) -> None:
    """Two that migrate at the same time both end with the tables."""
    stores = [await Store.open(database_url) for _ in range(2)]
    await asyncio.gather(*(store.migrate() for store in stores))
    assert not any([await store.behind() for store in stores])
    for store in stores:
        await store.close()


async def test_the_migrations_make_the_tables_the_code_speaks_of(store: Store) -> None:
    """Nothing is left to migrate between the database and the tables in code."""
    async with store.read() as tx:
        left = await tx.run_sync(
            lambda connection: compare_metadata(
                MigrationContext.configure(connection, opts={"include_name": _ours}), metadata
            )
        )
    assert left == []


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in metadata.tables


def test_the_newest_migration_is_the_head() -> None:
    """The constant that start-up compares with is the last migration's."""
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [migrations.HEAD]


def test_procrastinates_tables_are_those_its_package_ships() -> None:
    """Another version of it needs a migration of ours first."""
    ours = (Path(migrations.__file__).parent / "procrastinate_3_10.sql").read_text()
    assert ours.endswith(SchemaManager.get_schema())


def test_what_is_rarely_needed_is_imported_late() -> None:
    """Starting up loads neither Alembic nor procrastinate, and no driver of the other database."""
    modules = ["answers", "database", "grants", "inbox", "jobs", "journal", "messages", "people"]
    modules += ["presence", "requests"]
    script = f"""
import sys
from contextlib import closing
import {", ".join(f"bot.store.{name}" for name in modules)}
print({{"alembic", "procrastinate", "psycopg", "aiosqlite"}} & set(sys.modules))
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


async def test_what_raises_is_rolled_back(store: Store) -> None:
    """A transaction that ends in an exception leaves nothing."""

    async def change_our_mind() -> None:
        async with store.write() as tx:
            await requests.next_number(tx)
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_our_mind()
    async with store.write() as tx:
        assert await requests.next_number(tx) == 1


async def test_reading_cannot_write(store: Store) -> None:
    """A read transaction refuses a change."""
    with pytest.raises((DBAPIError, StoreUnavailable)):
        async with store.read() as tx:
            await requests.next_number(tx)
    async with store.write() as tx:
        assert await requests.next_number(tx) == 1


async def test_a_cancelled_transaction_leaves_the_store_usable(store: Store) -> None:
    """Cancelling whoever holds the writing connection frees it, and nothing is kept."""
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.write() as tx:
            await requests.next_number(tx)
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with store.write() as tx:
        assert await requests.next_number(tx) == 1


@SQLITE
async def test_a_cancelled_opening_leaves_no_connection(
    migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled at any step of opening its connection, a transaction leaves none open."""
    store, connect = await Store.open(migrated_url), sqlite3.connect
    opened: list[sqlite3.Connection] = []

    def connects(*file: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*file, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", connects)

    async def look() -> None:
        async with store.read():
            pass

    for steps in range(12):
        task = asyncio.create_task(look())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await store.close()
    assert opened
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
            connection.execute("SELECT 1")


async def test_who_wants_to_know_is_told_of_each_commit(store: Store) -> None:
    """Commits are told, roll-backs are not."""
    told: list[str] = []
    store.committed.append(lambda: told.append("committed"))
    async with store.write():
        pass
    with pytest.raises(RuntimeError):
        async with store.write():
            raise RuntimeError
    assert told == ["committed"]


@pytest.mark.parametrize(
    "url", ["", "infra.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "postgresql://h:port/db"]
)
async def test_what_is_no_database_is_refused(url: str) -> None:
    """The settings' key is named, the URL with its password is not repeated."""
    with pytest.raises(ConfigurationError) as refused:
        await Store.open(url)
    assert refused.value.key == "database"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_herokus_scheme_is_understood(database_url: str) -> None:
    """A postgres:// URL opens PostgreSQL."""
    store = await Store.open(database_url.replace("postgresql://", "postgres://"))
    assert store.dialect == "postgresql"
    assert await store.behind()
    await store.close()


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
async def test_who_freezes_inside_a_transaction_does_not_hold_up_the_others(
    store: Store, migrated_url: str
) -> None:
    """After five idle seconds its transaction is taken back, and the journal's head is free again."""
    other = await Store.open(migrated_url)

    async def write(store: Store, freeze: float = 0) -> None:
        async with store.write() as tx:
            await journal.append(tx, subject="r1", kind=Kind.NOTED, at=samples.NOW, actor=CLOCK, payload={})
            await asyncio.sleep(freeze)

    frozen = asyncio.create_task(write(other, freeze=6))
    await asyncio.sleep(0.5)
    async with asyncio.timeout(6):
        await write(store)
    with pytest.raises(StoreUnavailable):
        await frozen
    await write(other)
    async with store.read() as tx:
        assert [event.seq for event in await journal.of(tx, "r1")] == [1, 2]
    await other.close()


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
async def test_a_network_that_is_gone_without_a_word_is_noticed(store: Store) -> None:
    """Who waits for an answer asks soon whether the other end is there: else it would wait for hours."""
    inbox = Inbox(store)
    await inbox.start()
    await inbox.keep("k1", "command", b"", samples.NOW)
    async with store.read() as tx:
        mine: Any = (await tx.get_raw_connection()).driver_connection
        assert _asked_after(mine) <= 5
        assert _asked_after(inbox._writer.connection) <= 2
    await inbox.close()


def _asked_after(connection: Any) -> int:
    """Return after how many silent seconds a connection's other end is asked for a sign of life."""
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as copy:
        assert copy.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        return copy.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)


async def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    """Whoever starts the bot reads where it looked; anybody else only that it is away; nobody a password."""
    store = await Store.open("postgresql://infra:s3cret@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailable, match=r"^The database at 127\.0\.0\.1:1 is away: .*refused") as away:
        await store.behind()
    assert "DATABASE_URL" in away.value.hint
    assert "s3cret" not in f"{away.value.message} {away.value.reason}"
    with pytest.raises(StoreUnavailable, match=r"^The database is away\.$") as away:
        async with store.read():
            raise AssertionError("there is no server")
    assert "Nothing was lost" in away.value.hint
    assert "s3cret" not in away.value.reason
    await store.close()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A folder and a text file are named when the store is opened."""
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "notes.db").write_text("remember the milk\n" * 100)
    for name in ("folder.db", "notes.db", "notes.db/infra.db"):
        with pytest.raises(ConfigurationError, match=name) as refused:
            await Store.open(f"sqlite:///{tmp_path}/{name}")
        assert refused.value.key == "database"


async def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    """A path that does not exist yet can be used."""
    store = await Store.open(f"sqlite:///{tmp_path}/new/folder/infra.db")
    await store.migrate()
    await store.close()


@SQLITE
async def test_a_mistake_in_a_statement_is_not_called_away(store: Store) -> None:
    """What is our own fault stays an error of ours."""
    with pytest.raises(DBAPIError):
        async with store.read() as tx:
            await tx.execute(text("SELECT nothing FROM nowhere"))


@SQLITE
async def test_sqlite_keeps_what_it_confirmed(store: Store) -> None:
    """WAL, full synchronisation and foreign keys are on for both ways in."""
    for way in (store.write, store.read):
        async with way() as tx:
            found = [
                await tx.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert found == ["wal", 2, 1]


@SQLITE
async def test_readers_do_not_wait_for_the_writer(store: Store) -> None:
    """While one writes, another reads what was there before."""
    async with store.write() as tx:
        await requests.file(tx, samples.request(), State.PENDING, None)
        async with store.read() as other:
            assert await requests.get(other, "r1") is None


@SQLITE
async def test_a_file_that_another_process_holds_is_said_to_be_away(store: Store) -> None:
    """When SQLite stays locked, the person is told to try again."""
    with closing(sqlite3.connect(store.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            async with store.write():
                pass
    async with store.write() as tx:
        assert await requests.next_number(tx) == 1
