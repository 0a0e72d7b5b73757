"""What people do by hand when somebody comes or goes: where it is, who can, what comes before."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core import keys
from bot.core.board import Line
from bot.core.command import Context
from bot.core.errors import VendorError
from bot.core.keys import Door, Proof
from bot.core.names import called
from bot.core.people import Person, Role, listed
from bot.core.secret import accounts
from integrations.github import GITHUB
from integrations.keys import KEYS
from integrations.onepassword import ONEPASSWORD
from integrations.slack_workspaces import ORGANISERS, SLACK_WORKSPACES, Workspace

APART = {GITHUB.name, ONEPASSWORD.name}  # whose own lists tell who gets in


@dataclass(frozen=True)
class Ways:
    """Who gets in where, as the board and our records have it.

    *openings* says who can open each vault, *tokens* in whose accounts the bot's tokens were made, by vendor;
    both by our names for people.
    """

    lines: Sequence[Line]
    proofs: Sequence[Proof]
    people: Sequence[Person]
    openings: Mapping[str, Sequence[str]]
    tokens: Mapping[str, Sequence[str]]
    today: date

    @property
    def doors(self) -> list[Door]:
        """Return the places of which only what people said tells who gets in."""
        found = keys.doors(self.lines, self.proofs, self.people, {})
        return [each for each in found if each.name not in APART]


async def ways(ctx: Context) -> Ways:
    """Return who gets in where."""
    record, lines = ctx.reads(KEYS), (await ctx.board.kept()).vendors
    made = accounts(await record.accounts(), await record.secrets(), ctx.people)
    titles = {line.name: line.title for line in lines}
    return Ways(
        lines=lines,
        proofs=await record.proofs(),
        people=ctx.people,
        openings=await openings(ctx),
        tokens={titles.get(vendor, vendor): names for vendor, names in made.items()},
        today=ctx.now.astimezone(ctx.organisation.zone).date(),
    )


async def coming(newcomer: Person, ctx: Context) -> tuple[str, ...]:
    """Return where *newcomer* is let in: the workspaces, and the vaults unless they only look."""
    said = [each async for each in _invited(newcomer, ctx)]
    vaults = {} if newcomer.role is Role.READER else await openings(ctx)
    said += [
        f"*1Password*: {listed(able)} can share the vault *{name}* with them, should they get in at vendors"
        for name, able in vaults.items()
    ]
    return tuple(said)


async def _invited(newcomer: Person, ctx: Context) -> AsyncIterator[str]:
    known = f" Then `people change {newcomer.name} --slack @THEM`"
    if not ctx.has(SLACK_WORKSPACES) and not newcomer.slack:
        yield f"*Slack*: an admin invites them: the workspace's name, *Invite people*.{known}"
    async for name, found in _workspaces(ctx):
        if not (name == ORGANISERS and newcomer.slack):
            how = found if isinstance(found, str) else found.inviting
            yield f"*Slack, {name}*: {how}{known if name == ORGANISERS else ''}"


async def _workspaces(ctx: Context) -> AsyncIterator[tuple[str, Workspace | str]]:
    """Yield our workspaces by name; in the place of one that is away, what it said."""
    if not ctx.has(SLACK_WORKSPACES):
        return
    reads = ctx.reads(SLACK_WORKSPACES)
    for name in reads.names:
        try:
            yield name, await reads.workspace(name)
        except VendorError as error:
            yield name, f"{error.message} `workspaces` says later who can."


async def openings(ctx: Context) -> dict[str, list[str]]:
    """Return who can open each vault, as it was listed last, by our names for them."""
    return keys.openings(await ctx.reads(ONEPASSWORD).vaults(), ctx.people)


def alone(leaver: Person, known: Ways) -> tuple[str, ...]:
    """Return what stands in the name of *leaver* alone, each with how it is moved."""
    return keys.standing_with(leaver.name, known.doors, known.openings, known.tokens, known.today)


async def going(leaver: Person, known: Ways, ctx: Context) -> tuple[str, ...]:
    """Return where *leaver* is taken out, and what is made anew since they keep what they saw."""
    opened = {name: able for name, able in known.openings.items() if leaver.name in able}
    vaults = [
        f"*1Password*: {listed(who for who in able if who != leaver.name)} takes the vault *{name}* from them"
        for name, able in opened.items()
    ]
    out = [each async for each in _deactivated(leaver, ctx)]
    return (*out, *_locked(leaver, known), *vaults, *_anew(leaver, opened, known))


async def _deactivated(leaver: Person, ctx: Context) -> AsyncIterator[str]:
    """Yield where their account in Slack goes: attendees' only where they administer it."""
    if not ctx.has(SLACK_WORKSPACES):
        yield "*Slack*: an admin deactivates their account: the workspace's name, *Manage members*"
    async for name, found in _workspaces(ctx):
        if isinstance(found, str):
            yield f"*Slack, {name}*: {found}"
            continue
        others = [admin for admin in found.admins if called(admin, ctx.people) != leaver.name]
        able = listed(others) if others else "another admin, whom they make first,"
        if name == ORGANISERS:
            yield f"*Slack, {name}*: {able} deactivates their account: its name, *Manage members*"
        elif others != [*found.admins]:
            yield f"*Slack, {name}*: {able} takes the admin's rights from them: its name, *Manage members*"


def _locked(leaver: Person, known: Ways) -> Iterator[str]:
    """Yield where they logged in, with who else did; then where nobody knows."""
    unknown = []
    for each in known.doors:
        if each.name == SLACK_WORKSPACES.name:
            continue
        if leaver.name not in {proof.person for proof in each.proofs}:
            unknown.append(each.title)
            continue
        others = [proof.person for proof in each.fresh(known.today) if proof.person != leaver.name]
        yield f"*{each.title}*: {listed(others) if others else 'whoever gets in'} takes them out"
    if unknown:
        yield f"They never said that they log in at {listed(unknown)}: look there whether they can"


def _anew(leaver: Person, opened: Iterable[str], known: Ways) -> list[str]:
    """Return which secrets are made anew when somebody leaves who may have seen some."""
    anew = [f"all in the vault *{name}*" for name in opened]
    told = leaver.name in {each.person for each in known.proofs}
    if not anew and leaver.role is not Role.OWNER and not told:
        return []
    tokens = keys.spoken(known.lines)
    anew += [f"the bot's tokens that they knew, of those of {listed(tokens, 'and')}"] if tokens else []
    how = "docs/operations.md, *Rotate a secret*"
    return [f"*Made anew*, since they keep what they saw: {'; '.join(anew)} ({how})"] if anew else []
