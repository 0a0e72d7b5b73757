"""What the tests of the workflow share: a world on a fresh copy of a migrated database of each kind."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from bot.core.event import GENESIS
from bot.core.policy import Policy
from bot.workflow.wiring import Standing
from tests.postgres import Cluster
from tests.workflow.world import World, make, seed

KEEP = """
    CREATE TABLE kept_people AS TABLE people;
    CREATE TABLE kept_people_slack AS TABLE people_slack;
"""
EMPTY = f"""
    DELETE FROM jobs; DELETE FROM grants; DELETE FROM journal; DELETE FROM requests; DELETE FROM people;
    DELETE FROM inbox; DELETE FROM messages; DELETE FROM presence; DELETE FROM answers;
    DELETE FROM baseline; DELETE FROM watches; DELETE FROM drifts; DELETE FROM seasons; DELETE FROM snapshots;
    DELETE FROM appointments; DELETE FROM charges; DELETE FROM board; DELETE FROM decisions;
    DELETE FROM proofs; DELETE FROM vaults; DELETE FROM followed; DELETE FROM bills;
    UPDATE journal_head SET n = 0, hash = '{GENESIS}'; UPDATE numbers SET last = 0;
    INSERT INTO people TABLE kept_people; INSERT INTO people_slack TABLE kept_people_slack;
"""


class Build(Protocol):
    """Makes worlds on the test's database."""

    def __call__(
        self,
        *,
        policy: Policy | None = None,
        standing: tuple[Standing, ...] = (),
        peer: World | None = None,
    ) -> Awaitable[World]:
        """Return a world."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "infra.db"
    asyncio.run(seed(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql(postgres: Cluster) -> Iterator[str]:
    """Give the URL of a migrated PostgreSQL database, with a copy of our people beside."""
    with postgres.database() as url:
        asyncio.run(seed(url))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(KEEP)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a migrated database of each kind, with our people in it and nothing else."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "infra.db")
        return f"sqlite:///{tmp_path}/infra.db"
    url: str = request.getfixturevalue("postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(EMPTY)
    return url


@pytest.fixture
async def build(database_url: str) -> AsyncIterator[Build]:
    """Give a maker of worlds; none may end with a job that failed."""
    worlds: list[World] = []

    async def one(
        *, policy: Policy | None = None, standing: tuple[Standing, ...] = (), peer: World | None = None
    ) -> World:
        worlds.append(await make(database_url, policy=policy, standing=standing, peer=peer))
        return worlds[-1]

    yield one
    for world in worlds:
        await world.store.close()
    assert [failure for world in worlds for failure in world.failures] == []


@pytest.fixture
async def world(build: Callable[[], Awaitable[World]]) -> World:
    """Give a world with the policy as it comes."""
    return await build()
