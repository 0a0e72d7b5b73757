"""Empty, migrated databases, each made in a moment as a copy of a template."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias
from uuid import uuid4

from bot.store import Store
from tests.postgres import Cluster

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
def on_postgresql(cluster: Cluster) -> Iterator[Databases]:
    """Give databases of *cluster*."""
    with cluster.database() as url:
        asyncio.run(_migrate(url))
        template = url.rpartition("/")[2]

        @asynccontextmanager
        async def database() -> AsyncIterator[str]:
            made = cluster.database(template)
            copy = await asyncio.to_thread(made.__enter__)
            try:
                yield copy
            finally:
                await asyncio.to_thread(made.__exit__, None, None, None)

        yield Databases("postgresql", database)


async def _migrate(url: str) -> None:
    store = await Store.open(url)
    try:
        await store.migrate()
    finally:
        await store.close()
