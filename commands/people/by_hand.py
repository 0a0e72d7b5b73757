"""What people do by hand when somebody comes or goes: where it is, who can, what comes before."""

from collections.abc import AsyncIterator, Iterable

from bot.core import keys
from bot.core.command import Context
from bot.core.errors import VendorError
from bot.core.keys import Door
from bot.core.names import called
from bot.core.people import Person, Role, listed
from bot.core.secret import accounts
from integrations.github import GITHUB
from integrations.keys import KEYS
from integrations.onepassword import ONEPASSWORD
from integrations.slack_workspaces import ORGANISERS, SLACK_WORKSPACES, Workspace

APART = {GITHUB.name, ONEPASSWORD.name}  # whose own lists tell who gets in


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


async def alone(leaver: Person, ctx: Context) -> tuple[str, ...]:
    """Return what stands in the name of *leaver* alone, each with how it is moved."""
    record = ctx.reads(KEYS)
    made = accounts(await record.accounts(), await record.secrets(), ctx.people)
    titles = {line.name: line.title for line in (await ctx.board.kept()).vendors}
    tokens = {titles.get(vendor, vendor): names for vendor, names in made.items()}
    today = ctx.now.astimezone(ctx.organisation.zone).date()
    return keys.standing_with(leaver.name, await doors(ctx), await openings(ctx), tokens, today)


async def going(leaver: Person, ctx: Context) -> tuple[str, ...]:
    """Return where *leaver* is taken out, and what is made anew since they keep what they saw."""
    said = [each async for each in _deactivated(leaver, ctx)]
    said += [each async for each in _locked(leaver, ctx)]
    opened = {name: able for name, able in (await openings(ctx)).items() if leaver.name in able}
    said += [
        f"*1Password*: {listed(who for who in able if who != leaver.name)} takes the vault *{name}* from them"
        for name, able in opened.items()
    ]
    return (*said, *await _anew(leaver, opened, ctx))


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


async def _locked(leaver: Person, ctx: Context) -> AsyncIterator[str]:
    """Yield where they logged in, with who else did; then where nobody knows."""
    today, unknown = ctx.now.astimezone(ctx.organisation.zone).date(), []
    for each in await doors(ctx):
        if each.name == SLACK_WORKSPACES.name:
            continue
        if leaver.name not in {proof.person for proof in each.proofs}:
            unknown.append(each.title)
            continue
        others = [proof.person for proof in each.fresh(today) if proof.person != leaver.name]
        yield f"*{each.title}*: {listed(others) if others else 'whoever gets in'} takes them out"
    if unknown:
        yield f"They never said that they log in at {listed(unknown)}: look there whether they can"


async def doors(ctx: Context) -> list[Door]:
    """Return the places of which only what people said tells who gets in."""
    lines, proofs = (await ctx.board.kept()).vendors, await ctx.reads(KEYS).proofs()
    return [each for each in keys.doors(lines, proofs, ctx.people, {}) if each.name not in APART]


async def _anew(leaver: Person, opened: Iterable[str], ctx: Context) -> list[str]:
    """Return which secrets are made anew when somebody leaves who may have seen some."""
    proofs = await ctx.reads(KEYS).proofs()
    anew = [f"all in the vault *{name}*" for name in opened]
    if not anew and leaver.role is not Role.OWNER and leaver.name not in {each.person for each in proofs}:
        return []
    tokens = keys.spoken((await ctx.board.kept()).vendors)
    anew += [f"the bot's tokens that they knew, of those of {listed(tokens, 'and')}"] if tokens else []
    how = "docs/operations.md, *Rotate a secret*"
    return [f"*Made anew*, since they keep what they saw: {'; '.join(anew)} ({how})"] if anew else []
