"""A scripted vendor for each test."""

from collections.abc import AsyncIterator

import pytest

from bot.http import network
from tests.http.scripted import NOON, Scripted


@pytest.fixture
async def vendor() -> AsyncIterator[Scripted]:
    """Give a vendor that the test scripts."""
    async with network(lambda: NOON) as net:
        scripted = Scripted(net)
        async with scripted.server:
            yield scripted
