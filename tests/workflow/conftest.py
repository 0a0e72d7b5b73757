"""What the tests of the workflow share: a world on a fresh copy of a migrated database of each kind."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from bot.core.policy import Policy
from bot.workflow.wiring import Standing
from tests.postgres import Server, renewed
from tests.workflow.world import World, make, seed

KINDS = ("sqlite", "postgresql")
RACING = {"test_racing"}  # where processes meet
MEETING = RACING | {"test_applying", "test_deciding", "test_dying"}  # where they could


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
def postgresql(postgres: Server) -> Iterator[Callable[[], str]]:
    """Give what returns a migrated PostgreSQL database with our people, the same one each time."""
    with renewed(postgres, lambda url: asyncio.run(seed(url))) as again:
        yield again


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let tests run on both kinds of database where processes meet; with ``--cov`` where they could, too.

    The others do with ``--full`` alone: that each statement works on both is for the tests of the store.
    """
    asked = any("database_url" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database_url" in metafunc.fixturenames and not asked:
        module = metafunc.module.__name__.rpartition(".")[2]
        both = module in (MEETING if metafunc.config.getoption("--cov") else RACING)
        kinds = KINDS if both or metafunc.config.getoption("--full") else KINDS[:1]
        metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a migrated database of each kind, with our people in it and nothing else."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "infra.db")
        return f"sqlite:///{tmp_path}/infra.db"
    again: Callable[[], str] = request.getfixturevalue("postgresql")
    return again()


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
