"""The section ``integrations.exchange_rates`` of the configuration."""

from pydantic import Field

from bot.core.values import Value
from bot.http import Address


class RatesSettings(Value):
    """Where exchange rates are published; neither asks for an account."""

    url: Address = Field(
        "https://www.ecb.europa.eu/stats/eurofxref", description="The European Central Bank's files."
    )
    frankfurter_url: Address = Field(
        "https://api.frankfurter.dev/v1",
        description="The same rates elsewhere, asked when those are not there.",
    )
