"""``leftovers remove``: take away what grants that ended left over."""

from bot.core.change import Plan
from bot.core.command import Command, Context, NoArgs
from bot.core.people import listed
from bot.core.reply import Notice, Reply
from bot.core.status import State

OPEN = tuple(state for state in State if state.open)


async def run(_args: NoArgs, ctx: Context) -> Reply | Plan:
    """Plan the removal of all that is left over, but for what is being removed already."""
    planned = {
        (change.resource, change.target): f"#{request.number}"
        for request, _ in await ctx.requests.newest(OPEN, limit=100)
        for change in request.plan.changes
    }
    found = [left for left in await ctx.left() if left.removable]
    lefts = [left for left in found if (left.change.resource, left.change.target) not in planned]
    asked = dict.fromkeys(
        planned[place] for left in found if (place := (left.change.resource, left.change.target)) in planned
    )
    if not lefts:
        text = f"{listed(asked, 'and')} asks for it already." if asked else "Nothing was filed."
        return Reply(title="Nothing to take away", blocks=(Notice(level="good", text=text),))
    numbers = listed(dict.fromkeys(f"#{left.number}" for left in lefts), "and")
    other = [f"*Not what was granted any more*: {left.change.words}" for left in lefts if not left.same]
    return Plan(
        title=f"Take away what is left of {numbers}",
        changes=tuple(left.change for left in lefts),
        notes=tuple(other),
        wide=len(lefts) > 1,
    )


REMOVE = Command(
    "leftovers remove",
    "Plan to take away what is still there of grants that ended",
    NoArgs,
    run,
    examples=("leftovers remove because the look of the night found it",),
    group="Requests",
    changes=("*",),
)
