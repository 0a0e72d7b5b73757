"""``away back``: to be asked again."""

from bot.core.change import Plan
from bot.core.command import Command, Context, NoArgs
from bot.core.names import myself
from bot.core.reply import Reply
from integrations.people import PERSON, PersonState


async def run(_args: NoArgs, ctx: Context) -> Reply | Plan:
    """Plan that the asker is back."""
    me = myself(ctx.actor, ctx.people)
    if me.away_until is None:
        return Reply(title="You are not away.")
    here = me.model_copy(update={"away_until": None})
    change = await ctx.change(PERSON, me.name, PersonState.of(here))
    return Plan(title=f"{me.name} is back", changes=(change,))


BACK = Command(
    "away back",
    "I am back: ask me again",
    NoArgs,
    run,
    examples=("away back",),
    group="People",
    changes=(PERSON.name,),
)
