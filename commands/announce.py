"""``announce``: tell all attendees something in their Slack workspace, once."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.run import Run
from bot.core.values import Value
from integrations.slack_workspaces import ANNOUNCEMENT, SLACK_WORKSPACES


class Args(Value):
    """What is said."""

    text: Annotated[tuple[str, ...], Arg("TEXT", positional=True, label="What to say")]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan one message, shown as it will be posted."""
    text, place = " ".join(args.text), await ctx.reads(SLACK_WORKSPACES).place()
    change = await ctx.change(ANNOUNCEMENT, f"{place.workspace}/{text}", Run())
    return Plan(
        title=f"Announce to {place.workspace}",
        changes=(change,),
        gains=(f"Everybody in #{place.channel} of {place.team} reads it",),
        notes=("It is posted as it stands here; nobody is pinged by name.",),
        wide=True,
    )


ANNOUNCE = Command(
    "announce",
    "Tell the attendees something in their Slack",
    Args,
    run,
    examples=("announce 'Doors open at 9:00, coffee is on the first floor.'",),
    group="Services",
    changes=(ANNOUNCEMENT.name,),
)
