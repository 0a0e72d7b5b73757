"""``tickets show``: what is sold of each kind of ticket, and what it brings."""

from collections.abc import Iterator

from bot.core.command import Command, Context
from bot.core.duration import moment
from bot.core.errors import VendorError
from bot.core.money import Money
from bot.core.people import Role
from bot.core.reply import Block, Fields, Notice, Reply, Table, Text
from bot.core.tickets import Release, Sale, Sales
from commands.tickets import figures
from integrations.sales import SALES


class Args(figures.Args):
    """One event, by default this year's."""

    archived: bool = False


async def run(args: Args, ctx: Context) -> Reply:
    """Show the sales as they are; while the seller is away, as they were last kept."""
    try:
        return _shown(await ctx.seller.sales(ctx.organisation.zone, args.event), args, ctx)
    except VendorError as error:
        kept = await ctx.reads(SALES).newest()
        if kept is None or args.event not in {None, kept.conference.name}:
            raise
        reply = _shown(kept, args, ctx)
        return reply.model_copy(update={"blocks": (*_fault(error, kept, ctx), *reply.blocks)})


def _fault(error: VendorError, kept: Sales, ctx: Context) -> tuple[Notice, Notice]:
    """Return whose fault it is that there are no figures of now, and how old those shown are."""
    age = moment(kept.at, ctx.organisation.zone)
    return (
        Notice(level="bad", text=f"{error.message} {error.whose} {error.hint}"),
        Notice(level="warning", text=f"These figures are our own record of {age}."),
    )


def _shown(sales: Sales, args: Args, ctx: Context) -> Reply:
    capacity = f" of {sales.capacity}" if sales.capacity else ""
    title = f"{sales.conference.title}: {sales.sold}{capacity} sold, {sales.revenue.short}"
    return Reply(title=title, blocks=tuple(_blocks(sales, args, ctx)))


def _blocks(sales: Sales, args: Args, ctx: Context) -> Iterator[Block]:
    if not sales.releases:
        yield Text(text="No ticket has been made for it yet.")
        return
    shown = [release for release in sales.releases if args.archived or not release.archived]
    hidden = [release for release in sales.releases if release not in shown]
    columns = ("Ticket", "Sold", "Price", "Revenue", "Void", "State")
    yield Table(columns=columns, rows=(*map(_row, shown), *_archived(hidden, sales)))
    yield Fields(pairs=tuple(_orders(sales, ctx)))
    if not any(release.state is Sale.ON for release in sales.releases):
        yield Notice(level="warning", text="No ticket is on sale now.")


def _row(release: Release) -> tuple[str, ...]:
    title = release.title if release.counted else f"{release.title} (no ticket)"
    return (
        f"{title}, archived" if release.archived else title,
        str(release.sold) if release.capacity is None else f"{release.sold} of {release.capacity}",
        _price(release.price),
        release.revenue.short,
        _void(release.void, release.voided),
        release.state.value,
    )


def _archived(releases: list[Release], sales: Sales) -> Iterator[tuple[str, ...]]:
    """Yield one row for archived releases: they are sold too."""
    if not releases:
        return
    currency = sales.conference.currency
    voided = Money.total((each.voided for each in releases), currency)
    yield (
        f"Archived: {len(releases)}",
        str(sum(each.sold for each in releases)),
        "–",
        Money.total((each.revenue for each in releases), currency).short,
        _void(sum(each.void for each in releases), voided),
        "`--archived` lists them",
    )


def _price(price: Money | None) -> str:
    if price is None:
        return "free choice"
    return price.short if price else "free"


def _void(number: int, worth: Money) -> str:
    return f"{number} void ({worth.short})" if number else ""


def _orders(sales: Sales, ctx: Context) -> Iterator[tuple[str, str]]:
    orders = sales.orders
    yield "Orders", f"{orders.number}: {orders.paid.short} paid, {orders.unpaid.short} not yet paid"
    yield "Given back", orders.refunded.short
    if sales.last_at:
        yield "Newest sale", moment(sales.last_at, ctx.organisation.zone)


SHOW = Command(
    "tickets show",
    "How tickets sell: sold, capacity, price and revenue of each kind",
    Args,
    run,
    examples=("tickets", "tickets show 2025 --archived"),
    role=Role.READER,
    group="Tickets and money",
)
