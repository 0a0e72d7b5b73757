"""What the imitated GitHub holds: one organisation, its people, teams, repositories and invitations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .app import App
from .meter import Meter
from .permissions import highest, level
from .pull import Branch, Pull
from .run import Run
from .site import Site

INVITATION_LIFE = timedelta(days=7)
EXPIRED = "Invitation expired. User did not accept this invite for 7 days."
DECLINED = "Invitation declined by the invitee."


@dataclass
class User:
    """An account: a person, a bot or an organisation."""

    id: int
    login: str
    created_at: datetime
    name: str | None = None
    type: str = "User"
    two_factor: bool = True


@dataclass
class Org:
    """The organisation; *base* is what each member has on each repository, None for nothing."""

    id: int
    login: str
    created_at: datetime
    base: str | None
    plan: dict[str, Any]
    usage: list[dict[str, Any]]
    name: str
    two_factor_required: bool


@dataclass
class Team:
    """A team: people by user id with their role, grants by repository id."""

    id: int
    name: str
    created_at: datetime
    description: str | None = None
    privacy: str = "closed"
    permission: str = "pull"
    parent: int | None = None
    members: dict[int, str] = field(default_factory=dict)
    repos: dict[int, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The name as it stands in addresses."""
        return "-".join(self.name.lower().split())


@dataclass
class Repo:
    """A repository of the organisation; *collaborators* are the direct grants by user id.

    Its *files* are there from *filled_at* on: what a template brings arrives a little later. Of some there
    are *texts*. Where it is *ruled*, nobody may make a branch or write a file.
    """

    id: int
    name: str
    created_at: datetime
    pushed_at: datetime
    private: bool = False
    archived: bool = False
    is_template: bool = False
    description: str | None = None
    homepage: str | None = None
    default_branch: str = "main"
    open_issues: int = 0
    pages: Site | None = None
    files: tuple[str, ...] = ("README.md",)
    texts: dict[str, str] = field(default_factory=dict)
    filled_at: datetime | None = None
    collaborators: dict[int, str] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)
    pulls: list[Pull] = field(default_factory=list)
    ruled: bool = False


@dataclass
class OrgInvitation:
    """An invitation into the organisation, and into *teams* (role by team id) on acceptance."""

    id: int
    user: int | None
    email: str | None
    role: str
    inviter: int
    created_at: datetime
    teams: dict[int, str] = field(default_factory=dict)
    failed_at: datetime | None = None
    failed_reason: str | None = None


@dataclass
class RepoInvitation:
    """An invitation of an outsider to one repository."""

    id: int
    repo: int
    user: int
    permission: str
    inviter: int
    created_at: datetime


@dataclass(frozen=True)
class Grant:
    """One reason why somebody can open a repository."""

    permission: str
    source: Org | Team | Repo


