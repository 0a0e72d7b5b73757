"""Why GitHub's people and repositories must not be changed now: each answers in words, or None."""

from asyncio import gather
from datetime import timedelta

from integrations.github.calls import allowed, same
from integrations.github.client import GithubClient
from integrations.github.levels import Level
from integrations.github.models import Organization

DAY = timedelta(days=1)


async def itself(client: GithubClient, login: str) -> str | None:
    """Return why *login* may not lose anything, if it is the bot's own."""
    if not same(await client.memo("me", client.me), login):
        return None
    return (
        f"{login} is the bot's own account: it would lock itself out. An owner can do this by hand on GitHub."
    )


async def archived(client: GithubClient, name: str) -> str | None:
    """Return why nothing changes on a repository that is archived."""
    found = await client.repository(name)
    if found is None or not found.archived:
        return None
    return (
        f"{found.name} is archived: GitHub changes nothing on it and nobody can push. "
        "An owner unarchives it first (on GitHub: Settings, Danger Zone), or ask for another repository."
    )


def below_base(level: Level, organization: Organization) -> str | None:
    """Return why a grant below what everybody has makes no sense; GitHub refuses some of them itself."""
    if organization.base is None or organization.base <= level:
        return None
    return (
        f"Every member already has {organization.base.value} on every repository (the base permission), "
        f"more than {level.value}. An owner lowers it first: on GitHub, Settings, Member privileges."
    )


async def too_many_invited(client: GithubClient, login: str, organization: Organization) -> str | None:
    """Return why a stranger cannot be invited today: 50 a day, 500 once the organisation is a month old."""
    if await client.membership(login) is not None:
        return None
    now = client.now()
    sent = await gather(allowed(client.invitations()), allowed(client.failed_invitations()))
    today = [each for some in sent for each in some or () if each.created_at > now - DAY]
    old = organization.created_at is not None and organization.created_at < now - 30 * DAY
    most = 500 if old else 50
    return _used_up(most, f"into {client.org}") if len(today) >= most else None


async def too_many_invited_to(client: GithubClient, repository: str) -> str | None:
    """Return why nobody can be invited to a repository today: 50 a day."""
    sent = await allowed(client.repository_invitations(repository)) or []
    today = [each for each in sent if each.created_at > client.now() - DAY]
    return _used_up(50, f"to {repository}") if len(today) >= 50 else None


def _used_up(most: int, where: str) -> str:
    return f"GitHub lets us invite {most} people a day {where}, and today's are used up. Ask again tomorrow."
