"""The play on which journeys happen."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.play import Play, playing


@pytest.fixture
async def play(request: pytest.FixtureRequest) -> AsyncIterator[Play]:
    """Give a play as the seed has it; a module's ``VENDORS`` are all the bot then knows of."""
    async with playing(vendors=getattr(request.module, "VENDORS", None)) as play:
        yield play