@dataclass
class World:
    """The state, the facts that follow from it, and what people may do to it on GitHub's own pages."""

    clock: Callable[[], datetime]
    org: Org
    bot: int
    token: str
    scopes: tuple[str, ...]
    meter: Meter
    anonymous: Meter
    invitations_per_day: int = 50
    copying_takes: timedelta = timedelta(seconds=1)
    users: dict[int, User] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    repos: dict[int, Repo] = field(default_factory=dict)
    invitations: dict[int, OrgInvitation] = field(default_factory=dict)
    failed: list[OrgInvitation] = field(default_factory=list)
    repo_invitations: dict[int, RepoInvitation] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    renamed: dict[str, int] = field(default_factory=dict)
    app: App | None = None
    needed: set[str] = field(default_factory=set)
    runs: dict[int, Run] = field(default_factory=dict)
    outcome: str = "success"  # how runs that begin now will end
    tells_runs: bool = True
    invited: list[tuple[int, datetime]] = field(default_factory=list)
    calls: int = 0
    last_id: int = 1000

    # Finding things: names do not mind upper and lower case.

    def user(self, login: str) -> User | None:
        """Find an account by login."""
        return next((each for each in self.users.values() if same(each.login, login)), None)

    def team(self, slug: str) -> Team | None:
        """Find a team by slug."""
        return next((each for each in self.teams.values() if same(each.slug, slug)), None)

    def repo(self, name: str) -> Repo | None:
        """Find a repository by its present name."""
        return next((each for each in self.repos.values() if same(each.name, name)), None)

    def waiting(self, user: int) -> OrgInvitation | None:
        """Return the invitation into the organisation that waits for somebody."""
        return next((each for each in self.invitations.values() if each.user == user), None)

    def next_id(self) -> int:
        """Return a number not used before."""
        self.last_id += 1
        return self.last_id

    # Facts.

    def role(self, user: int) -> str | None:
        """Return somebody's role in the organisation: ``admin``, ``member`` or None."""
        return self.members.get(user)

    def lineage(self, team: Team) -> Iterator[Team]:
        """Yield a team and the teams above it."""
        yield team
        if team.parent is not None:
            yield from self.lineage(self.teams[team.parent])

    def people(self, team: Team) -> dict[int, str]:
        """Return roles by user id, members of child teams included; owners are maintainers."""
        found: dict[int, str] = {}
        for each in self.teams.values():
            if team in self.lineage(each):
                found |= {user: "member" for user in each.members if user not in found}
        found |= team.members
        return {user: "maintainer" if self.role(user) == "admin" else role for user, role in found.items()}

    def team_repos(self, team: Team) -> dict[int, str]:
        """Return permissions by repository id, those of parent teams included."""
        grants = [pair for each in self.lineage(team) for pair in each.repos.items()]
        return {
            repo: highest(held for other, held in grants if other == repo) or "pull" for repo, _ in grants
        }

    def grants(self, repo: Repo, user: int) -> list[Grant]:
        """Return each reason why somebody can open a repository."""
        found = []
        if self.role(user) == "admin":
            found.append(Grant("admin", self.org))
        elif self.role(user) and self.org.base:
            found.append(Grant(self.org.base, self.org))
        mine = [team for team in self.teams.values() if user in team.members]
        above = {each.id: each for team in mine for each in self.lineage(team)}
        found += [Grant(each.repos[repo.id], each) for each in above.values() if repo.id in each.repos]
        if user in repo.collaborators:
            found.append(Grant(repo.collaborators[user], repo))
        return found

    def permission(self, repo: Repo, user: int) -> str | None:
        """Return the highest permission somebody holds, None for nothing beyond what the public has."""
        return highest(grant.permission for grant in self.grants(repo, user))

    def collaborators(self, repo: Repo, affiliation: str) -> list[User]:
        """Return who has access: ``all``, by a ``direct`` grant, or from ``outside`` the organisation."""
        people = [self.users[user] for user in sorted(self.members.keys() | repo.collaborators.keys())]
        if affiliation == "all":
            return [each for each in people if self.permission(repo, each.id)]
        direct = [each for each in people if each.id in repo.collaborators]
        return direct if affiliation == "direct" else [each for each in direct if not self.role(each.id)]

    def outsiders(self) -> list[User]:
        """Return who has access to a repository without being a member."""
        everyone = {user for repo in self.repos.values() for user in repo.collaborators}
        return [self.users[user] for user in sorted(everyone - self.members.keys())]

    def held(self, repo: Repo) -> tuple[str, ...]:
        """Return the files of a repository that have arrived."""
        return repo.files if repo.filled_at is None or self.clock() >= repo.filled_at else ()

    def expired(self, invitation: RepoInvitation) -> bool:
        """Tell whether a repository invitation is too old to accept."""
        return self.clock() >= invitation.created_at + INVITATION_LIFE

    def settle(self) -> None:
        """Let time pass: invitations that nobody accepted move to the failed ones."""
        for invitation in list(self.invitations.values()):
            end = invitation.created_at + INVITATION_LIFE
            if self.clock() >= end:
                self.fail(invitation, end, EXPIRED)

    def fail(self, invitation: OrgInvitation, at: datetime, reason: str) -> None:
        """Move a waiting invitation to the failed ones."""
        del self.invitations[invitation.id]
        invitation.failed_at, invitation.failed_reason = at, reason
        self.failed.append(invitation)

    def drop_member(self, user: int) -> None:
        """Take somebody out of the organisation, its teams and its repositories."""
        self.members.pop(user, None)
        for holder in self.teams.values():
            holder.members.pop(user, None)
        for repo in self.repos.values():
            repo.collaborators.pop(user, None)

    # What people do on GitHub's own pages, behind the back of whoever uses the API.

    def accept(self, login: str) -> None:
        """Accept everything that waits for *login*: organisation, teams, repositories."""
        organisation, repositories = self._waiting_for(login)
        if organisation:
            user = self._need(login).id
            self.members[user] = "admin" if organisation.role == "admin" else "member"
            for team, role in organisation.teams.items():
                self.teams[team].members[user] = role
            del self.invitations[organisation.id]
        for invitation in repositories:
            self.repos[invitation.repo].collaborators[invitation.user] = invitation.permission
            del self.repo_invitations[invitation.id]

    def decline(self, login: str) -> None:
        """Refuse everything that waits for *login*."""
        organisation, repositories = self._waiting_for(login)
        if organisation:
            self.fail(organisation, self.clock(), DECLINED)
        for invitation in repositories:
            del self.repo_invitations[invitation.id]

    def set_member(self, login: str, role: str | None) -> None:
        """Make *login* a ``member``, an ``admin``, or (None) a stranger."""
        user = self._need(login).id
        if role is None:
            self.drop_member(user)
        else:
            self.members[user] = role

    def set_owner(self, login: str, owner: bool = True) -> None:
        """Make *login* an owner, or an ordinary member again."""
        self.set_member(login, "admin" if owner else "member")

    def set_team_member(self, team: str, login: str, role: str | None = "member") -> None:
        """Put *login* into a team (and so into the organisation), or with None take them out of the team."""
        user = self._need(login).id
        if role is None:
            self._need_team(team).members.pop(user, None)
        else:
            self.members.setdefault(user, "member")
            self._need_team(team).members[user] = role

    def set_team_repo(self, team: str, repo: str, permission: str | None) -> None:
        """Give a team a permission on a repository, or with None take it away."""
        _put(self._need_team(team).repos, self._need_repo(repo).id, permission)

    def set_collaborator(self, repo: str, login: str, permission: str | None) -> None:
        """Give *login* a grant of their own on a repository, or with None take it away."""
        _put(self._need_repo(repo).collaborators, self._need(login).id, permission)

    def set_base_permission(self, word: str) -> None:
        """Set what each member has on each repository: read, write, admin or none."""
        self.org.base = None if word == "none" else level(word)

    def set_archived(self, repo: str, archived: bool = True) -> None:
        """Freeze a repository, or thaw it."""
        self._need_repo(repo).archived = archived

    def set_template(self, repo: str, may: bool = True) -> None:
        """Let a repository be copied as a template, or no longer."""
        self._need_repo(repo).is_template = may

    def break_certificate(self, repo: str, state: str | None = "bad_authz") -> None:
        """Let GitHub fail to get a certificate for a site's name, or with None succeed after all."""
        site = self._need_repo(repo).pages
        if site is None:
            raise LookupError(f"{repo} is not published")
        site.broken = state

    def set_token(self, token: str, scopes: tuple[str, ...]) -> None:
        """Replace the accepted token and its scopes."""
        self.token, self.scopes = token, scopes

    def install(self, app: App) -> None:
        """Let the bot be an App from now on; its token is no longer accepted."""
        self.app, self.token = app, ""
        self.bot = self.next_id()
        self.users[self.bot] = User(self.bot, f"{app.slug}[bot]", self.clock(), type="Bot")

    def set_permissions(self, **permissions: str | None) -> None:
        """Change what the App may do, by the names of permissions; None takes one away."""
        if self.app is None:
            raise LookupError("no App is installed")
        held = {**self.app.permissions, **permissions}
        self.app.permissions = {name: level for name, level in held.items() if level}

    def set_blocked(self, login: str, blocked: bool = True) -> None:
        """Let *login* block the organisation, so that inviting them fails."""
        (self.blocked.add if blocked else self.blocked.discard)(self._need(login).id)

    def rename_user(self, login: str, new: str) -> None:
        """Change a login; the number stays."""
        self._need(login).login = new

    def rename_repo(self, name: str, new: str) -> None:
        """Rename a repository; the old name answers with a redirect from now on."""
        repo = self._need_repo(name)
        self.renamed[repo.name.casefold()] = repo.id
        repo.name = new

    def _waiting_for(self, login: str) -> tuple[OrgInvitation | None, list[RepoInvitation]]:
        self.settle()
        user = self._need(login).id
        organisation = self.waiting(user)
        repositories = [
            each for each in self.repo_invitations.values() if each.user == user and not self.expired(each)
        ]
        if organisation is None and not repositories:
            raise LookupError(f"no invitation waits for {login}")
        return organisation, repositories

    def _need(self, login: str) -> User:
        if found := self.user(login):
            return found
        raise LookupError(f"no account {login}")

    def _need_team(self, slug: str) -> Team:
        if found := self.team(slug):
            return found
        raise LookupError(f"no team {slug}")

    def _need_repo(self, name: str) -> Repo:
        if found := self.repo(name):
            return found
        raise LookupError(f"no repository {name}")


def same(one: str, other: str) -> bool:
    """Compare two names the way GitHub does."""
    return one.casefold() == other.casefold()


def _put(grants: dict[int, str], key: int, permission: str | None) -> None:
    if permission is None:
        grants.pop(key, None)
    else:
        grants[key] = level(permission)
