"""What the fault runs share: databases by the hundred, and a server that forks lives."""

import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.faults.databases import Databases, on_postgresql, on_sqlite
from tests.faults.forks import Forks
from tests.postgres import Cluster, Server, cluster
from tests.require import require


@pytest.fixture(scope="session")
def on_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Give SQLite databases."""
    with on_sqlite(tmp_path_factory.mktemp("sqlite")) as databases:
        yield databases


@pytest.fixture(scope="session")
def on_server(postgres: Server) -> Iterator[Databases]:
    """Give PostgreSQL databases."""
    with on_postgresql(postgres) as databases:
        yield databases


@pytest.fixture
def own_server() -> Iterator[tuple[Cluster, Databases]]:
    """Give a durable PostgreSQL that the test may stop and start, and databases on it."""
    with cluster(require("postgresql"), durable=True) as server, on_postgresql(server) as databases:
        yield server, databases


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Give databases of each kind; for one kind alone, parametrize it indirectly."""
    found: Databases = request.getfixturevalue("on_files" if request.param == "sqlite" else "on_server")
    return found


@pytest.fixture
async def forks() -> AsyncIterator[Forks]:
    """Give a server that forks lives; what they wrote to standard error shows when the test fails."""
    async with Forks.start() as server:
        yield server
        sys.stderr.write(server.log)
