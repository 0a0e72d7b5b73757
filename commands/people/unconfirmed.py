"""``people unconfirmed``: plan to take away what nobody confirmed in a review."""

from collections.abc import Iterable

from bot.core.change import Change, Plan
from bot.core.command import Command, Context, NoArgs
from bot.core.duration import moment
from bot.core.errors import Refused
from bot.core.people import Person, Role, listed, owners
from bot.core.reply import Reply, Text
from bot.core.review import Review
from commands.people.by_hand import Ways, alone, ways
from commands.people.leaving import PLACES, given, login_in
from commands.people.review import newest
from integrations.github import (
    GITHUB,
    ORG_MEMBER,
    Access,
    Level,
    OrgMember,
)
from integrations.people import PERSON


async def run(_args: NoArgs, ctx: Context) -> Reply | Plan:
    """Plan the removal of each access that nobody confirmed; owners stay as long as too few would be left."""
    review = await newest(ctx)
    if review is None or review.stopped_at:
        raise Refused("There is no review that it could follow from.", "`people review` begins one.")
    if ctx.now < review.closes_at:
        until = moment(review.closes_at, ctx.organisation.zone)
        raise Refused(f"People can still answer, until {until}.", "`people review` shows who did.")
    asked = [person for person in ctx.people if person.name in review.terms.holds]
    unconfirmed = [person for person in asked if person.name not in review.helping]
    access = await ctx.reads(GITHUB).access() if ctx.has(GITHUB) else Access()
    staying = _staying(unconfirmed, access, ctx)
    leaving = [person for person in unconfirmed if person not in staying]
    if not leaving:
        names = listed((person.name for person in staying), "and")
        title = f"Only {names} did not confirm, but too few owners would be left"
        nothing = Text(text="Nothing is to be taken away, so nothing was filed.")
        return Reply(title=title if staying else "Everybody still helps", blocks=(nothing,))
    known = await ways(ctx)
    return Plan(
        title=f"Take access from {len(leaving)} who did not confirm that they help",
        changes=tuple([change for person in leaving for change in await _removals(person, access, ctx)]),
        losses=tuple(_loss(person, review) for person in leaving),
        notes=(*_notes(review, staying), *(note for person in leaving for note in _held(person, known))),
        by_hand=("`keys leaver NAME` lists for each what people do, before they are out of our list",),
        wide=True,
    )


def _staying(unconfirmed: Iterable[Person], access: Access, ctx: Context) -> list[Person]:
    """Return the owners who stay although nobody confirmed it, since fewer than the least would be left."""
    in_list = [person for person in unconfirmed if person.role is Role.OWNER]
    on_github = [person for person in unconfirmed if login_in(person, access.owners)]
    least = ctx.policy.min_owners
    stay = in_list if len(owners(ctx.people)) - len(in_list) < least else []
    return stay + (on_github if len(access.owners) - len(on_github) < least else [])


async def _removals(person: Person, access: Access, ctx: Context) -> list[Change]:
    """Return what takes each access of *person*, their place in our list at last."""
    changes = await given(person, access, ctx)
    base = access.base is not None and access.base >= Level.WRITE  # every member can push
    if login := login_in(person, access.members if base else access.owners):
        after = None if base else OrgMember(role="member")
        changes.append(await ctx.change(ORG_MEMBER, login, after))
    return [*changes, await ctx.change(PERSON, person.name, None)]


def _loss(person: Person, review: Review) -> str:
    if person.name in review.leaving:
        why = "wants to be removed"
    else:
        why = "could not be asked in Slack" if person.name in review.unreached else "did not answer"
    return f"{person.name} ({why}) loses: {'; '.join(review.terms.holds[person.name])}"


def _held(person: Person, known: Ways) -> list[str]:
    """Return that a person holds something alone, which would go with them."""
    held = len(alone(person, known))
    what = f"{held} thing{'s stand' if held > 1 else ' stands'} in their name alone"
    return (
        [f"*{person.name}: {what}*, `people remove {person.name}` says which to move first"] if held else []
    )


def _notes(review: Review, staying: Iterable[Person]) -> Iterable[str]:
    if names := list(dict.fromkeys(person.name for person in staying)):
        yield f"*Not in this plan:* {listed(names, 'and')}, since too few owners would be left. Ask them"
    if review.terms.strangers:
        who = listed(review.terms.strangers, "and")
        yield f"Can push, but not in our people, so not asked: {who}. `access` shows why"


UNCONFIRMED = Command(
    "people unconfirmed",
    "Plan to take away what nobody confirmed in the last review",
    NoArgs,
    run,
    examples=("people unconfirmed",),
    group="People",
    changes=(*PLACES, ORG_MEMBER.name, PERSON.name),
)
