"""Exact prices as people write them, and the exchange rates of a day; nothing here is rounded."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Protocol

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.core.duration import day
from bot.core.errors import Refused
from bot.core.money import Currency, Money
from bot.core.values import Value

_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
_WRITTEN = re.compile(r"([€£$]?)\s*(\d{1,9}(?:,\d{3})*(?:\.\d{1,6})?)\s*([A-Za-z]{3})?")
STALE = timedelta(days=6)  # over Easter the rates of Thursday serve until Tuesday

Worth = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]


class Price(Value):
    """What one unit costs, or what is asked for: exact, as the vendor wrote it."""

    amount: Annotated[Decimal, Field(ge=0, le=1_000_000_000, allow_inf_nan=False)]
    currency: Currency

    @property
    def money(self) -> Money:
        """Return it to the penny."""
        return Money.of(self.amount, self.currency)

    def __str__(self) -> str:
        return self.money.short if self.money.amount == self.amount else f"{self.amount} {self.currency}"


def price(said: object, currency: str = "") -> object:
    """Return the price that text such as "50 USD", "£0.20" or, of a known *currency*, "50" says.

    What is no text is returned as it is. Raises ValueError.
    """
    if isinstance(said, int | float):
        said = str(said)
    if not isinstance(said, str):
        return said
    found = _WRITTEN.fullmatch(said.strip())
    named = found and (found[3] or "").upper()
    signed = found and _SIGNS.get(found[1], "")
    if not found or (named and signed and named != signed):
        raise ValueError(f"{said[:40]!r} is no amount of money: write for example 50 USD, or £11.99")
    known = named or signed or currency
    if not known:
        raise ValueError(f"{said[:40]!r} needs a currency: write for example {said[:20]} GBP")
    return Price(amount=Decimal(found[2].replace(",", "")), currency=known)


Written = Annotated[
    Price, BeforeValidator(price), WithJsonSchema({"type": "string", "examples": ["50 USD", "£11.99"]})
]
"""A price in a file: ``50 USD``."""


class Rates(Value):
    """What one unit of *base* was worth in other currencies on a day, as *source* said it."""

    base: Currency = Field("EUR", description="The currency of which one unit is meant.")
    on: date = Field(description="The day of these rates.")
    table: Mapping[Currency, Worth] = Field(description="What it was worth: `{GBP: 0.86393, USD: 1.15}`.")
    source: str = Field("the configuration", description="Who said so.")

    def worth(self, asked: Price, currency: str) -> Decimal:
        """Return the exact amount of *currency* that a price was worth; Refused when it is not known."""
        if asked.currency == currency:
            return asked.amount
        worth = {**self.table, self.base: Decimal(1)}
        for each in (asked.currency, currency):
            if each not in worth:
                raise no_rate(each, f"{self}")
        return asked.amount * worth[currency] / worth[asked.currency]

    def __str__(self) -> str:
        return f"{self.source}, {day(self.on)}"

    def stale(self, today: date) -> bool:
        """Return whether newer ones should have been published since."""
        return today - self.on > STALE


class Exchange(Protocol):
    """Whoever publishes exchange rates."""

    async def rates(self, on: date) -> Rates:
        """Return the rates of a day, or the last ones before it; VendorError when there are none."""


def no_rate(currency: str, where: str = "") -> Refused:
    """Return the error that a currency cannot be converted."""
    among = f" among the exchange rates of {where}" if where else ""
    return Refused(
        f"There is no {currency}{among}." if where else f"No exchange rate of {currency} is known.",
        "The maintainer sets `integrations.exchange_rates`, or `costs.rates` in the configuration.",
    )


def worth(asked: Price, currency: str, rates: Rates | None) -> Decimal:
    """Return the exact amount of *currency* that a price is worth; Refused when no rate says so."""
    if asked.currency == currency:
        return asked.amount
    if rates is None:
        raise no_rate(asked.currency)
    return rates.worth(asked, currency)
