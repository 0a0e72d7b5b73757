"""The sections of the organisers' page, each from who knows it; where nobody answers it says so."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal

from bot.core.board import Board, Health, Line
from bot.core.command import Context
from bot.core.costs import CURRENT, Bill, Mark, Tariff
from bot.core.costs import Line as CostLine
from bot.core.duration import day
from bot.core.errors import BotError
from bot.core.fees import Basket, Batch, offers
from bot.core.keys import Vault
from bot.core.names import by_login, called
from bot.core.page import Heading, Items, Paragraph, Part
from bot.core.people import listed
from bot.core.prices import Price
from integrations.dnsimple import DNSIMPLE, DOMAINS, Entry
from integrations.github import GITHUB, Access, Level
from integrations.onepassword import ONEPASSWORD

TICKETS, PRICE = 300, Decimal(200)  # the example of the page: not actual sales
YEAR = re.compile(r"\d{4}")


async def page(ctx: Context) -> list[Part]:
    """Return the whole page."""
    board = await ctx.board.kept()
    year = await _year(ctx)
    parts: list[Part] = [Heading(text="Infrastructure", level=1)]
    for title, section in (
        ("Services", lambda: _services(ctx, board, year)),
        ("Vendors", lambda: _vendors(ctx, board)),
        ("Pricing", lambda: _pricing(ctx)),
        ("DNS", lambda: _dns(ctx)),
        ("Passwords", lambda: _passwords(ctx)),
        ("Website deployment", lambda: _deployment(ctx, year)),
        ("GitHub permissions", lambda: _permissions(ctx)),
        ("Giving push access", lambda: _push_access(ctx)),
    ):
        parts += [Heading(text=title), *await _told(section)]
    return parts


async def _year(ctx: Context) -> str:
    """Return the year whose site visitors are sent to; this one where nobody says."""
    with suppress(BotError):
        return (await ctx.site() or "").partition(".")[0] or str(ctx.board.year)
    return str(ctx.board.year)


GAP = "Not known now: "


async def _told(section: Callable[[], Awaitable[Sequence[Part]]]) -> Sequence[Part]:
    try:
        return await section()
    except BotError as error:
        return (Paragraph(text=f"{GAP}{error.message} {error.hint}"),)


# Services and vendors.


async def _services(ctx: Context, board: Board, year: str) -> list[Part]:
    vendors = {line.name: line.title for line in board.vendors}
    states = {line.name: line for line in board.services}
    parts: list[Part] = [Paragraph(text=f"The {ctx.organisation.name} infrastructure has these services:")]
    for name, service in ctx.organisation.services.items():
        parts.append(Heading(text=service.titled(name), level=3))
        parts += _undecided(states.get(name))
        if service.uses:
            parts.append(
                Items(items=tuple(f"{vendors.get(v, v)} for {why}" for v, why in service.uses.items()))
            )
        if service.repository:
            parts.append(Paragraph(text=f"Repository: `{service.repository.format(year=year)}`"))
    return parts


def _undecided(line: Line | None) -> list[Part]:
    decides = line is not None and line.health in {Health.UNDECIDED, Health.NOT_NEEDED}
    return [Paragraph(text=line.why)] if line and decides else []


async def _vendors(ctx: Context, board: Board) -> list[Part]:
    used = {name for service in ctx.organisation.services.values() for name in service.uses}
    closed = [line for line in board.vendors if line.health is Health.CLOSED]
    titles = sorted((line.title for line in board.vendors if line.name in used), key=str.casefold)
    gone = [f"{line.title} closed on {day(line.on)}. {line.why}" for line in closed if line.on]
    return [
        Paragraph(text="These services come from the following vendors:"),
        Items(items=tuple(titles)),
        *(Paragraph(text=said) for said in gone),
    ]


# Pricing.


async def _pricing(ctx: Context) -> list[Part]:
    bill = await ctx.costs.bill(CURRENT)
    parts: list[Part] = [Paragraph(text=bill.headline)]
    for line in sorted(bill.lines, key=lambda each: each.title.casefold()):
        parts += [Heading(text=line.title, level=3), Paragraph(text=_priced(line, bill))]
        if line.vendor == ctx.costs.book.sells:
            parts.append(Items(items=tuple([await _example(ctx, each) for each in ctx.costs.book.tariffs])))
    return parts


def _priced(line: CostLine, bill: Bill) -> str:
    source = f" Source: {line.source} ({line.age(bill.today)})." if line.source else ""
    if line.low is None or line.high is None:
        said = line.said.rstrip(".")
        return f"{said[:1].upper()}{said[1:]}: unknown, which is not free.{source}"
    span = f"{line.low}" if line.low == line.high else f"{line.low} to {line.high}"
    price = f"{span} a year" if line.high.amount else "Free"
    sure = "" if line.mark is Mark.MEASURED else f" ({line.mark.value})"
    return f"{price}{sure}: {line.said.rstrip('.')}.{source}"


async def _example(ctx: Context, tariff: Tariff) -> str:
    """Return what the page's example comes to on a tariff."""
    book = ctx.costs.book
    price = Price(amount=PRICE, currency=book.currency)
    basket = Basket(batches=(Batch(tickets=TICKETS, price=price),), orders=TICKETS)
    rates = None if all(plan.rates for plan in tariff.tickets) else await ctx.costs.rates()
    found = offers(tariff.tickets, basket, book.currency, rates)
    return (
        f"The example of {TICKETS} tickets at {price} (not actual sales), at the prices of {day(tariff.on)}: "
        f"between {found[0].total} and {found[-1].total}."
    )


