"""``digest tickets``: what was sold since yesterday, where that leads, and how it compares."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from bot.core.command import Command, Context, NoArgs
from bot.core.duration import hour, moment
from bot.core.errors import BotError, VendorError
from bot.core.people import Role
from bot.core.reply import Block, Chart, Notice, Reply, Text
from bot.core.tickets import Sales
from commands.digest import parts
from integrations.sales import SALES

DAY = timedelta(days=1)


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Tell what is new since yesterday; while the seller is away, what we kept last and how old it is."""
    try:
        sales = await ctx.seller.sales(ctx.organisation.zone)
    except VendorError as error:
        kept = await ctx.reads(SALES).newest()
        if kept is None:
            raise
        age = moment(kept.at, ctx.organisation.zone)
        why = Notice(
            level="bad", text=f"{error.message} {error.whose} These figures are our own record of {age}."
        )
        return Reply(title=f"{_sums(kept)}, as of {age}", blocks=(why,), partial=True)
    today = ctx.now.astimezone(ctx.organisation.zone).date()
    sold = {day: _sold(sales, day) for day in (today - DAY, today)}
    changes = [*_launches(sales, today, ctx), *_changes(sales, await _before(sales, today, ctx))]
    if not changes and not any(sold.values()):
        title = f"No change: {sales.sold} sold, {sales.revenue.short}. {await parts.waiting(ctx)}"
        return Reply(title=title, quiet=True)
    lines = [_by_kind("Yesterday", sold[today - DAY]), _by_kind("Today", sold[today]), *changes]
    news = Text(text="\n".join(line for line in lines if line))
    return Reply(title=f"{_news(sales, sold, today)}: {_sums(sales)}", blocks=(news, *await _outlook(ctx)))


def _sums(sales: Sales) -> str:
    capacity = f" of {sales.capacity}" if sales.capacity else ""
    return f"{sales.sold}{capacity} sold, {sales.revenue.short}"


def _sold(sales: Sales, day: date) -> Counter[str]:
    """Return how many of each kind were sold on a day, extras too."""
    return Counter({each.kind: each.sold for each in sales.days if each.day == day and each.sold})


def _news(sales: Sales, sold: dict[date, Counter[str]], today: date) -> str:
    """Return how many tickets were sold yesterday, and today so far."""
    counted = {release.title for release in sales.counted}
    tickets = {day: sum(kinds[kind] for kind in kinds if kind in counted) for day, kinds in sold.items()}
    so_far = f", {tickets[today]} today" if tickets[today] else ""
    return f"{tickets[today - DAY] or 'None'} sold yesterday{so_far}"


def _by_kind(when: str, kinds: Counter[str]) -> str:
    said = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
    return f"*{when}:* {said}" if said else ""


def _launches(sales: Sales, today: date, ctx: Context) -> Iterator[str]:
    """Yield which releases begin to be sold today, and how they do."""
    for at, release in sales.launches(today, ctx.organisation.zone):
        when = hour(at, ctx.organisation.zone)
        if at > ctx.now:
            yield f"*{release.title}* goes on sale at {when}."
        else:
            of = f" of {release.capacity}" if release.capacity else ""
            yield f"*{release.title}* went on sale at {when}: {release.sold}{of} sold."


async def _before(sales: Sales, today: date, ctx: Context) -> Sales | None:
    """Return the sales as we last kept them on a day before *today*, if that was yesterday."""
    kept = await ctx.reads(SALES).snapshots(sales.conference.name, today - DAY)
    zone = ctx.organisation.zone
    return next((each for each in reversed(kept) if each.at.astimezone(zone).date() < today), None)


def _changes(sales: Sales, before: Sales | None) -> Iterator[str]:
    """Yield what else is not as it was: tickets that became void, releases on sale and not any more."""
    if before is None:
        return
    then = {release.name: release for release in before.releases}
    for release in sales.releases:
        was = then.get(release.name)
        if was is None:
            yield f"*{release.title}* is new: {release.state.value}."
            continue
        if release.void > was.void:
            worth = (release.voided - was.voided).short
            yield f"*{release.title}:* {release.void - was.void} became void ({worth})."
        if release.state is not was.state:
            yield f"*{release.title}* is {release.state.value} (was: {was.state.value})."


async def _outlook(ctx: Context) -> list[Block]:
    """Return where sales lead, and the chart against past years; or why there is none."""
    blocks: list[Block] = []
    try:
        blocks.append(Text(text=f"{(await parts.said('tickets forecast', ctx)).title}."))
        chart = await parts.said("tickets chart", ctx)
        blocks += [block for block in chart.blocks if isinstance(block, Chart)][:1]
    except BotError as error:
        blocks.append(Notice(level="warning", text=f"{error.message} {error.hint}".strip()))
    return blocks


TICKETS = Command(
    "digest tickets",
    "What was sold since yesterday, and where that leads",
    NoArgs,
    run,
    examples=("digest tickets",),
    role=Role.READER,
    group="Requests",
)
