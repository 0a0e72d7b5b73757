"""Looks at the whole organisation: by GraphQL where it is answered, else by REST."""

from asyncio import gather
from collections.abc import Mapping
from typing import Any, TypeVar

from bot.core.errors import Malformed, VendorError
from integrations.github.access import Access, Member, Team
from integrations.github.calls import allowed, same
from integrations.github.client import GithubClient
from integrations.github.levels import Level
from integrations.github.models import (
    CollaboratorEdge,
    Login,
    MemberEdge,
    OrganizationInvitation,
    OrganizationNode,
    Page,
    RepositoryNode,
    TeamNode,
    TeamRepositoryEdge,
)
from integrations.github.models import Team as RestTeam

N = TypeVar("N")

# Written so that the same text asks for the first page ($after is null) and for a following one.
_PAGE = "pageInfo { hasNextPage endCursor }"
_TEAM_MEMBERS = f"""members(first: 100, after: $after, membership: IMMEDIATE) {{
  {_PAGE} edges {{ role node {{ login }} }} }}"""
_TEAM_REPOSITORIES = f"""repositories(first: 100, after: $after) {{
  {_PAGE} edges {{ permission node {{ name }} }} }}"""
_COLLABORATORS = f"""collaborators(first: 50, after: $after, affiliation: DIRECT) {{
  {_PAGE} edges {{ permission node {{ login }}
    permissionSources {{ permission roleName source {{ __typename }} }} }} }}"""
_MEMBERS = f"membersWithRole(first: 100, after: $after) {{ {_PAGE} edges {{ role node {{ login }} }} }}"
_PENDING = f"pendingMembers(first: 50, after: $after) {{ {_PAGE} nodes {{ login }} }}"
_TEAMS = f"""teams(first: 50, after: $after) {{ {_PAGE}
  nodes {{ slug name description parentTeam {{ slug }}
    {_TEAM_MEMBERS.replace("$after", "null")}
    invitations(first: 20) {{ nodes {{ invitee {{ login }} email }} }}
    {_TEAM_REPOSITORIES.replace("$after", "null")} }} }}"""
_REPOSITORIES = f"""repositories(first: 50, after: $after, orderBy: {{field: NAME, direction: ASC}}) {{
  {_PAGE} nodes {{ name {_COLLABORATORS.replace("$after", "null")} }} }}"""


def _org(name: str, *connections: str, more: str = "") -> str:
    wanted = " ".join(connections)
    return f"query {name}($org: String!{more}, $after: String) {{ organization(login: $org) {{ {wanted} }} }}"


def _team(name: str, connection: str) -> str:
    return _org(name, f"team(slug: $team) {{ {connection} }}", more=", $team: String!")


ORG_ACCESS = _org("OrgAccess", _MEMBERS, _PENDING, _TEAMS, _REPOSITORIES)
ORG_MEMBERS = _org("OrgMembers", _MEMBERS)
ORG_PENDING = _org("OrgPending", _PENDING)
ORG_TEAMS = _org("OrgTeams", _TEAMS)
ORG_REPOSITORIES = _org("OrgRepositories", _REPOSITORIES)
TEAM_MEMBERS = _team("TeamMembers", _TEAM_MEMBERS)
TEAM_REPOSITORIES = _team("TeamRepositories", _TEAM_REPOSITORIES)
COLLABORATORS = f"""query Collaborators($org: String!, $repo: String!, $after: String) {{
  repository(owner: $org, name: $repo) {{ name {_COLLABORATORS} }} }}"""


async def survey(client: GithubClient) -> Access:
    """Return who reaches what, without base level and the repositories' facts."""
    if client.speaks_graphql:
        try:
            return await _by_graphql(client)
        except VendorError:
            client.keep_to_rest()
    return await _by_rest(client)


async def direct_grant(client: GithubClient, repository: str, login: str) -> Level | None:
    """Return the level of somebody's grant of their own; by REST it is the highest from any source."""
    if client.speaks_graphql:
        try:
            data = await client.graphql(COLLABORATORS, org=client.org, repo=repository, after=None)
            found = data.get("repository")
            node = client.http.fit(RepositoryNode, found) if found else None
            if node and node.collaborators is not None:
                edges = await _collaborators(client, node.name, node.collaborators)
                return next((edge.direct for edge in edges if same(edge.node.login, login)), None)
        except VendorError:
            client.keep_to_rest()
    listed = await client.collaborators(repository)
    return next((each.level for each in listed if same(each.login, login)), None)


# --- by GraphQL


