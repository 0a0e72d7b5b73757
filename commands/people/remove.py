"""``people remove``: let somebody go: what they have on GitHub, our list, and what is done by hand."""

from collections.abc import Sequence
from typing import Annotated

from bot.core.change import Action, Change, Plan
from bot.core.command import Arg, Command, Context
from bot.core.duration import moment
from bot.core.errors import Refused, UsageError
from bot.core.names import person, suggestion
from bot.core.people import Person, Role
from bot.core.values import Value
from commands.people.by_hand import Ways, alone, going, ways
from commands.people.leaving import PLACES, given, login_in, running
from integrations.github import GITHUB, ORG_MEMBER, Access, Level
from integrations.people import PERSON

URGENT = "Access that cannot wait ends by `owners remove`, `teams remove` and `revoke-push`."


class Args(Value):
    """Who."""

    name: Annotated[str, Arg("NAME", positional=True, completes="people", label="Who leaves")]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan that a person leaves: each access on GitHub, then our list, so that it can be gone on with."""
    leaver = person(args.name, ctx.people)
    if leaver is None:
        hint = suggestion(args.name, (p.name for p in ctx.people)) or "`people` lists everybody."
        raise UsageError(f"{args.name} is not in our people.", hint)
    known = await ways(ctx)
    _check_moved(leaver, known)
    access = await ctx.reads(GITHUB).access() if leaver.github and ctx.has(GITHUB) else Access()
    changes = await _on_github(leaver, access, ctx) if leaver.github and ctx.has(GITHUB) else []
    return Plan(
        title=f"Take {leaver.name} out of our people",
        changes=(*changes, await ctx.change(PERSON, leaver.name, None)),
        losses=tuple(_losses(leaver, access)),
        notes=tuple(await _notes(leaver, access, ctx)),
        by_hand=await going(leaver, known, ctx),
        wide=bool(changes),
    )


def _check_moved(leaver: Person, known: Ways) -> None:
    """Refuse while something stands in the name of the leaver alone: it would go with them."""
    if held := alone(leaver, known):
        raise Refused(
            f"{leaver.name} cannot go yet: {len(held)} thing{'s stand' if len(held) > 1 else ' stands'} "
            "in their name alone. Nothing was filed.",
            "\n".join(["Move first:", *(f"• {each}" for each in held), URGENT]),
        )


async def _on_github(leaver: Person, access: Access, ctx: Context) -> Sequence[Change]:
    """Return what is to be taken away; who is only invited is in no list but that of invitations."""
    login = login_in(leaver, access.members) or leaver.github or ""
    out = await ctx.change(ORG_MEMBER, login, None)
    return [c for c in (*await given(leaver, access, ctx), out) if c.action is not Action.NONE]


def _losses(leaver: Person, access: Access) -> list[str]:
    """Return what the person can do no more."""
    archived = {repository.name for repository in access.repositories if repository.archived}
    paths = access.of(leaver.github) if leaver.github else ()
    kept = {path.repo for path in paths if path.level >= Level.WRITE} - archived
    pushed = f"can push to *{len(kept)} repositor{'y' if len(kept) == 1 else 'ies'}* no more"
    decides = ", and approves nothing" if leaver.role is Role.OWNER else ""
    asks = f"can ask the bot for nothing any more{decides}"
    return [f"{leaver.name}: {said}" for said in ((pushed, asks) if kept else (asks,))]


async def _notes(leaver: Person, access: Access, ctx: Context) -> list[str]:
    """Return what ends before its time, and where our token cannot see whether something is left."""
    ends = [
        f"Takes away now what #{grant.number} gave until {moment(grant.ends_at, ctx.organisation.zone)}."
        for grant in await running(leaver, ctx)
    ]
    unseen = f"*Not seen by our token:* who has a grant of their own on {len(access.unseen)} repositories."
    return [*ends, *([unseen] if access.unseen else [])]


REMOVE = Command(
    "people remove",
    "Let somebody go: GitHub, our list, what to do by hand",
    Args,
    run,
    examples=("people remove helper-1 because they moved away",),
    group="People",
    changes=(*PLACES, ORG_MEMBER.name, PERSON.name),
)
