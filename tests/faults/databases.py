"""Empty, migrated databases by the hundred."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias
from uuid import uuid4

from bot.store import Store
from tests.postgres import Server, bring_back, way_back

Dialect: TypeAlias = Literal["sqlite", "postgresql"]


@dataclass(frozen=True)
class Databases:
    """Call it for the URL of a new database, which is gone afterwards."""

    dialect: Dialect
    new: Callable[[], AbstractAsyncContextManager[str]]

    def __call__(self) -> AbstractAsyncContextManager[str]:
        """Give one."""
        return self.new()


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Databases]:
    """Give databases in files of *folder*."""
    template = folder / "template.db"
    asyncio.run(_migrate(f"sqlite:///{template}"))

    @asynccontextmanager
    async def database() -> AsyncIterator[str]:
        copy = folder / uuid4().hex
        copy.mkdir()
        shutil.copy(template, copy / "infra.db")
        yield f"sqlite:///{copy}/infra.db"
        shutil.rmtree(copy)

    yield Databases("sqlite", database)


@contextmanager
def on_postgresql(server: Server) -> Iterator[Databases]:
    """Give databases of *server*; one that is given back is given again."""
    with server.database() as migrated, ExitStack() as stack:
        asyncio.run(_migrate(migrated))
        free: list[tuple[str, str]] = []

        def new() -> tuple[str, str]:
            url = stack.enter_context(server.database(migrated.rpartition("/")[2]))
            return url, way_back(url)

        @asynccontextmanager
        async def database() -> AsyncIterator[str]:
            url, way = free.pop() if free else await asyncio.to_thread(new)
            yield url
            await asyncio.to_thread(bring_back, url, way)
            free.append((url, way))

        yield Databases("postgresql", database)


async def _migrate(url: str) -> None:
    store = await Store.open(url)
    try:
        await store.migrate()
    finally:
        await store.close()