# DNS.


async def _dns(ctx: Context) -> list[Part]:
    reads = ctx.reads(DNSIMPLE)
    entries = [entry for entry in await reads.entries() if not entry.system]
    years = [entry for entry in entries if YEAR.fullmatch(entry.name.partition(".")[0])]
    kept = {
        host: [e for e in entries if reads.one_person(e) == host] for host in map(reads.one_person, entries)
    }
    held = await reads.zones()
    rest = [entry for entry in entries if entry not in years and entry.type != "URL"]
    return [
        Paragraph(
            text=f"Each year's website has a name under {reads.zone} (as in {ctx.board.year}.{reads.zone}) "
            "with a repository of the same name in our GitHub organisation. DNSimple holds "
            f"{'one domain' if len(held) == 1 else f'{len(held)} domains'} of ours; "
            f"its price is for {DOMAINS}."
        ),
        *_said("A CNAME for each year hosted on GitHub Pages: ", (e for e in years if e.type == "CNAME")),
        *(_redirect(entry) for entry in entries if entry.type == "URL"),
        *(
            part
            for host, found in kept.items()
            if host
            for part in _said(f"A records that lead to a {host}, which one person keeps: ", found)
        ),
        *_said("Other names: ", (entry for entry in rest if not reads.one_person(entry))),
    ]


def _said(what: str, entries: Iterable[Entry]) -> list[Part]:
    names = [
        entry.name if entry.type in {"A", "CNAME"} else f"{entry.name} ({entry.type})" for entry in entries
    ]
    return [Paragraph(text=f"{what}{listed(names, 'and')}.")] if names else []


def _redirect(entry: Entry) -> Part:
    return Paragraph(text=f"{entry.name} redirects to {entry.records.records[0].content}.")


# Passwords.


async def _passwords(ctx: Context) -> list[Part]:
    vaults = await ctx.reads(ONEPASSWORD).vaults()
    board = "`/infra keys` shows who really gets in where, and how when nobody can."
    if not vaults:
        return [Paragraph(text=f"Who can open our vault in 1Password nobody said yet. {board}")]
    return [
        *(Paragraph(text=_opened(name, vault, ctx)) for name, vault in vaults.items()),
        Paragraph(text=board),
    ]


def _opened(name: str, vault: Vault, ctx: Context) -> str:
    people = [called(each, ctx.people) for each in vault.people]
    who = f"{'only ' if len(people) < 2 else ''}{listed(people, 'and')}"
    better = " This needs to be improved: two people at least." if len(people) < 2 else ""
    said = f"Account passwords are in the 1Password vault {name}, which {who} can open"
    return f"{said} (as of {day(vault.on)}).{better}"


# GitHub.


async def _deployment(ctx: Context, year: str) -> list[Part]:
    website = ctx.organisation.services.get("website")
    if website is None or not website.repository:
        return [Paragraph(text="No repository of a website is in the configuration: `services.website`.")]
    repository = website.repository.format(year=year)
    by_hand = (
        f"The website can be built and deployed locally with `{website.locally}`, which takes a working "
        "environment on somebody's own machine."
    )
    reads = ctx.reads(GITHUB)
    found = await reads.repository(repository)
    runs = [f"`{each}`" for each in await reads.workflows(repository)] if found else []
    branch = f"`{found.default_branch}`" if found and found.default_branch else "the default branch"
    by = f"{listed(runs, 'and')} in `.github/workflows`" if runs else "no workflow on GitHub"
    return [
        *([Paragraph(text=by_hand)] if website.locally else []),
        Paragraph(text=f"What is merged to {branch} of `{repository}` is tested and deployed by {by}."),
        Paragraph(text=f"The readme of `{repository}` says more."),
    ]


async def _permissions(ctx: Context) -> list[Part]:
    reads = ctx.reads(GITHUB)
    access = await reads.access()
    names = by_login(ctx.people)
    bot = await reads.bot()
    owners = sorted(names.get(login.casefold(), login) for login in access.owners if login != bot)
    return [
        Paragraph(text="Owners are:"),
        Items(items=tuple(owners)),
        Paragraph(text="Teams:"),
        Items(
            items=tuple(
                f"{t.name}: {t.description or 'no description'} ({_people(len(t.members))})"
                for t in access.teams
            )
        ),
    ]


def _people(number: int) -> str:
    return f"{number} {'person' if number == 1 else 'people'}"


async def _push_access(ctx: Context) -> list[Part]:
    reads = ctx.reads(GITHUB)
    access = await reads.access()
    return [
        Paragraph(
            text=f"{_public(access)} so forking and a pull request need nobody. On repositories with much "
            "traffic it can be easier to allow write access."
        ),
        Paragraph(
            text=f"Somebody may push when they are in the {reads.push_team} team and the repository is in it "
            "with Write: `/infra grant-push USER REPO` asks for what is missing, and an owner approves."
        ),
        *_pushed(access, reads.push_team),
    ]


def _public(access: Access) -> str:
    public = sum(not each.private for each in access.repositories)
    private = len(access.repositories) - public
    return (
        f"{public} of our repositories are public and {private} private,"
        if private
        else (f"All {public} of our repositories are public, and we need no private ones,")
    )


def _pushed(access: Access, team: str) -> list[Part]:
    found = next((each for each in access.teams if each.slug.casefold() == team.casefold()), None)
    names = (
        sorted(name for name, level in found.repositories.items() if not level < Level.WRITE) if found else []
    )
    return [Paragraph(text=f"In it with Write: {listed(names, 'and')}.")] if names else []
