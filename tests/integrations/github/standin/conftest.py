"""Stand-ins of GitHub for each test."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.integrations.github.standin.running import SEED, GitHub, Start


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start stand-ins from the seed with changes, and stop them at the end."""
    running: list[GitHub] = []

    async def begin(**changes: Any) -> GitHub:
        github = GitHub(SEED | changes)
        running.append(github)
        await github.server.start_server()
        return github

    yield begin
    for github in running:
        await github.session.close()
        await github.server.close()


@pytest.fixture
async def github(start: Start) -> GitHub:
    """A stand-in started from the seed."""
    return await start()
