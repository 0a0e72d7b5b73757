"""What it costs to sell tickets: fee models as data, worked out exactly, rounded once to the penny."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from bot.core.money import Money
from bot.core.prices import Price, Rates, Written, worth
from bot.core.tickets import Sales
from bot.core.values import Value

Percent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]


class Part(Value):
    """What one *payee* takes. Free tickets cost nothing but the yearly amount.

    *cap* is the most of *percent* and *per_ticket* together for one ticket.
    *base* says whether the percentage is of the price with VAT or without.
    """

    payee: str = Field(description="Who takes it.")
    percent: Percent = Field(Decimal(0), description="Of the price of each ticket that is not free.")
    per_ticket: Written | None = Field(None, description="For each ticket that is not free.")
    per_order: Written | None = Field(None, description="For each order.")
    per_year: Written | None = Field(None, description="Every year, whatever is sold.")
    cap: Written | None = Field(None, description="The most of `percent` and `per_ticket` for one ticket.")
    base: Literal["with VAT", "without VAT"] = Field(
        "with VAT", description="Whether the percentage is of the price with VAT or without."
    )

    def __str__(self) -> str:
        said = (
            self.percent and f"{self.percent} %{' of the price without VAT' * (self.base == 'without VAT')}",
            self.per_ticket and f"{self.per_ticket} a ticket",
            self.per_order and f"{self.per_order} an order",
            self.per_year and f"{self.per_year} a year",
        )
        most = f", at most {self.cap} a ticket" if self.cap else ""
        return f"{' + '.join(each for each in said if each) or 'nothing'}{most}"


class FeePlan(Value):
    """One way to pay for the sale of tickets.

    *rates*, when there are any, are those it was worked out with at the time.
    *besides* says what comes on top that nobody knows.
    """

    name: str
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    rates: Rates | None = None
    note: str = ""
    besides: str = ""


class Batch(Value):
    """A number of tickets sold for one price; *net* is that without VAT, when it is another."""

    tickets: Annotated[int, Field(ge=0, le=1_000_000)]
    price: Price
    net: Price | None = None


class Basket(Value):
    """What was sold, in how many orders."""

    batches: tuple[Batch, ...]
    orders: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, sales: Sales) -> "Basket":
        """Return what a year's sales are by now: each release at the price its tickets had on average."""
        found = []
        for each in sales.releases:
            if each.sold and each.revenue:
                mean = Price(amount=each.revenue.amount / each.sold, currency=each.revenue.currency)
                taxed = each.net and each.price and each.net != each.price
                share = each.net.amount / each.price.amount if taxed and each.net and each.price else None
                net = share and Price(amount=mean.amount * share, currency=mean.currency)
                found.append(Batch(tickets=each.sold, price=mean, net=net or None))
        return cls(batches=tuple(found), orders=sales.orders.number)


class Fee(Value):
    """What one part of a plan comes to."""

    part: Part
    amount: Money


class Offer(Value):
    """What one plan comes to in all."""

    plan: FeePlan
    fees: tuple[Fee, ...]

    @property
    def total(self) -> Money:
        """Return the sum."""
        return Money.total((fee.amount for fee in self.fees), self.fees[0].amount.currency)


def offer(plan: FeePlan, basket: Basket, currency: str, rates: Rates | None) -> Offer:
    """Return what *plan* costs; Refused when a currency in it cannot be converted."""
    used = plan.rates or rates
    return Offer(plan=plan, fees=tuple(_fee(part, basket, currency, used) for part in plan.parts))


def offers(plans: Sequence[FeePlan], basket: Basket, currency: str, rates: Rates | None) -> list[Offer]:
    """Return what each plan costs, the cheapest first."""
    return sorted((offer(plan, basket, currency, rates) for plan in plans), key=lambda each: each.total)


def _fee(part: Part, basket: Basket, currency: str, rates: Rates | None) -> Fee:
    def known(asked: Price | None) -> Decimal:
        return Decimal(0) if asked is None else worth(asked, currency, rates)

    exact = known(part.per_year)
    paid = [batch for batch in basket.batches if batch.price.amount]
    for batch in paid:
        base = (batch.net or batch.price) if part.base == "without VAT" else batch.price
        each = known(base) * part.percent / 100 + known(part.per_ticket)
        exact += batch.tickets * (min(each, known(part.cap)) if part.cap else each)
    if paid:
        exact += basket.orders * known(part.per_order)
    return Fee(part=part, amount=Money.of(exact, currency))
