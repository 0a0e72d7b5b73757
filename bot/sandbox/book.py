"""What the bot wrote into its own database: people and journal, as the page and the tour read them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.event import Event
from bot.core.people import Person
from bot.store import Store, StoreUnavailable, journal, people


@dataclass(frozen=True)
class Book:
    """Our people, and the newest lines of the journal, oldest first."""

    people: Sequence[Person] = ()
    lines: Sequence[Event] = ()
    length: int = 0


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[Store]:
    """Give the database of the running bot."""
    store = await Store.open(f"sqlite:///{file}")
    try:
        yield store
    finally:
        await store.close()


async def read(file: Path, limit: int = 14) -> Book:
    """Return what is written; nothing while there is no database yet."""
    if not file.exists():  # noqa: ASYNC240 # a glance at a local file
        return Book()
    try:
        async with opened(file) as store:
            if await store.behind():
                return Book()
            async with store.read() as tx:
                length, _ = await journal.head(tx)
                return Book(await people.everyone(tx), await journal.lines(tx, limit=limit), length)
    except StoreUnavailable:  # the bot starts, or its database was just thrown away
        return Book()
