"""``costs csv``: the bill as a file for the books."""

import csv
from io import StringIO
from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.costs import CURRENT, Bill
from bot.core.people import Role
from bot.core.reply import File, Reply
from bot.core.values import Value

COLUMNS = (
    "vendor",
    "least_a_year",
    "most_a_year",
    "least_a_month",
    "most_a_month",
    "currency",
    "how_sure",
    "what",
    "source",
    "as_of",
    "renews",
)
STEERS = ("=", "+", "-", "@", "\t")  # what a spreadsheet would take for a formula


class Args(Value):
    """Whose prices, where nothing better is known."""

    tariff: Annotated[str, Arg("T")] = CURRENT


async def run(args: Args, ctx: Context) -> Reply:
    """Return the bill as CSV."""
    bill = await ctx.costs.bill(args.tariff)
    file = File(name=f"costs-{bill.today}.csv", text=text(bill))
    return Reply(title=bill.headline, blocks=(file,))


def text(bill: Bill) -> str:
    """Return a line for each vendor; an amount that nobody knows is left empty, never zero."""
    out = StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for line in bill.lines:
        years = [line.low, line.high]
        months = [year and year.each(12) for year in years]
        amounts = ("" if money is None else f"{money.amount}" for money in (*years, *months))
        dates = ("" if on is None else f"{on}" for on in (line.on, line.renews))
        said = (line.title, *amounts, bill.currency, line.mark.value, line.said, line.source, *dates)
        rows.writerow([f"'{cell}" if cell.startswith(STEERS) else cell for cell in said])
    return out.getvalue()


CSV = Command(
    "costs csv",
    "What everything costs, as a file for the books",
    Args,
    run,
    examples=("costs csv",),
    role=Role.READER,
    group="Tickets and money",
)
