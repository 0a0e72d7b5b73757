"""What GitHub calls things now: offered while somebody fills in a form."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from integrations.github.reads import GithubReads


async def _repositories(reads: GithubReads) -> Sequence[str]:
    """Return the repositories one can push to; nobody can where one is archived."""
    return [each.name for each in await reads.repositories() if not each.archived]


async def _teams(reads: GithubReads) -> Sequence[str]:
    return [team.slug for team in await reads.teams()]


async def _members(reads: GithubReads) -> Sequence[str]:
    return await reads.members()


async def _invited(reads: GithubReads) -> Sequence[str]:
    return [invite.login for invite in await reads.invitations() if invite.login]


NAMES: Mapping[str, Callable[[GithubReads], Awaitable[Sequence[str]]]] = {
    "repositories": _repositories,
    "teams": _teams,
    "people": _members,
    "logins": _members,
    "invitations": _invited,
}
