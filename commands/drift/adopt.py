"""``drift adopt``: accept what others changed at vendors."""

from bot.core.change import Change, Plan
from bot.core.command import Command, Context
from bot.core.drift import Difference
from bot.core.people import Role
from commands.drift.which import Args, chosen
from integrations.baseline import ACCEPTED, Acceptance


async def run(args: Args, ctx: Context) -> Plan:
    """Plan that what differs is accepted as it was told: our own data changes, nothing at a vendor."""
    differences = await chosen(args, ctx)
    count = f"{len(differences)} changes" if len(differences) > 1 else "a change"
    return Plan(
        title=f"Accept {count} made elsewhere",
        changes=tuple([await _accepted(difference, ctx) for difference in differences]),
    )


async def _accepted(difference: Difference, ctx: Context) -> Change:
    made = difference.change
    after = None if made.after is None else Acceptance(state=made.after)
    change = await ctx.change(ACCEPTED, f"{made.resource}/{made.target}", after)
    return change.model_copy(update={"words": f"Accepted: {made.words}"})


ADOPT = Command(
    "drift adopt",
    "Accept what others changed: it stays so",
    Args,
    run,
    examples=("drift adopt 17", "drift adopt all because Owen did it by hand"),
    role=Role.OWNER,
    group="Requests",
    changes=(ACCEPTED.name,),
)
