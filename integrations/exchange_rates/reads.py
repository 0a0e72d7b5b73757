"""What the bot asks for exchange rates, in our words; answers may be an hour old."""

from dataclasses import dataclass
from datetime import date

from bot.core.errors import VendorError
from bot.core.prices import Rates
from integrations.exchange_rates.client import RatesClient
from integrations.exchange_rates.models import Day, Latest

BANK, OTHER = "ECB", "ECB by Frankfurter"


@dataclass(frozen=True)
class RatesReads:
    """Exchange rates, looked at."""

    _client: RatesClient

    async def rates(self, on: date) -> Rates:
        """Return the rates of a day, or the last ones before it; VendorError when neither source has them."""
        return await self._client.memo(on, lambda: self._rates(on))

    async def _rates(self, on: date) -> Rates:
        try:
            day = await self._of_bank(on)
        except VendorError:
            day = None
        if day is not None:
            return Rates(base="EUR", on=day.time, table=day.rates, source=BANK)
        return _elsewhere(await self._client.elsewhere(on if on < self._client.today() else None))

    async def _of_bank(self, on: date) -> Day | None:
        """Return the bank's newest day that is not after *on*; None when its files begin later."""
        newest = await self._client.newest()
        days = [newest] if newest.time <= on else await self._client.recent()
        return max((day for day in days if day.time <= on), key=lambda day: day.time, default=None)


def _elsewhere(found: Latest) -> Rates:
    return Rates(base=found.base, on=found.day, table=found.rates, source=OTHER)