async def _by_graphql(client: GithubClient) -> Access:
    data = await client.graphql(ORG_ACCESS, org=client.org, after=None)
    org = client.http.fit(OrganizationNode, data.get("organization"))
    members, pending, teams, repositories = await gather(
        _all(client, org.members_with_role, Page[MemberEdge], ORG_MEMBERS, "membersWithRole"),
        _pending(client, org.pending_members),
        _all(client, org.teams, Page[TeamNode], ORG_TEAMS, "teams"),
        _all(client, org.repositories, Page[RepositoryNode], ORG_REPOSITORIES, "repositories"),
    )
    if not members:
        raise Malformed("GitHub", f"GitHub shows our token nobody in {client.org}.")  # REST tells why
    drawn = await gather(*(_drawn(client, team) for team in teams))
    seen = {node.name: node.collaborators for node in repositories if node.collaborators is not None}
    direct = await gather(*(_collaborators(client, name, page) for name, page in seen.items()))
    return Access(
        owners=tuple(edge.node.login for edge in members if edge.role.upper() == "ADMIN"),
        members=tuple(edge.node.login for edge in members),
        teams=tuple(drawn),
        direct={name: _levels(edges) for name, edges in zip(seen, direct, strict=True)},
        invited=pending,
        unseen=tuple(node.name for node in repositories if node.name not in seen),
    )


async def _pending(client: GithubClient, first: Page[Login] | None) -> tuple[str, ...]:
    """Return who is invited; by REST when GraphQL tells our token nothing of it."""
    if first is None:
        return _invited(await allowed(client.invitations()))
    return tuple(node.login for node in await _all(client, first, Page[Login], ORG_PENDING, "pendingMembers"))


async def _all(
    client: GithubClient, first: Page[N], kind: type[Page[N]], query: str, *path: str, **variables: str
) -> list[N]:
    """Return what is in a connection: in its *first* page and in those that follow."""
    page, found = first, [*first.edges, *first.nodes]
    while page.page_info.has_next_page:
        after = page.page_info.end_cursor
        found_at: Any = await client.graphql(query, org=client.org, after=after, **variables)
        for key in path if query is COLLABORATORS else ("organization", *path):
            found_at = found_at.get(key) if isinstance(found_at, dict) else None
        page = client.http.fit(kind, found_at)
        found += [*page.edges, *page.nodes]
    return found


async def _collaborators(
    client: GithubClient, repository: str, first: Page[CollaboratorEdge]
) -> list[CollaboratorEdge]:
    path = "repository", "collaborators"
    return await _all(client, first, Page[CollaboratorEdge], COLLABORATORS, *path, repo=repository)


def _levels(edges: list[CollaboratorEdge]) -> Mapping[str, Level]:
    return {edge.node.login: edge.direct for edge in edges if edge.direct}


async def _drawn(client: GithubClient, team: TeamNode) -> Team:
    """Return a team with all its people and repositories."""
    people, repositories = await gather(
        _all(client, team.members, Page[MemberEdge], TEAM_MEMBERS, "team", "members", team=team.slug),
        _all(
            client,
            team.repositories,
            Page[TeamRepositoryEdge],
            TEAM_REPOSITORIES,
            *("team", "repositories"),
            team=team.slug,
        ),
    )
    members = [Member(login=edge.node.login, role=edge.role.lower()) for edge in people]
    waiting = [node.invitee.login for node in team.invitations.nodes if node.invitee]
    levels = {edge.node.name: Level.named(edge.permission) for edge in repositories}
    return Team(
        slug=team.slug,
        name=team.name,
        description=team.description or "",
        parent=team.parent_team.slug if team.parent_team else None,
        members=(*members, *(Member(login=login, pending=True) for login in waiting)),
        repositories={name: level for name, level in levels.items() if level},
    )


# --- by REST


async def _by_rest(client: GithubClient) -> Access:
    owners, members, teams, repositories, invited = await gather(
        client.members("admin"),
        client.members(),
        client.teams(),
        client.repositories(),
        allowed(client.invitations()),
    )
    names = [repository.name for repository in repositories]
    drawn, direct = await gather(
        gather(*(_drawn_by_rest(client, team) for team in teams)),
        gather(*(allowed(client.collaborators(name)) for name in names)),
    )
    return Access(
        owners=tuple(user.login for user in owners),
        members=tuple(user.login for user in members),
        teams=tuple(drawn),
        direct={
            name: {each.login: each.level for each in found if each.level}
            for name, found in zip(names, direct, strict=True)
            if found is not None
        },
        invited=_invited(invited),
        unseen=tuple(name for name, found in zip(names, direct, strict=True) if found is None),
        precise=False,
    )


async def _drawn_by_rest(client: GithubClient, team: RestTeam) -> Team:
    """Return a team with all its people and repositories."""
    everyone, maintainers, waiting, repositories = await gather(
        client.team_members(team.slug, "all"),
        client.team_members(team.slug, "maintainer"),
        allowed(client.team_invitations(team.slug)),
        client.team_repositories(team.slug),
    )
    leading = {user.login for user in maintainers}
    members = [
        Member(login=user.login, role="maintainer" if user.login in leading else "member")
        for user in everyone
    ]
    return Team(
        slug=team.slug,
        name=team.name,
        description=team.description or "",
        parent=team.parent.slug if team.parent else None,
        members=(*members, *_waiting(waiting or [])),
        repositories={each.name: each.level for each in repositories if each.level},
    )


def _invited(invitations: list[OrganizationInvitation] | None) -> tuple[str, ...]:
    return tuple(each.login for each in invitations or () if each.login)


def _waiting(invitations: list[OrganizationInvitation]) -> list[Member]:
    return [Member(login=each.login, pending=True) for each in invitations if each.login]
