"""``costs renewals``: when what is paid again."""

from datetime import date

from bot.core.command import Command, Context, NoArgs
from bot.core.costs import CURRENT
from bot.core.duration import day
from bot.core.people import Role, listed
from bot.core.reply import Block, Reply, Table, Text

SOON = 60  # days


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Show the calendar, the next first."""
    bill = await ctx.costs.bill(CURRENT)
    dated = [(line.renews, line) for line in bill.renewals if line.renews]
    rows = tuple((_when(on, bill.today), line.title, line.said) for on, line in dated)
    undated = [line.title for line in bill.lines if not line.renews and (line.high is None or line.high)]
    blocks: list[Block] = [Table(columns=("When", "Vendor", "What"), rows=rows)] if rows else []
    if undated:
        how = "`costs record VENDOR AMOUNT --per year --source TEXT --renews DATE` adds it."
        blocks.append(Text(text=f"Nobody said when these are paid again: {listed(undated, 'and')}. {how}"))
    title = f"Next: {dated[0][1].title}, {day(dated[0][0])}" if dated else "No renewal is known"
    return Reply(title=title, blocks=tuple(blocks))


def _when(on: date, today: date) -> str:
    days = (on - today).days
    if days < 0:
        return f"{day(on)}, {-days} days ago: was it paid?"
    return f"{day(on)}, in {days} days" if days <= SOON else day(on)


RENEWALS = Command(
    "costs renewals",
    "When what is paid again",
    NoArgs,
    run,
    examples=("costs renewals",),
    role=Role.READER,
    group="Tickets and money",
)
