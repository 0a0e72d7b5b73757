"""``owners add``: make somebody an owner."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused
from bot.core.people import Role
from bot.core.reply import Notice, Reply
from bot.core.values import Value
from integrations.github import GITHUB, ORG_MEMBER, OrgMember, find_user
from integrations.people import PERSON, PersonState


class Args(Value):
    """Who."""

    user: Annotated[str, Arg("USER", positional=True, completes="people", label="Who")]


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan an owner in both places: our list first, since an invitation to GitHub may wait."""
    reads = ctx.reads(GITHUB)
    user = await find_user(reads, args.user, ctx.people)
    if user.person is None:
        raise Refused(
            f"{user.login} is not in our people, and an owner must be.",
            f"Add them first: `people add NAME --github {user.login}`.",
        )
    changes = []
    if user.person.role is not Role.OWNER:
        state = PersonState.of(user.person.model_copy(update={"role": Role.OWNER}))
        changes.append(await ctx.change(PERSON, user.name, state))
    if user.login.lower() not in {login.lower() for login in await reads.owners()}:
        changes.append(await ctx.change(ORG_MEMBER, user.login, OrgMember(role="owner")))
    if not changes:
        text = f"*{user.name}* is an owner, on GitHub and in our list. Nothing was filed."
        return Reply(title=f"{user.name} is an owner already", blocks=(Notice(level="good", text=text),))
    return Plan(
        title=f"Make {user.name} an owner",
        changes=tuple(changes),
        gains=(f"{user.name}: Admin on *every repository*, and may approve requests",),
        notes=user.facts(ctx.people, ctx.now),
        wide=True,
    )


ADD = Command(
    "owners add",
    "Make somebody an owner",
    Args,
    run,
    examples=("owners add organiser-1",),
    group="People",
    changes=(ORG_MEMBER.name, PERSON.name),
)
