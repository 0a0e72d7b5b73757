"""ti.to as our client sees it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.integrations.tito.wired import Wired, wired

Wire = Callable[..., Awaitable[Wired]]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Wire our client to a stand-in from the seed with changes; *settings* are those of our section."""
    async with AsyncExitStack() as stack:

        async def begin(settings: dict[str, str] | None = None, **changes: Any) -> Wired:
            return await stack.enter_async_context(wired(changes, **(settings or {})))

        yield begin


@pytest.fixture
async def tito(wire: Wire) -> Wired:
    """Give the ti.to of the seed."""
    return await wire()
