"""``costs convert``: what an amount was worth on a day."""

from datetime import date
from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.duration import day
from bot.core.errors import UsageError
from bot.core.money import Money
from bot.core.people import Role
from bot.core.prices import worth
from bot.core.reply import Notice, Reply, Text
from bot.core.values import Value
from commands.costs.asked import amount


class Args(Value):
    """How much, and when."""

    amount: Annotated[str, Arg("AMOUNT", positional=True)]
    on: Annotated[date | None, Arg("DATE")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Convert to the penny; the rates say whose they are, and of which day."""
    home, today = ctx.costs.book.currency, ctx.now.astimezone(ctx.organisation.zone).date()
    if args.on and args.on > today:
        raise UsageError(f"--on: {day(args.on)} has not come yet.", "Say a day that has passed.", "on")
    asked, rates = amount(args.amount, home, "AMOUNT"), await ctx.costs.rates(args.on)
    found = Money.of(worth(asked, home, rates), home)
    said = Text(text=f"At the rates of {rates}." if rates else "No rate was needed.")
    wanted = args.on or today
    last = f"No rates of {day(wanted)} are at hand: those of {day(rates.on)} are used." if rates else ""
    other = rates is not None and rates.on != wanted
    return Reply(
        title=f"{asked} is {found}", blocks=(said, *([Notice(level="warning", text=last)] if other else []))
    )


CONVERT = Command(
    "costs convert",
    "What an amount was worth on a day",
    Args,
    run,
    examples=("costs convert $50", "costs convert '50 USD' --on 2026-03-18"),
    role=Role.READER,
    group="Tickets and money",
)
