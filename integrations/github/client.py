"""GitHub's REST API as this project uses it, and its GraphQL API as far as it answers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bot.core.errors import Denied, Rejected
from bot.http import Http, Network
from integrations.github.app import Installation, Signature
from integrations.github.calls import allowed, path_of, same
from integrations.github.contents import Contents
from integrations.github.levels import Level
from integrations.github.models import (
    Collaborator,
    Membership,
    Organization,
    OrganizationInvitation,
    Repository,
    RepositoryInvitation,
    Team,
    Usage,
    User,
)
from integrations.github.rights import MEMBERS, lack, said
from integrations.github.settings import GithubSettings

API_VERSION = "2026-03-10"
HOURLY = 5000
REST_FOR = timedelta(minutes=10)
WITH_GRANT = "application/vnd.github.v3.repository+json"


def connect(settings: GithubSettings, network: Network) -> "GithubClient":
    """Return a client for one organisation, which speaks as a person or as a GitHub App."""
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION}
    spoken = partial(Http, network, "GitHub", settings.url, hourly=HOURLY, unchanged_free=True)
    if settings.app is not None:
        signature = Signature(settings.app, network)
        installation = Installation(signature, settings.org, spoken(headers=headers, tokens=signature))
        http = spoken(
            headers=headers,
            tokens=installation,
            lack=lambda answer: lack(answer, installation.permissions),
        )
        return GithubClient(http, settings, installation=installation)
    token = settings.token.get_secret_value() if settings.token else ""
    http = spoken(headers={**headers, "Authorization": f"Bearer {token}"}, secrets=(token,), lack=lack)
    return GithubClient(http, settings)


@dataclass
class GithubClient(Contents):
    """One organisation on GitHub. Each method that changes something is one call."""

    installation: Installation | None = None
    rest_until: datetime | None = None

    # GraphQL, where it is answered

    @property
    def speaks_graphql(self) -> bool:
        """Return whether GraphQL is worth trying."""
        return self.rest_until is None or self.now() >= self.rest_until

    def keep_to_rest(self) -> None:
        """Remember for a while that GraphQL did not work."""
        self.rest_until = self.now() + REST_FOR

    async def graphql(self, query: str, **variables: str | None) -> dict[str, Any]:
        """Return the data, perhaps in part: errors come with status 200."""
        content = {"query": query, "variables": variables}
        answer = await self.http.post_read(self.settings.graphql_url, content, tries=1)
        data = answer.content.get("data") if isinstance(answer.content, dict) else None
        if not isinstance(data, dict):
            raise Rejected("GitHub", f"GitHub refused: {answer.reason or 'GraphQL without data'}.")
        return data

    # people

    async def me(self) -> str | None:
        """Return the login our token belongs to; None for an App's, which is nobody's."""
        if self.installation is not None:
            return None
        answer = await allowed(self.http.find("/user"))
        return self.http.fit(User, answer.content).login if answer else None

    async def account(self) -> str | None:
        """Return in whose account our token was made: an App's is the organisation's."""
        return await self.me() if self.installation is None else f"our App in {self.org}"

    async def scopes(self) -> set[str] | None:
        """Return the scopes of a classic token; None for tokens that have permissions instead."""
        answer = await self.http.get(path_of("orgs", self.org))
        return said(answer, "X-OAuth-Scopes") if "X-OAuth-Scopes" in answer.headers else None

    async def user(self, login: str) -> User | None:
        """Return an account."""
        answer = await self.http.find(path_of("users", login))
        return self.http.fit(User, answer.content) if answer else None

    async def organization(self) -> Organization:
        """Return the organisation."""
        return self.http.fit(Organization, (await self.http.get(path_of("orgs", self.org))).content)

    async def usage(self, month: date) -> Usage | None:
        """Return what was used in a month; None when our token may not know, or nobody bills it."""
        path = path_of("organizations", self.org, "settings", "billing", "usage")
        answer = await allowed(self.http.get(path, {"year": month.year, "month": month.month}))
        return self.http.fit(Usage, answer.content) if answer else None

    async def members(self, role: str = "all", only: str = "all") -> list[User]:
        """Return the members of a *role* (admin, member); *only* may be ``2fa_disabled``."""
        wanted = {"role": role} if only == "all" else {"role": role, "filter": only}
        found = await self._list(path_of("orgs", self.org, "members"), User, **wanted)
        if not found and role != "member" and only == "all":  # each organisation has an owner
            raise Denied(
                "GitHub", f"GitHub shows our token nobody in {self.org}.", f"It needs {MEMBERS.words}."
            )
        return found

    async def membership(self, login: str) -> Membership | None:
        """Return somebody's place in the organisation, invited ones included."""
        answer = await self.http.find(path_of("orgs", self.org, "memberships", login))
        return self.http.fit(Membership, answer.content) if answer else None

    async def set_membership(self, login: str, role: str) -> None:
        """Invite somebody, or change their *role* (admin, member)."""
        await self._write("PUT", path_of("orgs", self.org, "memberships", login), {"role": role})

    async def remove_membership(self, login: str) -> None:
        """Remove a member, or cancel an invitation."""
        await self._write("DELETE", path_of("orgs", self.org, "memberships", login))

    async def invitations(self) -> list[OrganizationInvitation]:
        """Return the invitations that wait."""
        return await self._invitations("invitations")

    async def failed_invitations(self) -> list[OrganizationInvitation]:
        """Return the invitations that expired or were refused."""
        return await self._invitations("failed_invitations")

    async def _invitations(self, which: str) -> list[OrganizationInvitation]:
        return await self._list(path_of("orgs", self.org, which), OrganizationInvitation)

    async def cancel_invitation(self, number: int) -> None:
        """Cancel an invitation into the organisation."""
        await self._write("DELETE", path_of("orgs", self.org, "invitations", str(number)))

    # teams

    def _team(self, slug: str, *parts: str) -> str:
        return path_of("orgs", self.org, "teams", slug, *parts)

    async def teams(self) -> list[Team]:
        """Return the teams our token sees."""
        return await self._list(path_of("orgs", self.org, "teams"), Team)

    async def team(self, slug: str) -> Team | None:
        """Return a team."""
        answer = await self.http.find(self._team(slug))
        return self.http.fit(Team, answer.content) if answer else None

    async def team_members(self, slug: str, role: str) -> list[User]:
        """Return the people of a *role* (member, maintainer) in a team and the teams below it."""
        return await self._list(self._team(slug, "members"), User, role=role)

    async def team_invitations(self, slug: str) -> list[OrganizationInvitation]:
        """Return the people who were invited into a team."""
        return await self._list(self._team(slug, "invitations"), OrganizationInvitation)

    async def team_repositories(self, slug: str) -> list[Repository]:
        """Return the repositories of a team, with its levels."""
        return await self._list(self._team(slug, "repos"), Repository)

    async def team_membership(self, slug: str, login: str) -> Membership | None:
        """Return somebody's place in a team: owners are always shown as maintainer."""
        answer = await self.http.find(self._team(slug, "memberships", login))
        return self.http.fit(Membership, answer.content) if answer else None

    async def set_team_membership(self, slug: str, login: str, role: str) -> None:
        """Put somebody into a team; who is no member of the organisation is invited."""
        await self._write("PUT", self._team(slug, "memberships", login), {"role": role})

    async def remove_team_membership(self, slug: str, login: str) -> None:
        """Take somebody out of a team; they stay in the organisation."""
        await self._write("DELETE", self._team(slug, "memberships", login))

    async def team_grant(self, slug: str, repository: str) -> Level | None:
        """Return what a team may do on a repository."""
        path = self._team(slug, "repos", self.org, repository)
        answer = await self.http.find(path, accept=WITH_GRANT)
        if answer is None:
            return None
        if answer.content is not None:
            return self.http.fit(Repository, answer.content).level
        listed = await self.team_repositories(slug)
        return next((each.level for each in listed if same(each.name, repository)), None)

    async def set_team_grant(self, slug: str, repository: str, level: Level) -> None:
        """Let a team have *level* on a repository."""
        path = self._team(slug, "repos", self.org, repository)
        await self._write("PUT", path, {"permission": level.grant})

    async def remove_team_grant(self, slug: str, repository: str) -> None:
        """Take a repository out of a team."""
        await self._write("DELETE", self._team(slug, "repos", self.org, repository))

    # repositories

    async def repositories(self) -> list[Repository]:
        """Return the organisation's repositories."""
        return await self._list(path_of("orgs", self.org, "repos"), Repository, sort="full_name")

    async def repository(self, name: str) -> Repository | None:
        """Return a repository, also by a name it had before."""
        answer = await self.http.find(self._repository(name))
        return self.http.fit(Repository, answer.content) if answer else None

    async def collaborators(self, repository: str) -> list[Collaborator]:
        """Return who has a direct grant; the level is the highest from any source."""
        path = self._repository(repository, "collaborators")
        return await self._list(path, Collaborator, affiliation="direct")

    async def repository_invitations(self, repository: str) -> list[RepositoryInvitation]:
        """Return who was invited to a repository, expired invitations included."""
        path = self._repository(repository, "invitations")
        return await self._list(path, RepositoryInvitation)

    async def set_collaborator(self, repository: str, login: str, level: Level) -> None:
        """Give somebody a direct grant; who is no member of the organisation is invited (201)."""
        path = self._repository(repository, "collaborators", login)
        await self._write("PUT", path, {"permission": level.grant})

    async def remove_collaborator(self, repository: str, login: str) -> None:
        """Take a direct grant away; an invitation that waits stays."""
        await self._write("DELETE", self._repository(repository, "collaborators", login))

    async def change_repository_invitation(self, repository: str, number: int, level: Level) -> None:
        """Change what somebody is invited to; the level it has already is refused."""
        path = self._repository(repository, "invitations", str(number))
        await self._write("PATCH", path, {"permissions": level.role})

    async def cancel_repository_invitation(self, repository: str, number: int) -> None:
        """Cancel an invitation to a repository."""
        await self._write("DELETE", self._repository(repository, "invitations", str(number)))
