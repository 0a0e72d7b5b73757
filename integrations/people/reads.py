"""What may be read of our list of people; the list itself is handed in."""

from dataclasses import dataclass
from typing import Protocol

from bot.core.people import Person
from bot.core.review import Terms


class Listed(Protocol):
    """Our list of people. Names are one whatever their case."""

    async def everyone(self) -> tuple[Person, ...]:
        """Return all people, by name."""

    async def by_name(self, name: str) -> Person | None:
        """Return one person."""

    async def put(self, person: Person) -> None:
        """Keep *person*, in place of who bears the name."""

    async def remove(self, name: str) -> None:
        """Forget one person."""

    async def review(self) -> Terms | None:
        """Return what the review that runs was begun with."""

    async def begin_review(self, terms: Terms) -> None:
        """Begin a review, unless one runs."""

    async def stop_review(self) -> None:
        """Stop the review that runs."""


@dataclass(frozen=True)
class PeopleReads:
    """Our people, looked at."""

    _list: Listed

    async def everyone(self) -> tuple[Person, ...]:
        """Return all people, by name."""
        return await self._list.everyone()
