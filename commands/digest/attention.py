"""``digest attention``: what waits for somebody, and what ends, runs out or differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.approval import missing, who_can
from bot.core.change import Request
from bot.core.command import Command, Context, NoArgs
from bot.core.drift import Watched
from bot.core.duration import moment
from bot.core.errors import BotError
from bot.core.people import Role, listed
from bot.core.reply import Block, Notice, Reply, Text
from bot.core.status import State, Status
from commands.digest import parts
from integrations import VENDORS
from integrations.github import GITHUB
from integrations.keys import KEYS

MOST = 10  # lines of a kind
DAY = timedelta(days=1)
ENDING = timedelta(days=7)  # before its end a grant is told
EXPIRING = timedelta(days=3)  # the same of an invitation
DECIDED = timedelta(days=4)  # a request stays open for less, as it comes
_TITLES = {vendor.name: vendor.title for vendor in VENDORS}


@dataclass(frozen=True)
class Found:
    """What there is of one kind, a line each; *away* are those who did not answer."""

    title: str
    noun: str
    lines: Sequence[str] = ()
    away: Sequence[str] = ()

    @property
    def blocks(self) -> list[Block]:
        """Return it as it is shown."""
        blocks: list[Block] = [Notice(level="bad", text=each) for each in self.away]
        if self.lines:
            more = [f"… and {len(self.lines) - MOST} more"] if len(self.lines) > MOST else []
            lines = [f"• {line}" for line in (*self.lines[:MOST], *more)]
            blocks.append(Text(text="\n".join([f"*{self.title}*", *lines])))
        return blocks


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Look at each source; one that is away hides no other."""
    found = [
        await _requests(ctx),
        await _alone(ctx),
        await _grants(ctx),
        await _invitations(ctx),
        await _renewals(ctx),
        await _drift(ctx),
        await _keys(ctx),
    ]
    blocks = tuple(block for each in found for block in each.blocks)
    counts = [parts.counted(len(each.lines), each.noun) for each in found if each.lines]
    title = f"To look at: {listed(counts, 'and')}" if counts else "Nothing waits."
    return Reply(title=title, blocks=blocks, quiet=not blocks, partial=any(each.away for each in found))


async def _requests(ctx: Context) -> Found:
    """Return the requests that wait for owners: for how many, of whom, until when."""
    lines = []
    for request, status in await _of(State.PENDING, ctx):
        owners = parts.counted(missing(request, status, ctx.situation), "owner")
        able, until = listed(who_can(request, status, ctx.situation)), _moment(request.expires_at, ctx)
        lines.append(f"#{request.number} {request.plan.title}: {owners} of {able}, until {until}")
    return Found("Waits for owners", "request", lines)


async def _alone(ctx: Context) -> Found:
    """Return what an owner applied alone since yesterday."""
    lines = []
    for request, _ in await ctx.requests.newest(limit=50):
        if request.at <= ctx.now - DECIDED:
            break
        known = await ctx.requests.by_number(request.number)
        approvals = known[1].approvals if known else ()
        lines += [
            f"#{request.number} {request.plan.title}: by {each.by.name}: {each.reason}"
            for each in approvals
            if each.alone and each.at > ctx.now - DAY
        ]
    return Found("Applied by an owner alone", "lone decision", lines)


async def _grants(ctx: Context) -> Found:
    """Return the time-bound grants that end soon."""
    lines = []
    for grant in await ctx.requests.grants():
        if grant.ends_at <= ctx.now + ENDING:
            known = await ctx.requests.by_number(grant.number)
            title = f" {known[0].plan.title}" if known else ""
            lines.append(f"#{grant.number}{title}: ends {_moment(grant.ends_at, ctx)}")
    return Found("Ends soon", "ending grant", lines)


async def _invitations(ctx: Context) -> Found:
    """Return the invitations that run out soon: those of requests, and others at GitHub."""
    soon, lines, away = ctx.now + EXPIRING, list[str](), list[str]()
    ours = set[str]()
    for request, status in await _of(State.WAITING, ctx):
        for each in status.awaited:
            ours.add(each.account.casefold())
            if each.until <= soon:
                lines.append(f"{each.account} (#{request.number}): runs out {_moment(each.until, ctx)}")
    if ctx.has(GITHUB):
        try:
            sent = await ctx.reads(GITHUB).invitations()
        except BotError as error:
            sent, away = (), [f"{error.message} Only the invitations of our own requests are looked at."]
        lines += [
            f"{each.login or 'Somebody, by e-mail'}: runs out {_moment(each.expires_at, ctx)}"
            for each in sent
            if not each.expired and each.expires_at <= soon and (each.login or "").casefold() not in ours
        ]
    return Found("Invited, not in yet", "expiring invitation", lines, away)


async def _renewals(ctx: Context) -> Found:
    """Return what is paid again soon."""
    return Found("Paid again soon", "renewal", parts.renewals(await ctx.costs.bill(parts.TARIFF)))


async def _drift(ctx: Context) -> Found:
    """Return what others changed at vendors; of one that is away what was seen last, and when."""
    seen = await ctx.watched()
    differences = [each for watched in seen if watched.drift for each in watched.drift.open]
    lines = [f"{each.change.words}, noticed {_moment(each.since, ctx)} (`drift`)" for each in differences]
    away = [_away(watched, ctx) for watched in seen if watched.away]
    return Found("Changed elsewhere", "difference", lines, away)


async def _keys(ctx: Context) -> Found:
    """Return on the first of a month where fewer than two people get in, and which secrets are old."""
    today = ctx.now.astimezone(ctx.organisation.zone).date()
    if today.day != 1:
        return Found("Who gets in", "missing key")
    said = await parts.said("keys", ctx)
    lines = [] if said.quiet else [f"{said.title} (`keys`)"]
    for each in await ctx.reads(KEYS).secrets():
        if each.late(today):
            old = f"is due {each.due(today)}" if each.made else "has an age that nobody said"
            lines.append(f"The secret {each.name} {old} (`keys rotated {each.name}`)")
    return Found("Who gets in", "missing key", lines)


def _away(watched: Watched, ctx: Context) -> str:
    title = _TITLES.get(watched.vendor, watched.vendor)
    age = f" What is said of it is of {_moment(watched.looked_at, ctx)}." if watched.looked_at else ""
    return f"{title} cannot be looked at now: {watched.away}{age}"


async def _of(state: State, ctx: Context) -> list[tuple[Request, Status]]:
    """Return the requests in a state, the oldest first."""
    numbers = [request.number for request, _ in await ctx.requests.newest((state,), limit=parts.MANY)]
    return [known for number in reversed(numbers) if (known := await ctx.requests.by_number(number))]


def _moment(at: datetime, ctx: Context) -> str:
    return moment(at, ctx.organisation.zone)


ATTENTION = Command(
    "digest attention",
    "What waits for somebody, ends, runs out or differs",
    NoArgs,
    run,
    examples=("digest attention",),
    role=Role.READER,
    group="Requests",
)
