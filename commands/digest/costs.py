"""``digest costs``: what everything costs a year, and what of it needs somebody."""

from bot.core.command import Command, Context, NoArgs
from bot.core.costs import Bill, spoken
from bot.core.people import Role
from bot.core.reply import Block, Notice, Reply, Text
from commands.digest import parts


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Tell the sum; below it budgets, what makes costs change, renewals, and who did not answer."""
    bill = await ctx.costs.bill(parts.TARIFF)
    alarms = spoken((*bill.alarms, *bill.notices()))
    found: list[Block] = [Notice(level="warning", text=each) for each in alarms]
    found += [Notice(level="bad", text=each) for each in _silent(bill)]
    if renewals := parts.renewals(bill):
        found.append(Text(text="\n".join(["*Paid again soon*", *(f"• {each}" for each in renewals)])))
    return Reply(title=bill.headline, blocks=tuple(found), quiet=not found, partial=bool(bill.silent))


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
