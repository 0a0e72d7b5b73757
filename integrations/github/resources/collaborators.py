"""Somebody's own grant on a repository, apart from teams."""

from asyncio import gather

from bot.core.change import Change
from bot.core.values import Value
from bot.core.vendor import Concerns, Resource
from integrations.github.calls import allowed, same
from integrations.github.client import GithubClient
from integrations.github.guards import archived, below_base, itself, too_many_invited_to
from integrations.github.levels import Level
from integrations.github.models import RepositoryInvitation
from integrations.github.resources.shared import arrived, invited_to, pair, parsed, waiting
from integrations.github.survey import direct_grant


class Collaborator(Value):
    """Somebody's own grant on a repository, apart from teams; *pending* until they accept."""

    level: Level
    pending: bool = False


async def _invitation(client: GithubClient, name: str, login: str) -> RepositoryInvitation | None:
    """Return the invitation that waits for somebody: those who wait are no collaborators yet."""
    for found in await client.repository_invitations(name):
        if found.invitee and same(found.invitee.login, login) and not found.expired:
            return found
    return None


async def _read_collaborator(client: GithubClient, target: str) -> Collaborator | None:
    name, login = pair(target)
    level, waits = await gather(direct_grant(client, name, login), _invitation(client, name, login))
    if level is None and waits:
        level = Level.named(waits.permissions)
        return Collaborator(level=level, pending=True) if level else None
    return Collaborator(level=level) if level else None


async def _write_collaborator(client: GithubClient, target: str, after: Collaborator | None) -> None:
    """Change the grant, or the invitation when that is all there is."""
    name, login = pair(target)
    waits = await _invitation(client, name, login)
    match waits, after:
        case None, None:
            await client.remove_collaborator(name, login)
        case None, Collaborator(level=level):
            await client.set_collaborator(name, login, level)
        case RepositoryInvitation(id=number), None:
            await client.cancel_repository_invitation(name, number)
        case RepositoryInvitation(id=number, permissions=word), Collaborator(level=level):
            if Level.named(word) is not level:  # GitHub refuses what is so already
                await client.change_repository_invitation(name, number, level)


def _say_collaborator(target: str, before: Collaborator | None, after: Collaborator | None) -> str:
    name, login = pair(target)
    now = "no grant of their own" if before is None else before.level.value
    if before and before.pending:
        now = f"invited with {before.level.value}"
    if after is not None:
        return f"{login} gets *{after.level.value}* on *{name}* alone (now: {now})"
    if before and before.pending:
        return f"The invitation of {login} to *{name}* is cancelled (now: {now})"
    return f"{login} loses their own grant on *{name}* (now: {now})"


async def _weigh_collaborator(client: GithubClient, change: Change) -> Concerns:
    name, login = pair(change.target)
    before, after = parsed(Collaborator, change.before), parsed(Collaborator, change.after)
    less = before is not None and (after is None or after.level < before.level)
    frozen, own, existing, place, organization = await gather(
        archived(client, name),
        itself(client, login),
        allowed(client.collaborators(name)),
        client.membership(login),
        client.organization(),
    )
    refused = frozen or (own if less else None)
    if after and not refused:
        inside = place is not None and place.state == "active"
        if inside:
            refused = below_base(after.level, organization)
        elif before is None:
            refused = await too_many_invited_to(client, name)
    return Concerns(refused=refused, existing=None if existing is None else len(existing))


COLLABORATOR = Resource(
    "github.collaborator",
    Collaborator,
    _read_collaborator,
    _write_collaborator,
    _say_collaborator,
    reached=arrived,
    concerns=_weigh_collaborator,
    waiting=waiting,
    awaits=invited_to,
    kept=True,
)
