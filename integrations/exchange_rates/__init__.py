"""Exchange rates of the European Central Bank: its own file first, Frankfurter second."""

from bot.core.prices import Exchange
from bot.core.vendor import Vendor
from integrations.exchange_rates.check import check
from integrations.exchange_rates.client import RatesClient, connect
from integrations.exchange_rates.reads import RatesReads
from integrations.exchange_rates.settings import RatesSettings

__all__ = ["EXCHANGE_RATES", "RatesReads", "RatesSettings"]


def _exchange(reads: RatesReads) -> Exchange:
    return reads


EXCHANGE_RATES: Vendor[RatesSettings, RatesClient, RatesReads] = Vendor(
    name="exchange_rates",
    title="exchange rates",
    settings=RatesSettings,
    connect=connect,
    reads=RatesReads,
    check=check,
    exchange=_exchange,
)
