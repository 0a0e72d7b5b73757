"""``digest journal``: the head of the journal, published where nobody with the database can change it."""

from datetime import datetime, time, timedelta

from bot.core.command import Command, Context, NoArgs
from bot.core.people import Role
from bot.core.reply import Reply, Text
from commands.digest import parts


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Name the last line that was written before today, the same all day long; news if it is yesterday's."""
    zone = ctx.organisation.zone
    today = datetime.combine(ctx.now.astimezone(zone).date(), time(), tzinfo=zone)
    lines = await ctx.journal.lines(until=today, limit=1)
    if not lines:
        return Reply(title="Nothing was written into the journal before today.", quiet=True)
    [last] = lines
    text = (
        f"Its head: `{last.hash}`\nWhoever alters the database cannot alter this message: "
        f"`infra audit verify --head {last.hash}` finds what was cut or written anew since."
    )
    title = f"The journal had {parts.counted(last.n, 'line')} at midnight."
    return Reply(title=title, blocks=(Text(text=text),), quiet=last.at < today - timedelta(days=1))


JOURNAL = Command(
    "digest journal",
    "The journal's head, to prove later that nothing was cut",
    NoArgs,
    run,
    examples=("digest journal",),
    role=Role.READER,
    group="Requests",
)
