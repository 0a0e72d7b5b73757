"""``people change``: change what we know of somebody."""

from typing import Annotated, Any

from pydantic import Field

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused, UsageError
from bot.core.names import SlackId, person, suggestion
from bot.core.people import Login, Person, Role
from bot.core.values import Value
from integrations.github import GITHUB, User, find_account
from integrations.people import PERSON, PersonState


class Args(Value):
    """Who, and what is new."""

    name: Annotated[str, Arg("NAME", positional=True, completes="people")]
    role: Annotated[Role | None, Arg("ROLE", completes="roles")] = None
    github: Annotated[Login | None, Arg("LOGIN", completes="logins")] = None
    slack: Annotated[SlackId | None, Arg("@PERSON", completes="slack")] = None
    drop_slack: Annotated[SlackId | None, Arg("@PERSON", completes="slack")] = Field(None, alias="drop-slack")


async def run(args: Args, ctx: Context) -> Plan:
    """Plan what is new; an account belongs to one person."""
    somebody = person(args.name, ctx.people)
    if somebody is None:
        near = suggestion(args.name, (p.name for p in ctx.people))
        raise UsageError(f"{args.name} is not in our people.", near or f"`people add {args.name}` adds them.")
    for said in (f"<@{args.slack}>" if args.slack else "", args.github or ""):
        if said and (taken := person(said, ctx.people)) and taken != somebody:
            raise Refused(
                f"{said} belongs to {taken.name} in our people.", "An account belongs to one person."
            )
    new = somebody.model_copy(update=_new(args, somebody))
    if new == somebody:
        hint = "Say what is new: `--role`, `--github`, `--slack` or `--drop-slack`."
        raise UsageError(f"That changes nothing of {somebody.name}.", hint)
    notes: tuple[str, ...] = ()
    if args.github and ctx.has(GITHUB):
        account = await find_account(ctx.reads(GITHUB), args.github)
        new = new.model_copy(update={"github": account.login})
        notes = User(account, new).facts(ctx.people, ctx.now)
    moved = f"{new.name}: {new.role.value} instead of {somebody.role.value}"
    higher = new.role.covers(somebody.role)
    told = () if new.role is somebody.role else (moved,)
    return Plan(
        title=f"Change {somebody.name} in our people",
        changes=(await ctx.change(PERSON, somebody.name, PersonState.of(new)),),
        gains=told if higher else (),
        losses=() if higher else told,
        notes=notes,
    )


def _new(args: Args, somebody: Person) -> dict[str, Any]:
    accounts = [account for account in somebody.slack if account != args.drop_slack]
    if args.slack and args.slack not in accounts:
        accounts.append(args.slack)
    said = {"role": args.role, "github": args.github}
    return {"slack": tuple(accounts)} | {key: value for key, value in said.items() if value is not None}


CHANGE = Command(
    "people change",
    "Change somebody's role or accounts in our list",
    Args,
    run,
    examples=("people change organiser-1 --github organiser-one", "people change organiser-2 --role owner"),
    group="People",
    changes=(PERSON.name,),
)
