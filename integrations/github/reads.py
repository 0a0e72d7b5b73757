"""What the bot asks GitHub, in our words; answers may be a few seconds old."""

from asyncio import gather
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.deploying import Source
from bot.core.errors import Refused, Rejected
from bot.core.vendor import Finding
from integrations.github import models
from integrations.github.access import Access, Account, Invite, Member, Path, Repository, Team
from integrations.github.actions import Actions
from integrations.github.calls import allowed, same
from integrations.github.check import health
from integrations.github.client import GithubClient
from integrations.github.documents import Document, document
from integrations.github.levels import Level
from integrations.github.resources.sites import PAGES, Pages
from integrations.github.survey import survey

__all__ = ["Access", "Account", "GithubReads", "Invite", "Level", "Member", "Path", "Repository", "Team"]

INVITATION_LIFE = timedelta(days=7)
_ROLES = {"admin": "owner", "direct_member": "member"}


@dataclass(frozen=True)
class GithubReads:
    """One organisation, looked at. Names are found in any case and come in GitHub's spelling."""

    _client: GithubClient

    @property
    def org(self) -> str:
        """Return the organisation's login."""
        return self._client.org

    @property
    def push_team(self) -> str:
        """Return the slug of the team whose members may push."""
        return self._client.settings.push_team

    @property
    def actions(self) -> Actions:
        """Return GitHub as who deploys."""
        return Actions(self._client)

    async def bot(self) -> str | None:
        """Return the login our token belongs to; None for an App's."""
        return await self._client.memo("me", self._client.me)

    async def account(self, login: str) -> Account | None:
        """Return an account of any kind; None when there is none."""
        found = await self._client.memo(("user", login.casefold()), lambda: self._account(login))
        if found is None:
            return None
        return Account(login=found.login, name=found.name or "", created_at=found.created_at, kind=found.type)

    async def _account(self, login: str) -> models.User | None:
        try:
            return await self._client.user(login)
        except Rejected:  # no login looks like this
            return None

    async def health(self) -> tuple[Finding, ...]:
        """Return how the organisation does, and what is in our way."""
        return await health(self._client)

    async def repositories(self) -> tuple[Repository, ...]:
        """Return the organisation's repositories, by name."""
        found = await self._client.memo("repositories", self._client.repositories)
        return tuple(sorted(map(_repository, found), key=lambda each: each.name.casefold()))

    async def repository(self, name: str) -> Repository | None:
        """Return one repository."""
        return next((each for each in await self.repositories() if same(each.name, name)), None)

    async def source(self, name: str) -> Source:
        """Return what is built from a repository now, read anew; Refused unless anybody may fetch it."""
        found = await self._client.repository(name)
        if found is None:
            raise Refused(f"{self.org} has no repository {name[:100]}.", "Check the year, or the name.")
        if found.private:
            raise Refused(
                f"{found.name} is private: only who has a key of GitHub's can fetch it, and I hand out none.",
                "An owner deploys it by hand: `git push heroku`.",
            )
        branch = found.default_branch or ""
        commit = await self._client.head(found.name, branch) if branch else None
        if commit is None:
            raise Refused(f"{found.name} is empty: there is nothing to build.", "Push something first.")
        return Source(url=found.html_url, branch=branch, commit=commit)

    async def domains(self) -> frozenset[str]:
        """Return the names under which GitHub Pages publishes our repositories.

        Raises Denied when the token may not see what is published.
        """
        published = [each.name for each in await self._client.repositories() if each.has_pages]
        sites = await gather(*map(self._client.pages, published))
        return frozenset(site.cname for site in sites if site and site.cname)

    async def pages(self, name: str) -> Pages | None:
        """Return how a repository is published, read anew: what is planned starts from it."""
        return await PAGES.read(self._client, name)

    async def unverified(self, name: str) -> str | None:
        """Return how far GitHub is with verifying that a site's domain is ours; None when nothing lacks."""
        found = await self._client.pages(name)
        state = found.protected_domain_state if found else None
        return None if state == "verified" else state

    async def workflows(self, name: str) -> tuple[str, ...]:
        """Return the files of a repository's workflows: its tests, its deploy."""
        found = await self._client.folder(name, ".github", "workflows") or ()
        return tuple(each.name for each in found if each.type == "file")

    async def has_file(self, name: str, file: str) -> bool:
        """Return whether a repository has a *file* at its top."""
        return any(each.name == file for each in await self._client.folder(name) or ())

    async def document(self) -> Document:
        """Return the organisers' page as it is kept now, read anew: what is planned starts from it."""
        return await document(self._client)

    async def owners(self) -> tuple[str, ...]:
        """Return the logins of the organisation's owners."""
        found = await self._client.memo("owners", lambda: self._client.members("admin"))
        return tuple(user.login for user in found)

    async def members(self) -> tuple[str, ...]:
        """Return the logins of the organisation's members, owners included."""
        found = await self._client.memo("members", self._client.members)
        return tuple(user.login for user in found)

    async def base_level(self) -> Level | None:
        """Return the level that every member has on every repository, if any."""
        return (await self._client.memo("organization", self._client.organization)).base

    async def plan(self) -> models.Plan | None:
        """Return the plan that the organisation pays for; None when our token may not know."""
        return (await self._client.memo("organization", self._client.organization)).plan

    async def usage(self, month: date) -> models.Usage | None:
        """Return what was used in a month beside the plan; None when our token may not know."""
        return await self._client.memo(("usage", month), lambda: self._client.usage(month))

    def today(self) -> date:
        """Return the date, in UTC."""
        return self._client.now().date()

    async def teams(self) -> tuple[Team, ...]:
        """Return the teams with their people and repositories."""
        return (await self._survey()).teams

    async def team(self, slug: str) -> Team | None:
        """Return one team."""
        return next((team for team in await self.teams() if same(team.slug, slug)), None)

    async def access(self) -> Access:
        """Return who reaches what, and why."""
        found, base, repositories = await gather(self._survey(), self.base_level(), self.repositories())
        return found.model_copy(update={"base": base, "repositories": repositories})

    async def _survey(self) -> Access:
        return await self._client.memo("survey", lambda: survey(self._client))

    async def invitations(self) -> tuple[Invite, ...]:
        """Return the invitations into the organisation that wait, then those that failed."""
        waiting, failed = await gather(
            self._client.memo("invitations", self._client.invitations),
            self._client.memo("failed", lambda: allowed(self._client.failed_invitations())),
        )
        return tuple(self._invite(each) for each in (*waiting, *(failed or ())))

    def _invite(self, found: models.OrganizationInvitation) -> Invite:
        ends = found.failed_at or found.created_at + INVITATION_LIFE
        return Invite(
            login=found.login,
            email=found.email,
            role=_ROLES.get(found.role, found.role),
            teams=found.team_count,
            invited_at=found.created_at,
            expires_at=ends,
            expired=found.failed_at is not None,
            why=found.failed_reason or "",
            by=found.inviter.login if found.inviter else "",
            link=self._client.settings.accepting(),
        )


def _repository(found: models.Repository) -> Repository:
    return Repository(
        name=found.name,
        private=found.private,
        archived=found.archived,
        description=found.description or "",
        default_branch=found.default_branch or "",
        open_issues=found.open_issues_count,
        pushed_at=found.pushed_at,
        template=found.is_template,
    )
