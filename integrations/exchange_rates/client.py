"""The European Central Bank's files, and Frankfurter, which has the same rates; both only by GET."""

from dataclasses import dataclass, field
from datetime import date

from bot.http import Http, Memo, Network
from integrations.exchange_rates.models import Day, Days, Latest, days
from integrations.exchange_rates.settings import RatesSettings

HOURLY = 600  # neither publishes a rate
FRESH = 3600.0  # seconds: there are new figures once on a working day


def connect(settings: RatesSettings, network: Network) -> "RatesClient":
    """Return a client of both."""
    bank = Http(network, "the European Central Bank", settings.url, hourly=HOURLY, parse=days)
    return RatesClient(bank, Http(network, "Frankfurter", settings.frankfurter_url, hourly=HOURLY))


@dataclass
class RatesClient:
    """Both sources."""

    _bank: Http
    _other: Http
    memo: Memo = field(default_factory=lambda: Memo(FRESH))

    def today(self) -> date:
        """Return the date, in UTC."""
        return self._bank.network.clock().date()

    async def newest(self) -> Day:
        """Return the newest day of the bank."""
        answer = await self._bank.get("/eurofxref-daily.xml")
        return self._bank.fit(Days, answer.content).days[0]

    async def recent(self) -> tuple[Day, ...]:
        """Return the last 90 days of the bank."""
        answer = await self._bank.get("/eurofxref-hist-90d.xml")
        return self._bank.fit(Days, answer.content).days

    async def elsewhere(self, on: date | None) -> Latest:
        """Return Frankfurter's rates of a day, or the last before it; without a day the newest."""
        answer = await self._other.get(f"/{on}" if on else "/latest", {"base": "EUR"})
        return self._other.fit(Latest, answer.content)
