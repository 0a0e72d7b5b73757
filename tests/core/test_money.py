"""Money: exact, half-up, and never of two currencies at once."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.money import Money, Rate

PENCE = st.integers(-(10**12), 10**12).map(lambda minor: Money(minor=minor, currency="GBP"))
EURO = Rate(base="EUR", quote="GBP", value=Decimal("0.77646"), on=date(2016, 3, 11))


@given(PENCE, PENCE)
def test_sums_are_exact(one: Money, other: Money) -> None:
    """What is added can be taken away again; an amount survives its own text."""
    assert one + other - other == one
    assert Money.of(one.amount, "GBP") == one
    assert (one < other) is (one.minor < other.minor)


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_a_share_is_the_nearest_penny(minor: int, number: int) -> None:
    """What each of many pays is exact, half-up."""
    assert Money(minor=minor, currency="GBP").each(number).minor == (2 * minor + number) // (2 * number)


def test_halves_are_rounded_up() -> None:
    """To the penny, away from zero, as people do it."""
    assert Money.of("0.005", "GBP").minor == 1
    assert Money.of("-0.005", "GBP").minor == -1
    assert Money.of(200, "GBP").part(Decimal("0.029")) == Money.of("5.80", "GBP")
    assert Money.of("0.50", "GBP").part(Decimal("0.05")).minor == 3


def test_a_conversion_needs_a_rate_of_the_right_currency() -> None:
    """A thousand euro at the rate of a day."""
    assert Money.of(1000, "EUR").at(EURO) == Money.of("776.46", "GBP")
    with pytest.raises(ValueError, match="cannot convert GBP"):
        Money.of(1, "GBP").at(EURO)


@pytest.mark.parametrize("mix", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b])
def test_currencies_do_not_mix(mix: object) -> None:
    """There is no sum of pounds and euro, and neither is the larger."""
    assert callable(mix)
    with pytest.raises(ValueError, match="without a rate"):
        mix(Money.of(1, "GBP"), Money.of(1, "EUR"))


@pytest.mark.parametrize(
    ("amount", "currency", "long", "short"),
    [
        ("31204", "GBP", "£31,204.00", "£31,204"),
        ("-3.1", "GBP", "-£3.10", "-£3.10"),
        ("31.42", "EUR", "€31.42", "€31.42"),
        ("1200", "JPY", "1,200 JPY", "1,200 JPY"),
        ("1.5", "CHF", "1.50 CHF", "1.50 CHF"),
        ("2", "CHF", "2.00 CHF", "2 CHF"),
    ],
)
def test_money_is_written_as_people_do(amount: str, currency: str, long: str, short: str) -> None:
    """With its sign where it has one, and without pence when there are none."""
    money = Money.of(amount, currency)
    assert (str(money), money.short) == (long, short)


def test_a_total_of_nothing_is_nothing() -> None:
    """And nothing is false."""
    assert Money.total((), "GBP") == Money(minor=0, currency="GBP")
    assert not Money.total((), "GBP")
    assert Money.total([Money.of(1, "GBP") * 3], "GBP") == Money.of(3, "GBP")
