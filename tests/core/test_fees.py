"""Fee models: exact until they are rounded once, to the penny."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Refused
from bot.core.fees import Basket, Batch, FeePlan, Part, offer, offers
from bot.core.money import Money
from bot.core.prices import Price, Rates, price
from bot.core.tickets import Conference, Orders, Release, Sale, Sales

TITO = Part(payee="ti.to", percent=Decimal(3))
STRIPE = Part(payee="Stripe", percent=Decimal("2.9"), per_ticket=price("£0.20"))
HIGH = FeePlan(name="high", parts=(TITO, STRIPE))
EURO = Rates(on=date(2016, 3, 13), table={"GBP": Decimal("0.77646")})
LOW = FeePlan(
    name="low",
    parts=(Part(payee="ti.to", percent=Decimal(1), per_year=price("1000 EUR")), STRIPE),
    rates=EURO,
)
PERCENTS = st.decimals(0, 100, places=2, allow_nan=False)
PENCE = st.integers(0, 100_000)


def basket(tickets: int, pounds: Decimal | int, net: Decimal | None = None, orders: int = 0) -> Basket:
    """Return tickets of one price."""
    without = None if net is None else Price(amount=net, currency="GBP")
    return Basket(
        batches=(Batch(tickets=tickets, price=Price(amount=pounds, currency="GBP"), net=without),),
        orders=orders or tickets,
    )


def pounds(plan: FeePlan, sold: Basket, rates: Rates | None = None) -> str:
    """Return what a plan comes to."""
    return str(offer(plan, sold, "GBP", rates).total)


def test_the_figures_of_2016() -> None:
    """Both ends of the organisers' range come out to the penny, the cheaper one first."""
    found = offers((HIGH, LOW), basket(300, 200), "GBP", None)
    assert [(each.plan.name, str(each.total)) for each in found] == [
        ("low", "£3,176.46"),
        ("high", "£3,600.00"),
    ]
    assert [str(fee.amount) for fee in found[0].fees] == ["£1,376.46", "£1,800.00"]


def test_each_kind_of_part() -> None:
    """A cap holds for each ticket, an order counts once, a base without VAT is what it says."""
    capped = FeePlan(name="c", parts=(TITO.model_copy(update={"cap": price("£5")}),))
    assert pounds(capped, basket(10, 200)) == "£50.00"
    assert pounds(capped, basket(10, 100)) == "£30.00"
    ordered = FeePlan(name="o", parts=(Part(payee="Stripe", per_order=price("£0.20")),))
    assert pounds(ordered, basket(10, 100, orders=4)) == "£0.80"
    without = FeePlan(name="n", parts=(TITO.model_copy(update={"base": "without VAT"}),))
    assert pounds(without, basket(10, 120, Decimal(100))) == "£30.00"
    assert pounds(without, basket(10, 120)) == "£36.00"


def test_parts_say_what_they_are() -> None:
    """A part reads as people would write it."""
    assert str(STRIPE) == "2.9 % + £0.20 a ticket"
    assert str(LOW.parts[0]) == "1 % + €1,000 a year"
    part = Part(payee="x", percent=Decimal(3), per_order=price("£1"), cap=price("25 EUR"), base="without VAT")
    assert str(part) == "3 % of the price without VAT + £1 an order, at most €25 a ticket"
    assert str(Part(payee="x")) == "nothing"


@settings(max_examples=40)
@given(PERCENTS, PENCE, PENCE, st.integers(0, 5000), st.integers(0, 5000))
def test_fees_are_exact_and_grow_with_sales(
    percent: Decimal, fixed: int, cost: int, tickets: int, more: int
) -> None:
    """Rounded once, half-up; parts add up; more tickets never cost less; free ones cost nothing."""
    each = Decimal(cost).scaleb(-2)
    part = Part(
        payee="x", percent=percent, per_ticket=Price(amount=Decimal(fixed).scaleb(-2), currency="GBP")
    )
    plan = FeePlan(name="p", parts=(part, TITO))
    few, many = (
        offer(plan, basket(tickets, each), "GBP", None),
        offer(plan, basket(tickets + more, each), "GBP", None),
    )
    assert few.total == Money.total((fee.amount for fee in few.fees), "GBP")
    assert not many.total < few.total
    exact = tickets * (each * percent / 100 + Decimal(fixed).scaleb(-2)) if cost else Decimal(0)
    assert few.fees[0].amount == Money.of(exact, "GBP")


def test_a_price_in_another_currency_needs_a_rate() -> None:
    """Tickets sold in euro are converted; without a rate nothing is guessed."""
    sold = Basket(batches=(Batch(tickets=10, price=price("100 EUR")),), orders=10)
    plan = FeePlan(name="p", parts=(TITO,))
    assert pounds(plan, sold, EURO) == "£23.29"
    with pytest.raises(Refused, match="EUR"):
        offer(plan, sold, "GBP", None)


def test_real_sales_are_a_basket() -> None:
    """Each release counts at the price its tickets had on average; free ones are left out."""

    def release(sold: int, revenue: int, **more: Money) -> Release:
        gone = Money.of(0, "GBP")
        return Release(
            name="r",
            title="R",
            state=Sale.ON,
            sold=sold,
            revenue=Money.of(revenue, "GBP"),
            voided=gone,
            **more,
        )

    none = Money.of(0, "GBP")
    sales = Sales(
        conference=Conference(name="2026", title="2026", currency="GBP"),
        at=datetime(2026, 6, 15, tzinfo=UTC),
        releases=(
            release(3, 350, price=Money.of(120, "GBP"), net=Money.of(100, "GBP")),
            release(2, 100, price=Money.of(50, "GBP"), net=Money.of(50, "GBP")),
            release(5, 0),
            release(0, 0),
        ),
        orders=Orders(number=4, paid=none, unpaid=none, refunded=none),
    )
    found = Basket.of(sales)
    assert found.orders == 4
    assert [(batch.tickets, batch.net is None) for batch in found.batches] == [(3, False), (2, True)]
    plan = FeePlan(name="p", parts=(TITO.model_copy(update={"base": "without VAT"}),))
    assert pounds(plan, found) == "£11.75"  # 3 % of 350 / 1.2 and of 100
