"""A world in which nothing is set up yet but Slack, its channels and GitHub."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.sandbox.world import World
from integrations.slack.standin import StandIn


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Give a world without a bot."""
    async with World.start() as world:
        yield world


@pytest.fixture
def slack(world: World) -> StandIn:
    """Give the workspace."""
    standin: object = world.slack  # the sandbox loads it by name
    assert isinstance(standin, StandIn)
    return standin


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """Put the handlers of logs back that a run in this process replaced."""
    before = logging.root.handlers[:]
    yield
    logging.root.handlers[:] = before
