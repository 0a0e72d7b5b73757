"""``costs estimate``: what the sale of so many tickets would cost, on each plan of a tariff."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from bot.core.command import Arg, Command, Context
from bot.core.costs import CURRENT, Tariff
from bot.core.duration import day
from bot.core.fees import Basket, Batch, Offer, offers
from bot.core.people import Role
from bot.core.prices import Price, Rates
from bot.core.reply import Notice, Reply, Table, Text
from bot.core.values import Value
from commands.costs.asked import amount


class Args(Value):
    """How many tickets for how much, on whose prices."""

    tickets: Annotated[int, Field(ge=1, le=1_000_000), Arg("N")]
    price: Annotated[str, Arg("P")]
    tariff: Annotated[str, Arg("T")] = CURRENT
    orders: Annotated[int | None, Field(ge=1, le=1_000_000), Arg("N")] = None
    vat: Annotated[Decimal, Field(ge=0, le=100), Arg("PERCENT")] = Decimal(0)


async def run(args: Args, ctx: Context) -> Reply:
    """Work out each plan to the penny."""
    book = ctx.costs.book
    tariff, asked = book.tariff(args.tariff), amount(args.price, book.currency, "--price")
    net = Price(amount=asked.amount / (1 + args.vat / 100), currency=asked.currency) if args.vat else None
    basket = Basket(
        batches=(Batch(tickets=args.tickets, price=asked, net=net),),
        orders=min(args.orders or args.tickets, args.tickets),
    )
    rates = None if all(plan.rates for plan in tariff.tickets) else await ctx.costs.rates()
    found = offers(tariff.tickets, basket, book.currency, rates)
    low, high = found[0].total, found[-1].total
    span = f"{low}" if low == high else f"between {low} and {high}"
    what = f"{args.tickets} ticket{'s' * (args.tickets > 1)} at {asked}"
    return Reply(
        title=f"{what} cost {span} to sell",
        blocks=(
            Notice(level="warning", text="These are example figures, not actual sales."),
            Table(columns=("Plan", "Who takes what", "Amount"), rows=_rows(found, args.tickets)),
            Text(text="\n".join(_notes(tariff, found, rates))),
        ),
    )


def _rows(found: list[Offer], tickets: int) -> tuple[tuple[str, ...], ...]:
    rows = []
    for each in found:
        rows += [(each.plan.name, f"{fee.part.payee}: {fee.part}", f"{fee.amount}") for fee in each.fees]
        rows.append((each.plan.name, "in all", f"{each.total}, {each.total.each(tickets)} a ticket"))
    return tuple(rows)


def _notes(tariff: Tariff, found: list[Offer], rates: Rates | None) -> Iterator[str]:
    """Yield what is to be known of these figures: whose they are, what is not in them, what was assumed."""
    plans = [each.plan for each in found]
    yield f"Prices: {tariff.source}, {day(tariff.on)}."
    yield from dict.fromkeys(f"On top comes {plan.besides}: not known." for plan in plans if plan.besides)
    yield from (f"With {plan.name}: {plan.note}." for plan in plans if plan.note)
    used = dict.fromkeys(_shown(each) for plan in plans if (each := plan.rates or rates))
    yield from (f"Exchange rates: {each}." for each in used)
    if any(part.per_ticket for plan in plans for part in plan.parts):
        yield "Where a fixed amount is really for each order, not each ticket, group orders cost less."


def _shown(rates: Rates) -> str:
    """Return rates with their figures where there are few."""
    few = ", ".join(f"1 {rates.base} = {worth} {code}" for code, worth in rates.table.items())
    return f"{few} ({rates})" if len(rates.table) == 1 else f"{rates}"


ESTIMATE = Command(
    "costs estimate",
    "What selling so many tickets would cost",
    Args,
    run,
    examples=("costs estimate --tickets 300 --price 200 --tariff 2016",),
    role=Role.READER,
    group="Tickets and money",
)
