"""What the tests of the Slack frontend share: a stand-in Slack, and the bot that serves it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from integrations.slack.standin import StandIn
from tests.frontends.slack.faults import Faults
from tests.frontends.slack.office import Office, opened, workspace
from tests.workflow.world import Clock, seed


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("slack") / "infra.db"
    asyncio.run(seed(f"sqlite:///{path}"))
    return path


@pytest.fixture
def database_url(template: Path, tmp_path: Path) -> str:
    """Give a migrated database with our people in it."""
    shutil.copyfile(template, tmp_path / "infra.db")
    return f"sqlite:///{tmp_path}/infra.db"


@pytest.fixture
def faults() -> Faults:
    """Give the switches that make Slack as bad as it can be."""
    return Faults()


@pytest.fixture
async def slack(faults: Faults) -> AsyncIterator[StandIn]:
    """Give a served stand-in Slack."""
    standin = StandIn(workspace(), Clock())
    standin.app.middlewares.append(faults.middleware)
    async with TestServer(standin.app) as server:
        standin.rate_limits = False
        standin.base_url = str(server.make_url("/"))
        yield standin


@pytest.fixture
async def office(database_url: str, slack: StandIn) -> AsyncIterator[Office]:
    """Give the bot at work over HTTP."""
    async with opened(database_url, slack) as office:
        yield office
