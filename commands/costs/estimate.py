"""``costs estimate``: what the sale of so many tickets would cost, on each plan of a tariff."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from bot.core.command import Arg, Command, Context
from bot.core.duration import day
from bot.core.fees import Basket, Batch, Offer, offers
from bot.core.money import Money
from bot.core.people import Role
from bot.core.prices import Price, Rates
from bot.core.reply import Notice, Reply, Table, Text
from commands.costs.asked import amount


class Args(BaseModel):
    """How many tickets for how much, on whose prices."""

    tickets: Annotated[int, Field(ge=1, le=1_000_000), Arg("N")]
    price: Annotated[str, Arg("P")]
    tariff: Annotated[str, Arg("T")] = "today"
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
    span = f"*{low}*" if low == high else f"between *{low}* and *{high}*"
    what = f"{args.tickets} ticket{'s' * (args.tickets > 1)} at {asked}"
    facts = [
        f"{span[0].upper()}{span[1:]} for {what}, by the tariff {tariff.name}.",
        *(f"On top comes {each}: not known." for each in dict.fromkeys(_besides(found))),
        f"Prices: {tariff.source}, {day(tariff.on)}.",
        *_converted(found, rates),
        "An amount for each ticket that is really one for each order makes group orders cheaper.",
    ]
    return Reply(
        title=f"{what} cost between {low} and {high}" if low != high else f"{what} cost {low}",
        blocks=(
            Notice(level="warning", text="These are example figures, not actual sales."),
            Text(text="\n".join(facts)),
            Table(columns=("Plan", "Who takes what", "Amount"), rows=_rows(found, args.tickets)),
        ),
    )


def _rows(found: list[Offer], tickets: int) -> tuple[tuple[str, ...], ...]:
    rows = []
    for each in found:
        rows += [(each.plan.name, f"{fee.part.payee}: {fee.part}", f"{fee.amount}") for fee in each.fees]
        rows.append((each.plan.name, "in all", f"{each.total}, {_each(each.total, tickets)} a ticket"))
    return tuple(rows)


def _each(total: Money, tickets: int) -> Money:
    return total.part(Decimal(1) / tickets)


def _besides(found: list[Offer]) -> list[str]:
    return [each.plan.besides for each in found if each.plan.besides]


def _converted(found: list[Offer], rates: Rates | None) -> list[str]:
    """Return what is to be known of each plan: its note, and the rates that it was worked out with."""
    said = [
        f"{each.plan.name[0].upper()}{each.plan.name[1:]}: {each.plan.note}."
        for each in found
        if each.plan.note
    ]
    own = [
        f"€1 = £{worth}, {each.plan.rates}"
        for each in found
        if each.plan.rates
        for worth in each.plan.rates.table.values()
    ]
    used = [f"{rates}"] if rates and not all(each.plan.rates for each in found) else []
    return [*said, f"Exchange rates: {'; '.join([*own, *used])}."] if own or used else said


ESTIMATE = Command(
    "costs estimate",
    "What selling so many tickets would cost",
    Args,
    run,
    examples=("costs estimate --tickets 300 --price 200 --tariff 2016",),
    role=Role.READER,
    group="Tickets and money",
)
