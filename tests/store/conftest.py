"""What the tests of the store share."""

from collections.abc import AsyncIterator

import pytest

from bot.store import Store


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """Give a migrated store on each kind of database."""
    store = await Store.open(database_url)
    await store.migrate()
    yield store
    await store.close()
