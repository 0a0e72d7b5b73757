"""Prices as people write them, and what they were worth on a day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.core.errors import Refused
from bot.core.prices import Price, Rates, Written, price, worth

ECB = Rates(on=date(2026, 3, 18), table={"USD": Decimal("1.15"), "GBP": Decimal("0.86393")}, source="ECB")
AMOUNTS = st.decimals(0, 100_000, places=4, allow_nan=False)
WRITTEN = TypeAdapter[Price](Written)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("50 USD", "$50"),
        ("$50", "$50"),
        ("0.0083usd", "0.0083 USD"),
        ("£1,234.5", "£1,234.50"),
        ("€ 10", "€10"),
        ("£2 GBP", "£2"),
    ],
)
def test_prices_are_read_as_people_write_them(said: str, means: str) -> None:
    """A sign or a code says the currency; what is less than a penny is kept exactly."""
    assert str(WRITTEN.validate_python(said)) == means


@pytest.mark.parametrize("said", ["", "50", "£5 USD", "-5 GBP", "five GBP", "1e3 GBP", "5 POUNDS", 50, 1.5])
def test_what_is_no_price_says_how_to_write_one(said: object) -> None:
    """An amount without a currency, with two, or below nothing is refused with an example."""
    with pytest.raises(ValidationError, match="write for example"):
        WRITTEN.validate_python(said)


def test_a_known_currency_need_not_be_written() -> None:
    """Where the currency is known a number is enough, and what is a price already stays one."""
    assert price("12", "GBP") == price("£12") == WRITTEN.validate_python(price("£12"))
    assert WRITTEN.validate_python({"amount": "12", "currency": "GBP"}) == price("£12")


@given(AMOUNTS)
def test_conversions_go_through_the_base_unrounded(amount: Decimal) -> None:
    """Dollars become pounds by two rates of one table; pounds stay what they are, whatever the rates."""
    dollars = Price(amount=amount, currency="USD")
    assert worth(dollars, "GBP", ECB) == amount * Decimal("0.86393") / Decimal("1.15")
    assert ECB.worth(Price(amount=amount, currency="EUR"), "GBP") == amount * Decimal("0.86393")
    for rates in (ECB, None):
        assert worth(Price(amount=amount, currency="GBP"), "GBP", rates) == amount
    assert ECB.worth(Price(amount=amount, currency="GBP"), "GBP") == amount


def test_rates_grow_stale() -> None:
    """Over Easter the rates of Thursday serve until Tuesday; after that newer ones should be there."""
    assert [ECB.stale(date(2026, 3, day)) for day in (18, 24, 25)] == [False, False, True]


def test_a_currency_without_a_rate_is_never_guessed() -> None:
    """Which currency is missing, and where one was looked for, is said."""
    crowns = Price(amount=Decimal(9), currency="NOK")
    with pytest.raises(Refused, match="There is no NOK among the exchange rates of ECB, 18 Mar 2026"):
        worth(crowns, "GBP", ECB)
    with pytest.raises(Refused, match="There is no NOK"):
        worth(Price(amount=Decimal(9), currency="GBP"), "NOK", ECB)
    with pytest.raises(Refused, match="No exchange rate of NOK is known"):
        worth(crowns, "GBP", None)
