"""Our seller of tickets, asked for the event that our record follows."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.tickets import Conference, Sales, Ticketing
from integrations.sales.reads import Record


@dataclass(frozen=True)
class FollowedSales:
    """Whoever sells our tickets; the event that our record follows goes before the one of the settings."""

    _ticketing: Ticketing
    _record: Record

    @property
    def vendor(self) -> str:
        """Return the name of its integration."""
        return self._ticketing.vendor

    @property
    def seller(self) -> str:
        """Return what people call it."""
        return self._ticketing.seller

    @property
    def where(self) -> str:
        """Return the link to where people make events there."""
        return self._ticketing.where

    async def current(self) -> str:
        """Return the name of the event that figures are of unless another is asked for."""
        return await self._record.followed(self.vendor) or await self._ticketing.current()

    async def conferences(self, *, archived: bool = False) -> tuple[Conference, ...]:
        """Return the events there, newest first; *archived* ones only when asked."""
        return await self._ticketing.conferences(archived=archived)

    async def sales(self, zone: ZoneInfo, name: str | None = None, *, fresh: bool = False) -> Sales:
        """Return how one event sells, by default the followed one."""
        return await self._ticketing.sales(zone, name or await self.current(), fresh=fresh)
