"""``tickets forecast``: where sales lead, by past years, with how far off that would have been."""

from bot.core.command import Command, Context
from bot.core.forecast import Forecast, TooEarly, forecast
from bot.core.people import Role, listed
from bot.core.reply import Fields, Notice, Reply, Text
from commands.tickets import figures
from commands.tickets.figures import Args

HOW = "Past years say how many times more were sold in the end than by the end of the day before."


async def run(args: Args, ctx: Context) -> Reply:
    """Tell where sales land and how sure that is, or why it is too early to say."""
    sales, season = await figures.current(ctx, args.event)
    before = figures.days_before(season, ctx)
    if before < 0:
        return Reply(title=f"{sales.conference.title} is over: {sales.sold} were sold.")
    curves = figures.curves(await figures.past(ctx, season))
    yesterday = before + 1  # the last day that is whole, here as in past years
    sold = season.curve.at(yesterday) if season.curve else 0
    told = forecast(sold, yesterday, curves, sales.capacity)
    if isinstance(told, TooEarly):
        hint = "`infra import-sales FILE` brings in a past year day by day." if not curves else "Ask later."
        why = Notice(level="warning", text=f"Too early: {told.why}. {hint}")
        return Reply(title=f"{sales.conference.title}: no forecast yet", blocks=(why,))
    low, likely, high = (max(each, sales.sold) for each in (told.low, told.likely, told.high))
    pairs = (
        ("Sold", f"{sales.sold}, {before} days before the first day"),
        ("Likely", f"{likely}"),
        ("Range", f"{low} to {high}: four of five times it should land there"),
        ("Told by", listed((f"{year}" for year in told.years), "and")),
        ("Back-tested", _tested(told, yesterday)),
    )
    title = f"{sales.conference.title} lands between {low} and {high} tickets"
    return Reply(title=title, blocks=(Fields(pairs=pairs), Text(text=HOW)))


def _tested(told: Forecast, before: int) -> str:
    if told.error is None:
        return "not possible with a single past year"
    each = listed((f"{year} by {missed:+.0%}" for year, missed in sorted(told.missed.items())), "and")
    return f"{before} days before, the others would have missed {each}: {told.error:.0%} on average"


FORECAST = Command(
    "tickets forecast",
    "How many tickets will be sold in the end, and how sure that is",
    Args,
    run,
    examples=("tickets forecast",),
    role=Role.READER,
    group="Tickets and money",
)
