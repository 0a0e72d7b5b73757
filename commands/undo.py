"""``undo``: restore what was there before a request."""

from typing import Annotated

from bot.core.approval import carried_out, undoable, way_back
from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused, UsageError
from bot.core.names import Number
from bot.core.values import Value


class Args(Value):
    """Which request."""

    number: Annotated[Number, Arg("N", positional=True, completes="requests", label="Which request")]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan the way back: as an undo while nothing moved since, else as a plan like any other."""
    found = await ctx.requests.by_number(args.number)
    if found is None:
        raise UsageError(f"There is no #{args.number}.", "`requests` lists the newest.")
    request, status = found
    made = carried_out(request, status)
    if not made:
        raise Refused(
            f"#{args.number} changed nothing ({status.state.value}), so there is nothing to undo.",
            f"`requests {args.number}` shows what became of it.",
        )
    ways_back = [await ctx.back(change) for change in made]
    plan, moved = way_back(request, ways_back)
    if not plan.changes:
        left = " ".join(plan.notes) or "everything is as it was before"
        raise Refused(f"Nothing of #{args.number} is left to undo: {left}.", "Nothing was filed.")
    undoes = request.id if not moved and undoable(request, status, ctx.now) else ""
    notes = (*(f"*Moved since* #{request.number}: {words}" for words in moved), *plan.notes)
    return plan.model_copy(update={"notes": notes, "undoes": undoes})


UNDO = Command(
    "undo",
    "Restore what was there before a request",
    Args,
    run,
    examples=("undo 42 because it was the wrong repository",),
    group="Requests",
    changes=("*",),
)
