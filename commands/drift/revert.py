"""``drift revert``: put back what others changed at vendors."""

from bot.core.change import Action, Plan
from bot.core.command import Command, Context
from bot.core.errors import Refused
from bot.core.people import Role
from commands.drift.which import Args, chosen, says


async def run(args: Args, ctx: Context) -> Plan:
    """Plan the way back from what is live to what was accepted: a plan like any other."""
    differences = await chosen(args, ctx)
    ways = [(await ctx.back(difference.change))[0] for difference in differences]
    changes = tuple(change for change in ways if change.action is not Action.NONE)
    if not changes:
        raise Refused("It is as it was already.", "Nothing was filed.")
    by = dict.fromkeys(filter(None, map(says, differences)))
    return Plan(
        title="Put back a change made elsewhere" if len(changes) == 1 else f"Put back {len(changes)} changes",
        changes=changes,
        notes=tuple(f"Made by {name}" for name in by),
        wide=len(changes) > 1,
    )


REVERT = Command(
    "drift revert",
    "Put back what others changed, through a request",
    Args,
    run,
    examples=("drift revert 17", "drift revert helper-1 because nobody asked for it"),
    role=Role.OWNER,
    group="Requests",
    changes=("*",),
)
