"""``invitations remove``: cancel an invitation that waits."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.names import person, suggestion
from bot.core.values import Value
from integrations.github import GITHUB, INVITATION


class Args(Value):
    """Who was invited."""

    user: Annotated[str, Arg("USER", positional=True, completes="invitations", label="Who")]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan that an invitation is cancelled."""
    known = person(args.user, ctx.people)
    said = (known.github if known else None) or args.user
    sent = [i for i in await ctx.reads(GITHUB).invitations() if not i.expired]
    names = [name for invite in sent for name in (invite.login, invite.email) if name]
    found = next((name for name in names if name.lower() == said.lower()), None)
    if found is None:
        hint = suggestion(said, names) or "`invitations` lists them."
        raise UsageError(f"{args.user} has no invitation that waits.", hint)
    return Plan(
        title=f"Cancel the invitation of {known.name if known else found}",
        changes=(await ctx.change(INVITATION, found, None),),
    )


REMOVE = Command(
    "invitations remove",
    "Cancel an invitation that waits",
    Args,
    run,
    examples=("invitations remove helper-1",),
    group="People",
    changes=(INVITATION.name,),
)
