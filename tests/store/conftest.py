"""What the tests of the store share."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.postgres import Cluster


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
def template(postgres: Cluster) -> Iterator[str]:
    """Give the name of a migrated PostgreSQL database, to be copied."""
    with postgres.database() as url:
        asyncio.run(migrate(url))
        yield url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a migrated database of each kind; for one kind alone, parametrize it indirectly."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "infra.db")
        yield f"sqlite:///{tmp_path}/infra.db"
        return
    server: Cluster = request.getfixturevalue("postgres")
    with server.database(request.getfixturevalue("template")) as url:
        yield url


@pytest.fixture
async def store(migrated_url: str) -> AsyncIterator[Store]:
    """Give a store on each kind of database."""
    store = await Store.open(migrated_url)
    yield store
    await store.close()
