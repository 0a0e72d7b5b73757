"""A small GitHub, from its REST documentation: no GraphQL, no ETags, no rate headers, short pages."""

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.elsewhere.wire import Answer, Call, Place

TOKEN = "ghp_elsewhere0000"
PREFIX = "/api/v3"
PAGE = 2
LEVELS = ("pull", "triage", "push", "maintain", "admin")
ROLES = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}

Json = dict[str, Any]


@dataclass
class Team:
    """A team: its people with their role, its repositories with their level."""

    name: str
    people: dict[str, str] = field(default_factory=dict)
    invited: set[str] = field(default_factory=set)
    repositories: dict[str, str] = field(default_factory=dict)


@dataclass
class Repository:
    """A repository: who has a grant of their own, who is invited."""

    name: str
    archived: bool = False
    direct: dict[str, str] = field(default_factory=dict)
    invitations: dict[int, tuple[str, str]] = field(default_factory=dict)


class GitHub(Place):
    """One organisation. A write is answered at once and seen *lag* seconds later.

    *graphql* is the status with which GraphQL is refused; a *plain* one shows a
    team's grant on a repository as 204 alone, whatever is accepted.
    """

    def __init__(
        self, org: str = "PyConUK", graphql: int = 404, plain: bool = False, lag: float = 0.3
    ) -> None:
        super().__init__()
        self.org, self.graphql, self.plain, self.lag = org, graphql, plain, lag
        self.accounts: dict[str, str] = {}
        self.members: dict[str, str] = {}
        self.invited: dict[int, tuple[str, str]] = {}
        self.teams: dict[str, Team] = {}
        self.repositories: dict[str, Repository] = {}
        self.writes: list[tuple[str, str, Json]] = []
        self.unknown: list[str] = []
        self.flaws: list[tuple[str, Answer]] = []
        self._later: list[tuple[float, Callable[[], object]]] = []
        self._count = itertools.count(1000)

    @property
    def api(self) -> str:
        """Return the address of the REST API."""
        return self.url + PREFIX

    def account(self, login: str, role: str | None = None) -> None:
        """Make an account, with a *role* a member of the organisation."""
        self.accounts[login.lower()] = login
        if role:
            self.members[login.lower()] = role

    def repository(self, name: str, **more: Any) -> Repository:
        """Make a repository."""
        made = self.repositories[name.lower()] = Repository(name, **more)
        return made

    def settle(self) -> None:
        """Let be seen what was written long enough ago."""
        for at, change in list(self._later):
            if at <= time.monotonic():
                self._later.remove((at, change))
                change()

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        self.settle()
        if call.path.endswith("/graphql"):
            return _message(self.graphql, {404: "Not Found", 401: "Bad credentials"}.get(self.graphql, "No."))
        if call.headers.get("authorization", "").split(" ")[-1] != TOKEN:
            return _message(401, "Bad credentials")
        assert call.headers.get("user-agent")
        flaw = next((each for each in self.flaws if each[0] == call.method), None)
        if flaw:
            self.flaws.remove(flaw)
            return flaw[1]
        answer = self._routed(call, call.path.removeprefix(PREFIX + "/").split("/"))
        if answer is None:
            self.unknown.append(f"{call.method} {call.path}")
            return _message(404, "Not Found")
        return answer

    def _routed(self, call: Call, parts: list[str]) -> Answer | None:
        content = json.loads(call.body) if call.body else {}
        if call.method != "GET":
            self.writes.append((call.method, "/".join(parts), content))
        match parts:
            case ["user"]:
                return Answer(200, self._user("infra-machine"))
            case ["users", login]:
                known = login.lower() in self.accounts
                return Answer(200, self._user(login)) if known else _message(404, "Not Found")
            case ["orgs", org, *rest] if org.lower() == self.org.lower():
                return self._of_org(call, rest, content)
            case ["repos", org, name, *rest] if org.lower() == self.org.lower():
                repository = self.repositories.get(name.lower())
                return self._of_repository(call, repository, rest, content) if repository else None
        return None

    # The organisation.

    def _of_org(self, call: Call, parts: list[str], content: Json) -> Answer | None:
        match call.method, parts:
            case "GET", []:
                return Answer(200, {"login": self.org, "id": 1})
            case "GET", ["members"]:
                role = {"admin": {"admin"}, "member": {"member"}}.get(call.query.get("role", "all"))
                found = [each for each, held in self.members.items() if role is None or held in role]
                return self._paged(call, [self._user(login) for login in found])
            case "GET", ["repos"]:
                return self._paged(call, [self._repository(each) for each in self.repositories.values()])
            case "GET", ["teams"]:
                return self._paged(call, [_team(slug, team) for slug, team in self.teams.items()])
            case "GET", ["invitations"]:
                return self._paged(call, [self._invitation(*each) for each in self.invited.items()])
            case "GET", ["memberships", login]:
                return self._membership(login)
            case _, ["teams", slug, *rest] if slug in self.teams:
                return self._of_team(call, slug, rest, content)
        return None

    def _membership(self, login: str) -> Answer:
        if role := self.members.get(login.lower()):
            return Answer(200, {"state": "active", "role": role, "user": self._user(login)})
        if login.lower() in {who for who, _ in self.invited.values()}:
            return Answer(200, {"state": "pending", "role": "member", "user": self._user(login)})
        return _message(404, "Not Found")

    # A team.

    def _of_team(self, call: Call, slug: str, parts: list[str], content: Json) -> Answer | None:
        team = self.teams[slug]
        match call.method, parts:
            case "GET", []:
                return Answer(200, _team(slug, team))
            case "GET", ["members"]:
                role = call.query.get("role", "all")
                found = [login for login, held in team.people.items() if role in {"all", held}]
                return self._paged(call, [self._user(login) for login in found])
            case "GET", ["repos"]:
                held = [self._granted(name, level) for name, level in team.repositories.items()]
                return self._paged(call, held)
            case _, ["memberships", login]:
                return self._place(call.method, team, login.lower(), content)
            case _, ["repos", _, name] if name.lower() in self.repositories:
                return self._grant(call, team, name.lower(), content)
        return None

    def _place(self, method: str, team: Team, login: str, content: Json) -> Answer | None:
        role, inside = content.get("role", "member"), login in self.members
        if method == "PUT" and login not in self.accounts:
            return _message(404, "Not Found")
        if method == "PUT":
            if inside:
                self._write(lambda: team.people.update({login: role}))
            else:
                self._write(lambda: self._invite(team, login))
            state = "active" if inside else "pending"
            return Answer(200, {"state": state, "role": role, "url": "https://elsewhere.example"})
        if method == "DELETE":
            self._write(lambda: team.people.pop(login, None))
            return Answer(204)
        if login in team.people:
            shown = "maintainer" if self.members.get(login) == "admin" else team.people[login]
            return Answer(200, {"state": "active", "role": shown})
        if login in team.invited:
            return Answer(200, {"state": "pending", "role": "member"})
        return _message(404, "Not Found")

    def _invite(self, team: Team, login: str) -> None:
        team.invited.add(login)
        if login not in {who for who, _ in self.invited.values()}:
            self.invited[next(self._count)] = (login, "direct_member")

    def _grant(self, call: Call, team: Team, name: str, content: Json) -> Answer:
        if call.method == "PUT":
            if content.get("permission", "pull") not in LEVELS:
                return _message(422, "Validation Failed")
            self._write(lambda: team.repositories.update({name: content.get("permission", "pull")}))
            return Answer(204)
        if call.method == "DELETE":
            self._write(lambda: team.repositories.pop(name, None))
            return Answer(204)
        if name not in team.repositories:
            return _message(404, "Not Found")
        if not self.plain and "v3.repository" in call.headers.get("accept", ""):
            return Answer(200, self._granted(name, team.repositories[name]))
        return Answer(204)

    # A repository.

    def _of_repository(
        self, call: Call, repository: Repository, parts: list[str], content: Json
    ) -> Answer | None:
        match call.method, parts:
            case "GET", []:
                return Answer(200, self._repository(repository))
            case "GET", ["collaborators"]:
                found = [self._collaborator(repository, login) for login in repository.direct]
                return self._paged(call, found)
            case "GET", ["invitations"]:
                waiting = repository.invitations.items()
                return self._paged(call, [self._repo_invitation(id_, *each) for id_, each in waiting])
            case "PUT", ["collaborators", login]:
                return self._collaborate(repository, login.lower(), content.get("permission", "push"))
            case "DELETE", ["collaborators", login]:
                self._write(lambda: repository.direct.pop(login.lower(), None))
                return Answer(204)
            case "DELETE", ["invitations", id_]:
                self._write(lambda: repository.invitations.pop(int(id_), None))
                return Answer(204)
        return None

    def _collaborate(self, repository: Repository, login: str, level: str) -> Answer:
        if login in self.members or login in repository.direct:
            self._write(lambda: repository.direct.update({login: level}))
            return Answer(204)
        id_ = next(self._count)
        self._write(lambda: repository.invitations.update({id_: (login, level)}))
        return Answer(201, self._repo_invitation(id_, login, level))

    # How things look.

    def _write(self, change: Callable[[], object]) -> None:
        self._later.append((time.monotonic() + self.lag, change))

    def _paged(self, call: Call, items: list[Json]) -> Answer:
        page = int(call.query.get("page", 1))
        size = min(PAGE, int(call.query.get("per_page", 30)))
        left = len(items) > page * size
        more = "&".join(f"{name}={value}" for name, value in call.query.items() if name != "page")
        after = f'<{self.url}{call.path}?{more}&page={page + 1}>; rel="next"'
        headers = {"link": f'<{self.url}{call.path}?{more}&page=1>; rel="first", {after}'} if left else {}
        return Answer(200, items[(page - 1) * size : page * size], headers)

    def _user(self, login: str) -> Json:
        login = self.accounts.get(login.lower(), login)
        return {"login": login, "id": sum(map(ord, login)), "type": "User", "site_admin": False}

    def _repository(self, repository: Repository) -> Json:
        full = f"{self.org}/{repository.name}"
        return {
            "id": 1,
            "name": repository.name,
            "full_name": full,
            "private": False,
            "archived": repository.archived,
        }

    def _granted(self, name: str, level: str) -> Json:
        allowed = {each: LEVELS.index(each) <= LEVELS.index(level) for each in LEVELS}
        return self._repository(self.repositories[name]) | {"permissions": allowed}

    def _collaborator(self, repository: Repository, login: str) -> Json:
        name = repository.name.lower()
        levels = [repository.direct[login]]
        levels += [
            t.repositories[name] for t in self.teams.values() if login in t.people and name in t.repositories
        ]
        return self._user(login) | {"role_name": ROLES[max(levels, key=LEVELS.index)]}

    def _repo_invitation(self, id_: int, login: str, level: str) -> Json:
        return {
            "id": id_,
            "invitee": self._user(login),
            "permissions": ROLES[level],
            "created_at": "2026-01-05T10:00:00Z",
        }

    def _invitation(self, id_: int, invited: tuple[str, str]) -> Json:
        login, role = invited
        return {"id": id_, "login": self.accounts[login], "email": None, "role": role, "created_at": _now()}


def _team(slug: str, team: Team) -> Json:
    return {"id": 7, "slug": slug, "name": team.name, "privacy": "closed", "parent": None}


def _message(status: int, text: str) -> Answer:
    return Answer(status, {"message": text, "documentation_url": "https://docs.elsewhere.example"})


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
