"""``away back``: to be asked again."""

from bot.core.change import Plan
from bot.core.command import Command, Context, NoArgs
from bot.core.names import myself
from bot.core.reply import Reply
from integrations.people import AWAY


async def run(_args: NoArgs, ctx: Context) -> Reply | Plan:
    """Plan that the asker is back."""
    me = myself(ctx.actor, ctx.people)
    if me.away_until is None:
        return Reply(title="You are not away.")
    return Plan(title=f"{me.name} is back", changes=(await ctx.change(AWAY, me.name, None),))


BACK = Command("away back", "I am back: ask me again", NoArgs, run, examples=("away back",), group="People")
