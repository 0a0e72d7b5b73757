"""``costs renewals``: when what is paid again."""

from bot.core.command import Command, Context, NoArgs
from bot.core.costs import CURRENT, Line
from bot.core.duration import day
from bot.core.people import Role, listed
from bot.core.reply import Block, Reply, Table, Text

SOON = 60  # days


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Show the calendar, the next first."""
    bill = await ctx.costs.bill(CURRENT)
    dated = bill.renewals
    paid = [line.title for line in bill.lines if line.renews is None and (line.high is None or line.high)]
    blocks: list[Block] = []
    if dated:
        rows = tuple(
            (_when(line, (line.renews - bill.today).days), line.title, line.said)
            for line in dated
            if line.renews
        )
        blocks.append(Table(columns=("When", "Vendor", "What"), rows=rows))
    if paid:
        more = "`costs record VENDOR AMOUNT --per year --source TEXT --renews DATE` adds it."
        blocks.append(Text(text=f"Nobody said when these are paid again: {listed(paid, 'and')}. {more}"))
    title = (
        f"Next: {dated[0].title}, {_when(dated[0], 0).partition(',')[0]}" if dated else "No renewal is known"
    )
    return Reply(title=title, blocks=tuple(blocks))


def _when(line: Line, days: int) -> str:
    assert line.renews is not None  # only such lines are renewals
    on = day(line.renews)
    if days < 0:
        return f"{on}, {-days} days ago: was it paid?"
    return f"{on}, in {days} days" if days <= SOON else on


RENEWALS = Command(
    "costs renewals",
    "When what is paid again",
    NoArgs,
    run,
    examples=("costs renewals",),
    role=Role.READER,
    group="Tickets and money",
)
