"""Our record of costs, which is handed in; commands read it as part of the bill."""

from dataclasses import dataclass
from typing import Protocol

from bot.core.costs import Charge


class Record(Protocol):
    """What people recorded of costs."""

    async def charge(self, vendor: str) -> Charge | None:
        """Return what was recorded of a vendor."""

    async def put(self, vendor: str, charge: Charge) -> None:
        """Keep what a vendor charges, in the place of what was recorded of it."""

    async def remove(self, vendor: str) -> None:
        """Forget what was recorded of a vendor."""


@dataclass(frozen=True)
class CostsReads:
    """Our record, looked at."""

    _record: Record

    async def charge(self, vendor: str) -> Charge | None:
        """Return what was recorded of a vendor."""
        return await self._record.charge(vendor)
