"""Money: whole minor units of one currency; currencies never mix, and rounding is half-up to the penny."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.core.values import Value

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
_DIGITS = {"JPY": 0, "KRW": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3}  # ISO 4217; else 2


class Rate(Value):
    """What one unit of *base* was worth in *quote* on a day."""

    base: Currency
    quote: Currency
    value: Annotated[Decimal, Field(gt=0)]
    on: date


class Money(Value):
    """An amount in minor units, such as pence, of an ISO 4217 currency."""

    minor: int
    currency: Currency

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> "Money":
        """Return *amount* of major units, such as pounds."""
        exact = Decimal(amount).scaleb(_digits(currency))
        return cls(minor=_whole(exact), currency=currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """Return the sum of *amounts*, all of *currency*; nothing adds up to zero."""
        return sum(amounts, cls(minor=0, currency=currency))

    @property
    def amount(self) -> Decimal:
        """Return the amount in major units."""
        return Decimal(self.minor).scaleb(-_digits(self.currency))

    def part(self, share: Decimal) -> "Money":
        """Return a *share* of it, such as ``Decimal("0.029")``, to the penny."""
        return Money(minor=_whole(self.minor * share), currency=self.currency)

    def each(self, number: int) -> "Money":
        """Return what it is for one of *number*, to the penny."""
        return Money(minor=_whole(Decimal(self.minor) / number), currency=self.currency)

    def at(self, rate: Rate) -> "Money":
        """Return what it was worth at *rate*; ValueError when that is of another currency."""
        if rate.base != self.currency:
            raise ValueError(f"a rate of {rate.base} cannot convert {self.currency}")
        return Money.of(self.amount * rate.value, rate.quote)

    def __add__(self, other: "Money") -> "Money":
        return Money(minor=self.minor + self._alike(other).minor, currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __neg__(self) -> "Money":
        return Money(minor=-self.minor, currency=self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(minor=self.minor * times, currency=self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._alike(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        digits, sign = f"{abs(self.amount):,.{_digits(self.currency)}f}", "-" if self.minor < 0 else ""
        symbol = _SIGNS.get(self.currency)
        return f"{sign}{symbol}{digits}" if symbol else f"{sign}{digits} {self.currency}"

    @property
    def short(self) -> str:
        """Return it as people write it: without pence when there are none."""
        whole = self.minor % 10 ** _digits(self.currency) == 0
        return str(self).replace("." + "0" * _digits(self.currency), "") if whole else str(self)

    def _alike(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be mixed without a rate")
        return other


def _digits(currency: str) -> int:
    return _DIGITS.get(currency, 2)


def _whole(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
