"""``costs show``: what everything costs a year, each figure with how sure it is."""

from datetime import date
from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.costs import CURRENT, Bill, Line, spoken
from bot.core.duration import day
from bot.core.errors import Refused
from bot.core.people import Role, listed
from bot.core.reply import Block, Choice, Choices, Notice, Reply, Table, Text
from bot.core.values import Value

WAITING = "`costs record VENDOR AMOUNT --per year --source TEXT` ends the waiting."


class Args(Value):
    """Whose prices, where nothing better is known."""

    tariff: Annotated[str, Arg("T")] = CURRENT
    on: Annotated[date | None, Arg("DATE")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show the bill, or what it was on a day: as it was kept, at the exchange rates of then."""
    if args.on is None:
        return _shown(await ctx.costs.bill(args.tariff))
    kept = await ctx.costs.kept(args.on)
    if kept is None:
        raise Refused(f"No bill was kept on {day(args.on)} or before.", "`costs` shows that of today.")
    reply = _shown(kept)
    return reply.model_copy(
        update={"title": f"{day(kept.today)}: {reply.title}", "blocks": reply.blocks[:-1]}
    )


def _shown(bill: Bill) -> Reply:
    table = Table(
        columns=("Vendor", "A year", "How sure", "What", "Who says so, when"),
        rows=tuple(_row(bill, line) for line in bill.lines),
    )
    ways = (
        Choice(label="CSV", line=f"costs csv --tariff {bill.tariff}"),
        Choice(label="Renewals", line="costs renewals"),
    )
    return Reply(
        title=bill.headline,
        blocks=(
            table,
            Text(text=_sums(bill)),
            *_warnings(bill),
            Choices(text="For the treasurer:", choices=ways),
        ),
    )


def _row(bill: Bill, line: Line) -> tuple[str, ...]:
    return (
        line.title,
        line.span,
        line.mark.value,
        line.said,
        f"{line.source or '–'} ({line.age(bill.today)})",
    )


def _sums(bill: Bill) -> str:
    said = [f"A month: at least {bill.least.each(12)}, at most {bill.most.each(12)} of what is known."]
    if bill.attendees:
        said.append(
            f"An attendee: at least {bill.least.each(bill.attendees)}, {bill.attendees} tickets sold."
        )
    if bill.rates:
        old = ", which is long ago" if bill.rates.stale(bill.today) else ""
        said.append(f"Converted at the rates of {bill.rates}{old}.")
    unknown = [line.title for line in bill.unknown]
    if unknown:
        said.append(f"Unknown: {listed(unknown, 'and')}. {WAITING}")
    return "\n".join(said)


def _warnings(bill: Bill) -> list[Block]:
    found: list[Block] = [
        Notice(level="warning", text=each) for each in spoken((*bill.alarms, *bill.notices()))
    ]
    if bill.silent:
        names = listed(bill.silent, "and")
        found.append(
            Notice(level="warning", text=f"{names} did not answer: those lines are from the tariff.")
        )
    return found


SHOW = Command(
    "costs show",
    "What everything costs a year, and how sure that is",
    Args,
    run,
    examples=("costs", "costs show --tariff 2016", "costs show --on 2026-06-01"),
    role=Role.READER,
    group="Tickets and money",
)
