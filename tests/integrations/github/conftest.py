"""GitHub as our client sees it: answering GraphQL, or REST only."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.integrations.github.wired import Wired, wired

Wire = Callable[..., Awaitable[Wired]]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Wire our client to a stand-in from the seed with changes."""
    async with AsyncExitStack() as stack:

        async def begin(
            *,
            graphql: bool = True,
            prefix: str = "",
            permissions: Mapping[str, str] | None = None,
            **changes: Any,
        ) -> Wired:
            made = wired(changes, graphql=graphql, prefix=prefix, permissions=permissions)
            return await stack.enter_async_context(made)

        yield begin


@pytest.fixture(params=["graphql", "rest"])
async def github(request: pytest.FixtureRequest, wire: Wire) -> Wired:
    """Give a GitHub of each kind."""
    return await wire(graphql=request.param == "graphql")


@pytest.fixture
async def hub(wire: Wire) -> Wired:
    """Give a GitHub that answers everything."""
    return await wire()
