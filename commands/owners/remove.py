"""``owners remove``: somebody is an owner no longer."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.names import person, suggestion
from bot.core.people import Role
from bot.core.reply import Reply, Text
from bot.core.values import Value
from integrations.github import GITHUB, ORG_MEMBER, OrgMember
from integrations.people import PERSON, PersonState


class Args(Value):
    """Who."""

    user: Annotated[str, Arg("USER", positional=True, completes="people", label="Who")]


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan that an owner becomes a member, on GitHub and in our list."""
    owners = await ctx.reads(GITHUB).owners()
    known = person(args.user, ctx.people)
    said = (known.github if known else args.user) or ""
    login = next((owner for owner in owners if owner.lower() == said.lower()), None)
    if known is None and login is None:
        near = suggestion(args.user, (*owners, *(p.name for p in ctx.people)))
        raise UsageError(f"{args.user} is no owner.", near or "`owners` lists them.")
    changes = []
    if login:
        changes.append(await ctx.change(ORG_MEMBER, login, OrgMember(role="member")))
    if known and known.role is Role.OWNER:
        state = PersonState.of(known.model_copy(update={"role": Role.ORGANISER}))
        changes.append(await ctx.change(PERSON, known.name, state))
    name = known.name if known else said
    if not changes:
        return Reply(
            title=f"{name} is no owner", blocks=(Text(text="Nothing to take away, nothing was filed."),)
        )
    return Plan(
        title=f"{name} is an owner no longer",
        changes=tuple(changes),
        losses=(f"{name}: stays a member; no more Admin on every repository, approves nothing",),
        notes=(f"`access {login or name}` shows afterwards what is left.",),
        wide=True,
    )


REMOVE = Command(
    "owners remove",
    "Make an owner a member again",
    Args,
    run,
    examples=("owners remove organiser-1",),
    group="People",
    changes=(ORG_MEMBER.name, PERSON.name),
)
