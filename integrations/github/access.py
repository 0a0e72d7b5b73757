"""Who can reach what on GitHub, and why: our words for what the reads find."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot.core.values import Value
from integrations.github.levels import Level


class Repository(Value):
    """A repository of the organisation."""

    name: str
    private: bool = False
    archived: bool = False
    description: str = ""
    default_branch: str = ""
    open_issues: int = 0
    pushed_at: datetime | None = None
    template: bool = False


class Account(Value):
    """An account on GitHub; *kind* is User, Organization or Bot."""

    login: str
    name: str = ""
    created_at: datetime | None = None
    kind: str = "User"


class Member(Value):
    """Somebody in a team: member or maintainer, *pending* until they accept."""

    login: str
    role: str = "member"
    pending: bool = False


class Team(Value):
    """A team, with its own people and what it may do where."""

    slug: str
    name: str
    description: str = ""
    parent: str | None = None
    members: tuple[Member, ...] = ()
    repositories: Mapping[str, Level] = {}


class Invite(Value):
    """An invitation into the organisation that waits, or failed when *expired*."""

    login: str | None = None
    email: str | None = None
    role: str = "member"
    teams: int = 0
    invited_at: datetime
    expires_at: datetime
    expired: bool = False
    why: str = ""
    by: str = ""
    link: str = ""


class Path(Value):
    """One way in which somebody reaches a repository: "owner", "team core", "direct" or "base"."""

    login: str
    repo: str
    level: Level
    via: str


class Access(Value):
    """The whole organisation at one moment: who reaches what, by every way.

    *direct* holds the grants of their own by repository, *invited* who must
    still accept, *unseen* the repositories whose direct grants our token may
    not see, *precise* whether the level of a direct grant is its own or the
    highest from any source (REST cannot tell).
    """

    owners: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    base: Level | None = None
    teams: tuple[Team, ...] = ()
    repositories: tuple[Repository, ...] = ()
    direct: Mapping[str, Mapping[str, Level]] = {}
    invited: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    precise: bool = True

    def to(self, repo: str) -> tuple[Path, ...]:
        """Return each way to a repository, the strongest first."""
        named = [r.name for r in self.repositories if r.name.casefold() == repo.casefold()]
        return _ordered(path for name in named for path in self.ways(name))

    def of(self, login: str) -> tuple[Path, ...]:
        """Return each way of one person to any repository, the strongest first."""
        alone = self._only(login.casefold())
        return _ordered(path for repo in self.repositories for path in alone.ways(repo.name))

    def _only(self, login: str) -> "Access":
        """Return the same, with nobody in it but one person."""
        teams = (
            (team, tuple(each for each in team.members if each.login.casefold() == login))
            for team in self.teams
        )
        return Access(
            owners=_named(login, self.owners),
            members=_named(login, self.members),
            base=self.base,
            teams=tuple(team.model_copy(update={"members": members}) for team, members in teams),
            direct={
                repo: {name: levels[name] for name in mine}
                for repo, levels in self.direct.items()
                if (mine := _named(login, levels))
            },
        )

    def ways(self, repo: str) -> Iterator[Path]:
        """Yield each way to a repository, which is spelled as on GitHub."""
        for login in self.owners:
            yield Path(login=login, repo=repo, level=Level.ADMIN, via="owner")
        for login, level in self.direct.get(repo, {}).items():
            yield Path(login=login, repo=repo, level=level, via="direct")
        for team in self.teams:
            level_here = team.repositories.get(repo)
            for login in self._people(team) if level_here else ():
                yield Path(login=login, repo=repo, level=level_here, via=f"team {team.slug}")
        if self.base:
            for login in sorted({*self.members} - {*self.owners}):
                yield Path(login=login, repo=repo, level=self.base, via="base")

    def _people(self, team: Team) -> Iterator[str]:
        """Return who a team's grants reach: its people and those of the teams below it."""
        below = [other for other in self.teams if other.parent == team.slug]
        logins = [member.login for member in team.members if not member.pending]
        yield from dict.fromkeys([*logins, *(login for other in below for login in self._people(other))])


def _named(login: str, logins: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in logins if each.casefold() == login)


def _ordered(paths: Iterator[Path]) -> tuple[Path, ...]:
    by_name = sorted(paths, key=lambda path: (path.repo.casefold(), path.login.casefold()))
    return tuple(sorted(by_name, key=lambda path: path.level, reverse=True))
