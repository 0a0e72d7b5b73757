"""A world for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import pytest

from bot.http import network
from tests.commands.world import NOW, SEED, World

Build: TypeAlias = Callable[..., Awaitable[World]]


@pytest.fixture
async def build() -> AsyncIterator[Build]:
    """Build worlds from the seed with changes, and stop them at the end."""
    worlds: list[World] = []
    async with network(lambda: NOW) as net:

        async def begin(**changes: Any) -> World:
            world = World(SEED | changes, net)
            worlds.append(world)
            await world.start()
            return world

        yield begin
        for world in worlds:
            await world.server.close()


@pytest.fixture
async def world(build: Build) -> World:
    """The organisation of the seed."""
    return await build()
