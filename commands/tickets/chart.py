"""``tickets chart``: sales against past years, and week by week, as pictures."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from bot import charts
from bot.charts import Bars, Line, Lines
from bot.core.command import Command, Context
from bot.core.people import Role, listed
from bot.core.reply import Chart, Notice, Progress, Reply
from bot.core.tickets import Curve, Season
from commands.tickets import figures
from commands.tickets.figures import Args

MOST_KINDS = 5
MOST_WEEKS = 30


async def run(args: Args, ctx: Context) -> Reply:
    """Draw both charts: in all, aligned on the days before the conference, and by week and kind."""
    sales, season = await figures.current(ctx, args.event)
    title = f"{sales.conference.title}: {sales.sold} sold"
    if season.curve is None:
        return Reply(title=title, blocks=(Notice(level="warning", text="Nothing is sold yet to draw."),))
    past = await figures.past(ctx, season)
    before = max(figures.days_before(season, ctx), 0)
    curves = figures.curves(past)
    totals = [(each.year, each.total) for each in past if each.year not in curves and each.total]
    bars = _weekly(season, sales.at.astimezone(ctx.organisation.zone).date())
    await ctx.report(Progress(text="Drawing…"))
    across, weekly = await charts.draw((_cumulative(season.year, season.curve, before, curves, totals), bars))
    blocks = (
        Chart(
            title=f"{season.year} against past years",
            png=across,
            words=_compared(season.curve, before, curves, totals),
        ),
        Chart(title="Week by week, by kind", png=weekly, words=_last_week(bars)),
    )
    notice = Notice(
        level="warning", text="No past year is known day by day: `infra import-sales` brings one in."
    )
    return Reply(title=title, blocks=blocks if curves else (*blocks, notice))


def _cumulative(
    year: int, now: Curve, before: int, curves: Mapping[int, Curve], totals: list[tuple[int, int]]
) -> Lines:
    lines = [Line(name=f"{year}: {now.total}", points=_points(now, min(before, now.opened)))]
    lines += [Line(name=f"{past}: {curve.total}", points=_points(curve, 0)) for past, curve in curves.items()]
    levels = tuple((f"{past}: {total}", float(total)) for past, total in totals)
    return Lines(
        title="Tickets sold, in all",
        across="days before the conference",
        up="tickets",
        lines=tuple(lines),
        levels=levels,
    )


def _points(curve: Curve, until: int) -> tuple[tuple[float, float], ...]:
    return tuple((float(at), float(curve.at(at))) for at in range(curve.opened, until - 1, -1))


def _weekly(season: Season, today: date) -> Bars:
    """Return what was sold in each week up to now; the smaller kinds together."""
    weeks = season.weeks()
    newest = today - timedelta(days=today.weekday())
    oldest = max(min(min(each) for each in weeks.values()), newest - timedelta(weeks=MOST_WEEKS - 1))
    mondays = [oldest + timedelta(weeks=n) for n in range((newest - oldest).days // 7 + 1)]
    often = sorted(weeks, key=lambda kind: -weeks[kind].total())
    kinds = often if len(often) <= MOST_KINDS + 1 else often[:MOST_KINDS]
    others = sum((weeks[kind] for kind in often if kind not in kinds), Counter[date]())
    found = [(kind, weeks[kind]) for kind in kinds] + ([("Others", others)] if others else [])
    return Bars(
        title="Tickets sold, by week",
        up="tickets a week",
        names=tuple(f"{monday.day} {monday:%b}" for monday in mondays),
        parts=tuple((kind, tuple(sold[monday] for monday in mondays)) for kind, sold in found),
    )


def _compared(now: Curve, before: int, curves: Mapping[int, Curve], totals: list[tuple[int, int]]) -> str:
    """Return the first chart in words."""
    said = [f"{now.total} sold, {before} days before the first day."]
    if curves:
        then = (f"{curve.at(before)} in {year} (in the end {curve.total})" for year, curve in curves.items())
        said.append(f"At that point it was {listed(then, 'and')}.")
    if totals:
        ends = listed((f"{year}: {total}" for year, total in totals), "and")
        said.append(f"Only their ends are known: {ends}.")
    return " ".join(said)


def _last_week(bars: Bars) -> str:
    """Return the second chart in words: this week and the one before."""
    said = []
    for back, when in ((1, "This week"), (2, "Last week")):
        if len(bars.names) >= back:
            parts = [f"{name} {numbers[-back]}" for name, numbers in bars.parts if numbers[-back]]
            total = sum(numbers[-back] for _, numbers in bars.parts)
            said.append(f"{when}: {total}" + (f" ({', '.join(parts)})." if parts else "."))
    return " ".join(said)


CHART = Command(
    "tickets chart",
    "Pictures of sales: against past years, and week by week",
    Args,
    run,
    examples=("tickets chart",),
    role=Role.READER,
    group="Tickets and money",
)
