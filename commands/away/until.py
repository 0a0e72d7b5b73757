"""``away until``: not to be asked until a day has passed."""

from datetime import date
from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.duration import day
from bot.core.errors import UsageError
from bot.core.names import myself
from bot.core.values import Value
from integrations.people import PERSON, PersonState


class Args(Value):
    """The last day."""

    until: Annotated[date, Arg("DATE", positional=True)]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan that the asker is away up to and including a day."""
    if args.until < ctx.now.astimezone(ctx.organisation.zone).date():
        raise UsageError(f"{day(args.until)} has passed already.", "Say a later day, for example 2026-07-01.")
    me = myself(ctx.actor, ctx.people)
    away = me.model_copy(update={"away_until": args.until})
    return Plan(
        title=f"{me.name} is away until {day(args.until)}",
        changes=(await ctx.change(PERSON, me.name, PersonState.of(away)),),
    )


UNTIL = Command(
    "away until",
    "Do not ask me to approve until that day has passed",
    Args,
    run,
    examples=("away until 2026-07-01",),
    group="People",
    changes=(PERSON.name,),
)
