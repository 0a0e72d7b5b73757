"""``undo``: restore what was there before a request."""

from typing import Annotated

from pydantic import BaseModel

from bot.core.approval import carried_out, undoable
from bot.core.change import Action, Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused, UsageError
from bot.core.names import Number


class Args(BaseModel):
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
    changes = tuple(change for change, _ in ways_back if change.action is not Action.NONE)
    if not changes:
        raise Refused(
            f"Nothing of #{args.number} is left: everything is as it was before.", "Nothing was filed."
        )
    moved = [change.words for change, still in ways_back if not still and change.action is not Action.NONE]
    undoes = request.id if not moved and undoable(status, ctx.now) else ""
    return Plan(
        title=f"Undo #{request.number}: {request.plan.title}",
        changes=changes,
        notes=tuple(f"*Moved since* #{request.number}: {words}" for words in moved),
        undoes=undoes,
    )


UNDO = Command(
    "undo",
    "Restore what was there before a request",
    Args,
    run,
    examples=("undo 42 because it was the wrong repository",),
    group="Requests",
)
