"""``digest costs``: what everything costs a year, and what of it needs somebody."""

from datetime import timedelta

from bot.core.bills import difference, moved
from bot.core.command import Command, Context, NoArgs
from bot.core.costs import Alarm, Bill, news, spoken
from bot.core.duration import day
from bot.core.people import Role
from bot.core.reply import Block, Notice, Reply, Text
from commands.digest import parts


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Tell the sum; below it what is not as it was yesterday, and who did not answer."""
    bill = await ctx.costs.bill(parts.TARIFF)
    then = await ctx.costs.kept(bill.today - timedelta(days=1))
    alarms = spoken(news(_alarms(bill), [each.key for each in _alarms(then)] if then else []))
    found: list[Block] = [Notice(level="warning", text=each) for each in alarms]
    found += [Notice(level="bad", text=each) for each in _silent(bill)]
    if then and (lines := moved(bill, then)):
        sums = await _sums(bill, then, ctx)
        found.append(Text(text="\n".join([sums, *(f"• {each}" for each in lines)])))
    renewals = parts.renewals(bill)
    if renewals and not (then and renewals == parts.renewals(then)):
        found.append(Text(text="\n".join(["*Paid again soon*", *(f"• {each}" for each in renewals)])))
    title = bill.headline if found or not then else f"No change. {bill.headline}"
    return Reply(title=title, blocks=tuple(found), quiet=not found, partial=bool(bill.silent))


def _alarms(bill: Bill) -> tuple[Alarm, ...]:
    return (*bill.alarms, *bill.notices())


async def _sums(bill: Bill, then: Bill, ctx: Context) -> str:
    """Return how much more or less all costs than yesterday, or whenever we looked last, and a week ago."""
    week = await ctx.costs.kept(bill.today - timedelta(days=7))
    said = [f"{difference(bill, each)} on {day(each.today)}" for each in (then, week) if each]
    return f"That is at least {', '.join(dict.fromkeys(said))}:"


def _silent(bill: Bill) -> list[str]:
    """Return who did not answer, and of when the figure is that stands for theirs."""
    lines = {line.title: line for line in bill.lines}
    return [
        f"{name} did not answer: its figure is from elsewhere ({lines[name].age(bill.today)})."
        if name in lines
        else f"{name} did not answer."
        for name in bill.silent
    ]


COSTS = Command(
    "digest costs",
    "What everything costs a year, and what of it needs somebody",
    NoArgs,
    run,
    examples=("digest costs",),
    role=Role.READER,
    group="Requests",
)
