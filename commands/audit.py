"""``audit``: what the journal says, in readable words."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from bot.core.command import Arg, Command, Context
from bot.core.duration import duration, moment
from bot.core.event import Event, Kind
from bot.core.names import person
from bot.core.people import Role
from bot.core.reply import Reply, Table, Text
from bot.core.story import said
from bot.core.values import Value

NEWEST = 50


def _since(text: object) -> object:
    """Return the day or the span that *text* says."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        pass
    try:
        return duration(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither a day nor a span: write 2026-06-01 or 7d") from None


class Args(Value):
    """Whose lines, and from when on."""

    who: Annotated[str | None, Arg("NAME", completes="people")] = None
    since: Annotated[date | timedelta | None, BeforeValidator(_since), Arg("DATE-OR-SPAN")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show the newest lines that match."""
    known = person(args.who, ctx.people) if args.who else None
    who = known.name if known else args.who
    lines = await ctx.journal.lines(who=who, since=_moment(args.since, ctx), limit=NEWEST)
    about = await _numbers(ctx)
    rows = tuple(_row(line, about, ctx) for line in lines)
    count = f"{len(rows)} line{'' if len(rows) == 1 else 's'}" if rows else "No line"
    blocks: list[Table | Text] = []
    if rows:
        blocks.append(Table(columns=("When", "Who", "About", "What"), rows=rows))
    if len(rows) == NEWEST:
        blocks.append(Text(text=f"These are the newest {NEWEST}: ask with `--since` or `--who` for others."))
    title = f"Audit: {count}{f' by {who}' if who else ''}"
    return Reply(title=title, blocks=tuple(blocks), private=True)  # it says who was refused what


def _moment(since: date | timedelta | None, ctx: Context) -> datetime | None:
    if isinstance(since, timedelta):
        return ctx.now - since
    return datetime(since.year, since.month, since.day, tzinfo=ctx.organisation.zone) if since else None


async def _numbers(ctx: Context) -> dict[str, str]:
    """Return the number of each recent request, by the subject of its lines."""
    return {f"request:{r.id}": f"#{r.number}" for r, _ in await ctx.requests.newest(limit=200)}


def _row(line: Event, about: dict[str, str], ctx: Context) -> tuple[str, ...]:
    subject = line.subject
    if line.kind is Kind.REFUSED:
        subject = f"request:{line.payload.get('request', '')}"
    shown = about.get(subject, subject.partition(":")[0])
    return (moment(line.at, ctx.organisation.zone), line.actor.name, shown, said(line))


AUDIT = Command(
    "audit",
    "Who asked, decided and changed what, and when",
    Args,
    run,
    examples=("audit", "audit --who Cory --since 7d"),
    role=Role.READER,
    group="Requests",
)
