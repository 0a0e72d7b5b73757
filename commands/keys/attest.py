"""``keys attest``: say that you logged in at a vendor today."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.names import myself
from bot.core.values import Value
from commands.keys.doors import named
from integrations.keys import PROVED, Proved, target


class Args(Value):
    """Where."""

    vendor: Annotated[str, Arg("VENDOR", positional=True, completes="status", label="Where")]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan to keep that the asker, and nobody else for them, logged in today."""
    door, me = await named(args.vendor, ctx), myself(ctx.actor, ctx.people)
    today = ctx.now.astimezone(ctx.organisation.zone).date()
    change = await ctx.change(PROVED, target(door.name, me.name), Proved(on=today))
    return Plan(title=f"{me.name} can log in at {door.title}", changes=(change,))


ATTEST = Command(
    "keys attest",
    "Say that you logged in at a vendor today",
    Args,
    run,
    examples=("keys attest dnsimple",),
    group="Services",
    changes=(PROVED.name,),
)
