"""What the tests of the store share."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.postgres import Server, renewed


async def migrate(url: str) -> None:
    """Make the tables."""
    store = await Store.open(url)
    await store.migrate()
    await store.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "infra.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql(postgres: Server) -> Iterator[Callable[[], str]]:
    """Give what returns a migrated PostgreSQL database, the same one each time."""
    with renewed(postgres, lambda url: asyncio.run(migrate(url))) as again:
        yield again


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a migrated database of each kind; for one kind alone, parametrize it indirectly."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "infra.db")
        return f"sqlite:///{tmp_path}/infra.db"
    again: Callable[[], str] = request.getfixturevalue("postgresql")
    return again()


@pytest.fixture
async def store(migrated_url: str) -> AsyncIterator[Store]:
    """Give a store on each kind of database."""
    store = await Store.open(migrated_url)
    yield store
    await store.close()
