"""``leftovers show``: look live for what grants that ended left over."""

from bot.core.command import Command, Context, NoArgs
from bot.core.leftover import told
from bot.core.people import Role
from bot.core.reply import Reply


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Show what is left over."""
    return told(await ctx.left(), ctx.organisation.zone)


SHOW = Command(
    "leftovers show",
    "What is still there of grants that ended",
    NoArgs,
    run,
    examples=("leftovers",),
    role=Role.READER,
    group="Requests",
)
