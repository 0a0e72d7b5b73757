"""What the tests of the store share."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.postgres import Server, bring_back, way_back


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
def postgresql(postgres: Server) -> Iterator[tuple[str, str]]:
    """Give the URL of a migrated PostgreSQL database, and the way back to that."""
    with postgres.database() as url:
        asyncio.run(migrate(url))
        yield url, way_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a migrated database of each kind; for one kind alone, parametrize it indirectly."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "infra.db")
        return f"sqlite:///{tmp_path}/infra.db"
    url, way = request.getfixturevalue("postgresql")
    bring_back(url, way)
    return str(url)


@pytest.fixture
async def store(migrated_url: str) -> AsyncIterator[Store]:
    """Give a store on each kind of database."""
    store = await Store.open(migrated_url)
    yield store
    await store.close()
