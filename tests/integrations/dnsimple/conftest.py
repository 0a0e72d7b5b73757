"""A stand-in DNSimple with our client."""

from collections.abc import AsyncIterator

import pytest

from tests.integrations.dnsimple.wired import Wired, wired


@pytest.fixture
async def dnsimple() -> AsyncIterator[Wired]:
    """Give the stand-in as its seed has it, and our client."""
    async with wired() as found:
        yield found
