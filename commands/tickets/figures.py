"""What the verbs of ``tickets`` share: this year's sales, past years', and how far it is to the first day."""

from collections.abc import Mapping
from typing import Annotated

from bot.core.command import Arg, Context
from bot.core.errors import Refused
from bot.core.reply import Progress
from bot.core.tickets import Curve, Sales, Season, larger
from bot.core.values import Value
from integrations.sales import SALES

MOST_YEARS = 4  # that a chart compares, and a forecast is told by


class Args(Value):
    """One event, by default this year's."""

    event: Annotated[
        str | None, Arg("EVENT", positional=True, completes="conferences", label="Which conference")
    ] = None


async def current(ctx: Context, event: str | None) -> tuple[Sales, Season]:
    """Return an event's sales, and its year; Refused when nobody knows when it begins."""
    await ctx.report(Progress(text=f"Asking {ctx.seller.seller}…"))
    sales = await ctx.seller.sales(ctx.organisation.zone, event)
    if sales.season is None:
        raise Refused(
            f"{ctx.seller.seller} does not know when {sales.conference.title} begins.",
            "Set its first day there: sales are compared by the days before it.",
        )
    return sales, sales.season


async def past(ctx: Context, season: Season) -> tuple[Season, ...]:
    """Return the years before that of *season*, newest first: those kept, and those only the seller knows."""
    kept = {each.year: each for each in await ctx.reads(SALES).seasons() if each.year < season.year}
    told = dict[int, Season]()
    for conference in await ctx.seller.conferences(archived=True):
        day = conference.first_day
        if day is None or day.year in kept or not season.year - MOST_YEARS <= day.year < season.year:
            continue
        await ctx.report(Progress(text=f"Reading the sales of {day.year}…"))
        found = (await ctx.seller.sales(ctx.organisation.zone, conference.name)).season
        if found:
            told[found.year] = larger(told.get(found.year), found)
    return tuple(sorted([*kept.values(), *told.values()], key=lambda each: each.year, reverse=True))


def curves(seasons: tuple[Season, ...]) -> Mapping[int, Curve]:
    """Return the newest years that are known day by day."""
    known = [(season.year, curve) for season in seasons if (curve := season.curve) is not None]
    return dict(known[:MOST_YEARS])


def days_before(season: Season, ctx: Context) -> int:
    """Return how many days are left until the first one; negative from its morrow on."""
    today = ctx.now.astimezone(ctx.organisation.zone).date()
    return (season.first_day - today).days if season.first_day else 0
