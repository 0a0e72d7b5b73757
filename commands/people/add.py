"""``people add``: let somebody in: our list, the organisation and its team, and what is done by hand."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from bot.core.change import Action, Change, Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused, UsageError
from bot.core.names import SlackId, person
from bot.core.people import Login, Name, Person, Role
from bot.core.reply import Notice, Reply, Text
from bot.core.values import Value
from commands.people.by_hand import coming
from integrations.github import (
    GITHUB,
    ORG_MEMBER,
    TEAM_MEMBER,
    OrgMember,
    TeamMember,
    User,
    find_account,
    find_team,
    gained,
    levels,
)
from integrations.people import PERSON, PersonState


class Args(Value):
    """A name, and what belongs to it."""

    name: Annotated[Name, Arg("NAME", positional=True)]
    slack: Annotated[SlackId | None, Arg("@PERSON", completes="slack")] = None
    github: Annotated[Login | None, Arg("LOGIN", completes="logins")] = None
    role: Annotated[Role | None, Arg("ROLE", completes="roles", label="Role; organiser when empty")] = None
    team: Annotated[
        str | None, Arg("TEAM", completes="teams", label="Which team; the one that pushes when empty")
    ] = None
    list_only: Annotated[bool, Arg(label="Only our list, nothing elsewhere")] = Field(
        False, alias="list-only"
    )


@dataclass(frozen=True)
class Joining:
    """What is missing for somebody on GitHub: the changes, what they gain by them, what else to know."""

    changes: tuple[Change, ...] = ()
    gains: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan what is missing for somebody to be one of us: our list first, since an invitation may wait."""
    new, joining = _described(args, ctx), Joining()
    notes: tuple[str, ...] = ()
    if args.team and (args.list_only or not new.github):
        hint = "Leave one of them out." if args.list_only else "Say their login there: `--github LOGIN`."
        raise UsageError("A team is on GitHub.", hint, "team")
    if new.github and (args.team or ctx.has(GITHUB)):
        user = User(await find_account(ctx.reads(GITHUB), new.github), new)
        new = new.model_copy(update={"github": user.login})
        notes = user.facts(ctx.people, ctx.now)
        joining = Joining() if args.list_only else await _on_github(user, new.role, args.team, ctx)
    if not new.slack:
        notes += ("Without a Slack account they cannot ask the bot for anything.",)
    listing = await ctx.change(PERSON, new.name, PersonState.of(new))
    changes = [change for change in (listing, *joining.changes) if change.action is not Action.NONE]
    by_hand = () if args.list_only else await coming(new, ctx)
    if not changes:
        return _nothing(new, by_hand)
    if joining.changes and listing in changes:
        notes += ("Only our list instead: `--list-only`.",)
    return Plan(
        title=f"Add {new.name} to our people",
        changes=tuple(changes),
        gains=(f"{new.name}: {new.role.value}", *joining.gains),
        notes=(*notes, *joining.notes),
        by_hand=by_hand,
        wide=bool(joining.gains),
    )


def _described(args: Args, ctx: Context) -> Person:
    """Return whom the line describes; Refused when that is somebody else, or otherwise in our list."""
    known = next((each for each in ctx.people if each.name.lower() == args.name.lower()), None)
    for said in (args.name, f"<@{args.slack}>" if args.slack else "", args.github or ""):
        taken = person(said, ctx.people) if said else None
        if taken and taken != known:
            raise Refused(f"{said} is {taken.name} in our people already.", _hint(taken))
    if known is None:
        slack = (args.slack,) if args.slack else ()
        return Person(name=args.name, role=args.role or Role.ORGANISER, slack=slack, github=args.github)
    same_login = (args.github or known.github or "").lower() == (known.github or "").lower()
    if args.role not in {None, known.role} or args.slack not in {None, *known.slack} or not same_login:
        raise Refused(f"{known.name} is in our people already, otherwise than that.", _hint(known))
    return known


def _hint(known: Person) -> str:
    return f"`people change {known.name}` changes what we know of them."


async def _on_github(user: User, role: Role, said: str | None, ctx: Context) -> Joining:
    """Plan the place of an owner or organiser at GitHub and in the team; a reader's where it is said.

    The organisation is a step of its own, though a team would bring it, so that an undo takes it back too.
    """
    reads = ctx.reads(GITHUB)
    if role is Role.READER and said is None:
        return Joining()
    team, access = await find_team(reads, said or reads.push_team), await reads.access()
    changes, gains, notes = [], list[str](), list[str]()
    owner = role is Role.OWNER
    place = await ctx.change(ORG_MEMBER, user.login, OrgMember(role="owner" if owner else "member"))
    if place.before is None or (owner and place.before["role"] != "owner"):
        changes.append(place)
        gains += [f"{user.name}: Admin on *every repository*, and may approve requests"] if owner else []
    if place.before is None or place.before["pending"]:
        notes.append(f"{user.name} is not in {reads.org} yet: invited, and in once they accept.")
    member = await ctx.change(TEAM_MEMBER, f"{team.slug}/{user.login}", TeamMember(role="member"))
    if member.before is None:
        changes.append(member)
        new = gained(access, user.login, team.repositories)
        gains += [f"{user.name}: {levels(new)}"] if new and not gains else []
    return Joining(tuple(changes), tuple(gains), tuple(notes))


def _nothing(known: Person, by_hand: tuple[str, ...]) -> Reply:
    """Say that nothing is missing, but for what may be missing where the bot does not see it."""
    said = f"*{known.name}* is {known.role.value} in our list. Nothing is missing, so nothing was filed."
    hand = "\n".join(["*By hand*, if it is not done yet", *(f"• {each}" for each in by_hand)])
    blocks = (Notice(level="good", text=said), *([Text(text=hand)] if by_hand else []))
    return Reply(title=f"{known.name} is one of us already", blocks=blocks)


ADD = Command(
    "people add",
    "Let somebody in: our list, GitHub and its team",
    Args,
    run,
    examples=(
        "people add helper-1 --slack <@U0000000009> --github helper-1",
        "people add helper-1 --role reader",
    ),
    group="People",
    changes=(PERSON.name, ORG_MEMBER.name, TEAM_MEMBER.name),
)
