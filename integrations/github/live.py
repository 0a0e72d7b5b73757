"""What GitHub holds now of all that is kept in the baseline, in few calls."""

from asyncio import gather
from collections.abc import Iterator

from bot.core.baseline import Live, Those
from bot.core.values import Value
from integrations.github.access import Access, Team
from integrations.github.calls import allowed
from integrations.github.client import GithubClient
from integrations.github.models import OrganizationInvitation
from integrations.github.resources import (
    COLLABORATOR,
    ORG_MEMBER,
    TEAM_MEMBER,
    TEAM_REPO,
    Collaborator,
    OrgMember,
    TeamMember,
    TeamRepo,
)
from integrations.github.survey import survey


async def live(client: GithubClient) -> Live:
    """Return the organisation's people, teams, team repositories and collaborators.

    Who is invited into the organisation or a team is there as pending; who is
    invited to a repository alone shows only by a call for each (notes, section
    8), so they come when they have accepted.
    """
    found, sent = await gather(survey(client), allowed(client.invitations()))
    states = [*_people(found, sent or []), *_teams(found), *_collaborators(found)]
    return Live(
        states={(name, target): state.model_dump(mode="json") for name, target, state in states},
        unseen=tuple(_unseen(found)),
        places={COLLABORATOR.name: frozenset(found.direct)},  # a token that lost a right is shown fewer
    )


def _people(found: Access, sent: list[OrganizationInvitation]) -> Iterator[tuple[str, str, Value]]:
    asked = {each.login.casefold() for each in sent if each.login and each.role == "admin"}
    for login in found.invited:
        owner = login.casefold() in asked
        yield ORG_MEMBER.name, login, OrgMember(role="owner" if owner else "member", pending=True)
    for login in found.members:
        yield ORG_MEMBER.name, login, OrgMember(role="owner" if login in found.owners else "member")


def _teams(found: Access) -> Iterator[tuple[str, str, Value]]:
    for team in found.teams:
        for member in team.members:
            leads, target = member.role == "maintainer", f"{team.slug}/{member.login}"
            state = TeamMember(role="maintainer" if leads else "member", pending=member.pending)
            yield TEAM_MEMBER.name, target, state
        for name, level in team.repositories.items():
            yield TEAM_REPO.name, f"{team.slug}/{name}", TeamRepo(level=level)


def _collaborators(found: Access) -> Iterator[tuple[str, str, Value]]:
    for name, levels in found.direct.items():
        for login, level in levels.items():
            yield COLLABORATOR.name, f"{name}/{login}", Collaborator(level=level)


def _unseen(found: Access) -> Iterator[Those]:
    """Yield what could not be seen, or means nothing: what owners hold beside everything."""
    for login in found.owners:
        for kind in (TEAM_MEMBER, COLLABORATOR):
            yield Those(resource=kind.name, targets=f"*/{login}")
    for name in found.unseen:
        yield Those(resource=COLLABORATOR.name, targets=f"{name}/*")
    above = {team.slug: team for team in found.teams}
    for team in found.teams:
        parent = above.get(team.parent or "")
        for name in _inherited(team, parent) if parent else ():
            yield Those(resource=TEAM_REPO.name, targets=f"{team.slug}/{name}")
        if parent and not found.precise:  # REST lists those of teams below among a team's own
            yield Those(resource=TEAM_MEMBER.name, targets=f"{parent.slug}/*")
    if not found.precise:  # REST says the highest level from any source
        yield Those(resource=COLLABORATOR.name, targets="*")


def _inherited(team: Team, parent: Team) -> list[str]:
    """Return the repositories that a team has as its parent has them."""
    return [name for name, level in team.repositories.items() if parent.repositories.get(name) is level]
