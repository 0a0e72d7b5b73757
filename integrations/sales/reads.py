"""What may be read of our record of ticket sales; the record itself is handed in."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.core.tickets import Sales, Season


class Record(Protocol):
    """Our record of ticket sales."""

    async def seasons(self) -> tuple[Season, ...]:
        """Return the years, oldest first."""

    async def season(self, year: int) -> Season | None:
        """Return one year."""

    async def put(self, season: Season) -> None:
        """Keep a year, in the place of what was kept of it."""

    async def remove(self, year: int) -> None:
        """Forget a year."""

    async def newest(self) -> Sales | None:
        """Return the newest daily snapshot of any conference."""

    async def snapshots(self, conference: str, since: date) -> tuple[Sales, ...]:
        """Return the daily snapshots of a conference from a day on, oldest first."""

    async def followed(self, seller: str) -> str | None:
        """Return the event that figures of a seller are of; None while nobody said."""

    async def follow(self, seller: str, event: str | None) -> None:
        """Keep which event figures of a seller are of; None forgets it."""


@dataclass(frozen=True)
class SalesReads:
    """Our record, looked at."""

    _record: Record

    async def seasons(self) -> tuple[Season, ...]:
        """Return the years, oldest first."""
        return await self._record.seasons()

    async def newest(self) -> Sales | None:
        """Return the newest daily snapshot of any conference, without its curve."""
        return await self._record.newest()

    async def snapshots(self, conference: str, since: date) -> tuple[Sales, ...]:
        """Return the daily snapshots of a conference from a day on, oldest first, without their curves."""
        return await self._record.snapshots(conference, since)
