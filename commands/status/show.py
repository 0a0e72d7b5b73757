"""``status show``: how all services and vendors do, or one of them in full."""

from datetime import datetime
from typing import Annotated

from bot.core.board import Board, Health, Line, Seen
from bot.core.command import Arg, Command, Context
from bot.core.duration import day, moment, spell
from bot.core.errors import BotError, UsageError
from bot.core.names import suggestion
from bot.core.people import Role
from bot.core.reply import Block, Notice, Progress, Reply, Table, Text
from bot.core.values import Value
from integrations.github import GITHUB, Repository

MOST_REPOSITORIES = 5
MOST_TITLES = 3


class Args(Value):
    """One service or vendor, or all."""

    name: Annotated[str | None, Arg("NAME", positional=True, completes="status", label="Which one")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Look at every vendor, and show the board."""
    await ctx.report(Progress(text="Looking at every vendor …"))
    board = await ctx.board.now()
    return await (_all(board, ctx) if args.name is None else _one(args.name, board, ctx))


async def _all(board: Board, ctx: Context) -> Reply:
    undecided = [line for line in board.services if line.health is Health.UNDECIDED]
    look = [line.title for line in (*undecided, *board.vendors) if line.attention]
    more = f" and {len(look) - MOST_TITLES} more" if len(look) > MOST_TITLES else ""
    return Reply(
        title=f"To look at: {', '.join(look[:MOST_TITLES])}{more}" if look else "All that is set up is fine",
        blocks=(
            Table(columns=("Service", "State", "Since", "Checked", "Why"), rows=_rows(board.services, ctx)),
            Table(columns=("Vendor", "State", "Since", "Checked", "Why"), rows=_rows(board.vendors, ctx)),
            Text(text=await _issues(ctx)),
        ),
    )


def _rows(lines: tuple[Line, ...], ctx: Context) -> tuple[tuple[str, ...], ...]:
    return tuple((line.title, f"{line.health}", *_times(line, ctx), line.why) for line in lines)


def _times(line: Line, ctx: Context) -> tuple[str, str]:
    """Return since when it is so, and when that was looked at; what is stale says how old it is."""
    if line.seen is None:
        return (f"since {day(line.on)}" if line.on else "–"), "–"
    return (
        f"since {_moment(line.seen.since, ctx)}",
        f"checked {_moment(line.seen.looked_at, ctx)}{_age(line.seen, ctx)}",
    )


def _age(seen: Seen, ctx: Context) -> str:
    """Return how old the last answer is, where there is none now, and what it was."""
    if not seen.away:
        return ""
    if seen.heard_at is None:
        return ", never heard"
    return f", last heard {spell(ctx.now - seen.heard_at)} ago: {seen.said.value}"


def _moment(at: datetime, ctx: Context) -> str:
    return moment(at, ctx.organisation.zone)


async def _issues(ctx: Context) -> str:
    """Return how many issues are open, and where; which GitHub counts with pull requests."""
    if not ctx.has(GITHUB):
        return "Open issues: GitHub is not set up here."
    try:
        repositories = await ctx.reads(GITHUB).repositories()
    except BotError as error:
        return f"Open issues are not known now: {error.message}"
    found = sorted((each for each in repositories if each.open_issues), key=_most_first)
    shown = ", ".join(f"{each.name} {each.open_issues}" for each in found[:MOST_REPOSITORIES])
    more = ", …" if len(found) > MOST_REPOSITORIES else ""
    total = sum(each.open_issues for each in found)
    return f"Open issues and pull requests: *{total}*{f' ({shown}{more})' if found else ''}."


def _most_first(repository: Repository) -> tuple[int, str]:
    return -repository.open_issues, repository.name


async def _one(said: str, board: Board, ctx: Context) -> Reply:
    line = board.named(said)
    if line is None:
        hint = suggestion(said, (each.name for each in board.lines)) or "`status` lists them."
        raise UsageError(f"We have no service or vendor `{said[:40]}`.", hint, "name")
    service = ctx.organisation.services.get(line.name)
    title = f"{line.title}: {line.health.value}"
    if service is None:
        return Reply(title=title, blocks=(*_found(line), *await _past(line, ctx)))
    known = {each.name: each for each in board.vendors}
    rows = tuple(
        (known[name].title, why, f"{known[name].health}", *_times(known[name], ctx), known[name].why)
        for name, why in service.uses.items()
        if name in known
    )
    repository = [Text(text=f"Repository: `{service.repository}`")] if service.repository else []
    table = Table(columns=("Vendor", "For", "State", "Since", "Checked", "Why"), rows=rows)
    return Reply(title=title, blocks=(Text(text=line.why), *repository, table))


def _found(line: Line) -> list[Block]:
    """Return all that a vendor said, and why it says nothing now."""
    if line.seen is None:
        return [Text(text=line.why)]
    away: list[Block] = [Notice(level="bad", text=line.seen.away)] if line.seen.away else []
    findings = [
        Notice(level=each.level, text=f"{each.text} {each.hint}".rstrip()) for each in line.seen.findings
    ]
    return [*away, *findings]


async def _past(line: Line, ctx: Context) -> list[Block]:
    """Return how a vendor did before."""
    if line.seen is None:
        return []
    rows = tuple(
        (f"since {_moment(each.since, ctx)}", f"{each.health}", each.why)
        for each in await ctx.board.past(line.name)
    )
    checked = f"Checked {_moment(line.seen.looked_at, ctx)}{_age(line.seen, ctx)}."
    return [Text(text=checked), Table(columns=("History", "State", "Why"), rows=rows)]


SHOW = Command(
    "status show",
    "How all services and vendors do",
    Args,
    run,
    examples=("status", "status website", "status dnsimple"),
    role=Role.READER,
    group="Services",
)
