"""``costs record``: keep what a vendor charges, where nobody can ask it."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.costs import Charge, Mark, Per
from bot.core.prices import worth
from bot.core.values import Value
from commands.costs.asked import amount
from integrations.costs import CHARGE

Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Args(Value):
    """Who takes how much, how often, and who says so."""

    vendor: Annotated[str, Arg("VENDOR", positional=True)]
    amount: Annotated[str, Arg("AMOUNT", positional=True)]
    per: Annotated[Per, Arg("PERIOD")]
    source: Annotated[Source, Arg("TEXT")]
    renews: Annotated[date | None, Arg("DATE")] = None
    guess: bool = False


async def run(args: Args, ctx: Context) -> Plan:
    """Plan to keep a charge: it takes the place of whatever else is known of the vendor."""
    book = ctx.costs.book
    vendor = book.title(book.vendor(args.vendor))
    asked = amount(args.amount, book.currency, "AMOUNT")
    charge = Charge(
        amount=asked,
        per=args.per,
        mark=Mark.ESTIMATED if args.guess else Mark.INVOICED,
        source=args.source,
        on=ctx.now.astimezone(ctx.organisation.zone).date(),
        renews=args.renews,
    )
    worth(charge.yearly(asked), book.currency, await ctx.costs.rates())  # else refused
    change = await ctx.change(CHARGE, vendor, charge)
    return Plan(title=f"{vendor} costs {charge}", changes=(change,))


RECORD = Command(
    "costs record",
    "Keep what a vendor charges, from its invoice",
    Args,
    run,
    examples=('costs record 123-reg 11.99 --per year --source "invoice of March"',),
    group="Tickets and money",
    changes=(CHARGE.name,),
)
