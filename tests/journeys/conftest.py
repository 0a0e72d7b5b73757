"""The play on which journeys happen."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.play import Play, playing


@pytest.fixture
async def play() -> AsyncIterator[Play]:
    """Give a play as the seed has it."""
    async with playing() as play:
        yield play
