"""What takes each access on GitHub from somebody, as changes."""

from collections.abc import Iterable

from bot.core.change import Change
from bot.core.command import Context, Grant
from bot.core.people import Person
from integrations.github import COLLABORATOR, TEAM_MEMBER, Access

PLACES = (COLLABORATOR.name, TEAM_MEMBER.name)


def login_in(person: Person, logins: Iterable[str]) -> str | None:
    """Return the login of *person* as GitHub spells it, if it is among *logins*."""
    mine = (person.github or "").lower()
    return next((login for login in logins if login.lower() == mine), None)


async def given(person: Person, access: Access, ctx: Context) -> list[Change]:
    """Return what takes their own grants and their places in teams, also those that wait for them.

    Their own come first: where GitHub does not tell them apart, a team's level would show in them.
    """
    archived = {repository.name for repository in access.repositories if repository.archived}
    direct = ((repo, login_in(person, grants)) for repo, grants in access.direct.items())
    ending = (target for grant in await running(person, ctx) for target in _targets(grant, person))
    own = dict.fromkeys([*(f"{repo}/{login}" for repo, login in direct if login), *ending])
    own = {target: None for target in own if target.partition("/")[0] not in archived}
    teams = {
        f"{team.slug}/{login}": None
        for team in access.teams
        if (login := login_in(person, (member.login for member in team.members)))
    }
    return [*await ctx.changes(COLLABORATOR, own), *await ctx.changes(TEAM_MEMBER, teams)]


async def running(person: Person, ctx: Context) -> list[Grant]:
    """Return the time-bound grants of *person* that run."""
    return [grant for grant in await ctx.requests.grants() if _targets(grant, person)]


def _targets(grant: Grant, person: Person) -> list[str]:
    ending = (change.target for change in grant.ending if change.resource == COLLABORATOR.name)
    return [target for target in ending if login_in(person, [target.rpartition("/")[2]])]
