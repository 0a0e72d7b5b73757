"""``people show``: who is in our list."""

from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.duration import day
from bot.core.errors import UsageError
from bot.core.names import person, suggestion
from bot.core.people import Person, Role, listed
from bot.core.reply import Fields, Notice, Reply, Table
from bot.core.values import Value


class Args(Value):
    """One person, or all."""

    name: Annotated[str | None, Arg("NAME", positional=True, completes="people")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show our people, or one of them."""
    if args.name is None:
        return _everyone(ctx)
    found = person(args.name, ctx.people)
    if found is None:
        hint = suggestion(args.name, (p.name for p in ctx.people)) or "`people` lists everybody."
        raise UsageError(f"{args.name} is not in our people.", hint)
    pairs = zip(("Role", "Slack", "GitHub", "Away"), _row(found, ctx)[1:], strict=True)
    return Reply(title=found.name, blocks=(Fields(pairs=tuple(pairs)),), private=True)


def _everyone(ctx: Context) -> Reply:
    ordered = sorted(ctx.people, key=lambda p: (p.role is not Role.OWNER, p.name.lower()))
    table = Table(
        columns=("Name", "Role", "Slack", "GitHub", "Away"), rows=tuple(_row(p, ctx) for p in ordered)
    )
    without = listed((p.name for p in ordered if p.github is None), "and")
    notices = (
        [] if without == "nobody" else [Notice(level="warning", text=f"Without GitHub login: {without}.")]
    )
    count = len(ordered)
    title = f"{count} {'person' if count == 1 else 'people'} in our list"
    return Reply(title=title, blocks=(table, *notices), private=True)  # shared, it would call each of them


def _row(somebody: Person, ctx: Context) -> tuple[str, ...]:
    today = ctx.now.astimezone(ctx.organisation.zone).date()
    away = somebody.away_until if somebody.is_away(today) else None
    slack = ", ".join(f"<@{account}>" for account in somebody.slack)
    return (
        somebody.name,
        somebody.role.value,
        slack or "–",
        somebody.github or "–",
        f"until {day(away)}" if away else "–",
    )


SHOW = Command(
    "people show",
    "Who is in our list: roles, accounts, who is away",
    Args,
    run,
    examples=("people", "people show Cory"),
    role=Role.READER,
    group="People",
)
