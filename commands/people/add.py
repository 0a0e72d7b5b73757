"""``people add``: put somebody in our list."""

from typing import Annotated

from pydantic import BaseModel

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused
from bot.core.names import SlackId, person
from bot.core.people import Login, Name, Person, Role
from integrations.github import GITHUB, User, find_account
from integrations.people import PERSON, PersonState


class Args(BaseModel):
    """A name, and what belongs to it."""

    name: Annotated[Name, Arg("NAME", positional=True)]
    slack: Annotated[SlackId | None, Arg("@PERSON", completes="slack")] = None
    github: Annotated[Login | None, Arg("LOGIN", completes="logins")] = None
    role: Annotated[Role, Arg("ROLE", completes="roles")] = Role.ORGANISER


async def run(args: Args, ctx: Context) -> Plan:
    """Plan a new person; their accounts must be nobody else's."""
    for said in (args.name, f"<@{args.slack}>" if args.slack else "", args.github or ""):
        if said and (taken := person(said, ctx.people)):
            raise Refused(
                f"{said} is {taken.name} in our people already.",
                f"`people change {taken.name}` changes what we know of them.",
            )
    new = Person(
        name=args.name, role=args.role, slack=(args.slack,) if args.slack else (), github=args.github
    )
    notes: tuple[str, ...] = ()
    if args.github and ctx.has(GITHUB):
        account = await find_account(ctx.reads(GITHUB), args.github)
        new = new.model_copy(update={"github": account.login})
        notes = User(account, new).facts(ctx.people, ctx.now)
    if not args.slack:
        notes += ("Without a Slack account they cannot ask the bot for anything.",)
    return Plan(
        title=f"Add {new.name} to our people",
        changes=(await ctx.change(PERSON, new.name, PersonState.of(new)),),
        gains=(f"{new.name}: {new.role.value}",),
        notes=notes,
    )


ADD = Command(
    "people add",
    "Put somebody in our list",
    Args,
    run,
    examples=("people add helper-1 --slack <@U0000000009> --github helper-1",),
    group="People",
)
