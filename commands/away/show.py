"""``away show``: who is away, and until when."""

from bot.core.command import Command, Context, NoArgs
from bot.core.duration import day
from bot.core.people import Role, listed, owners
from bot.core.reply import Reply, Text


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Say who is away, and which owners are left to ask."""
    today = ctx.now.astimezone(ctx.organisation.zone).date()
    away = [person for person in ctx.people if person.is_away(today)]
    said = [f"*{p.name}* until {day(p.away_until)}" for p in away if p.away_until]
    present = listed((p.name for p in owners(ctx.people) if p not in away), "and")
    return Reply(
        title=f"Away: {listed((p.name for p in away), 'and')}",
        blocks=(
            Text(text="\n".join(said) or "Nobody is away."),
            Text(text=f"Owners who can be asked: {present}."),
        ),
    )


SHOW = Command(
    "away show",
    "Who is away, and until when",
    NoArgs,
    run,
    examples=("away",),
    role=Role.READER,
    group="People",
)
