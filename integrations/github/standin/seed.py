"""Builds the state from plain data."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zlib import crc32

from .meter import Meter
from .permissions import level
from .site import Site
from .world import Org, OrgInvitation, Repo, RepoInvitation, Team, User, World

LONG_AGO = datetime(2013, 3, 1, 12, tzinfo=UTC)
KEYS = {
    *("org", "token", "bot_login"),
    *("org_name", "token_scopes", "default_repository_permission", "two_factor_required", "plan", "usage"),
    *("users", "owners", "members", "teams", "repos", "collaborators", "blocked"),
    *("invitations", "repo_invitations", "rate_limit", "invitations_per_day"),
}


def build(seed: Mapping[str, Any], clock: Callable[[], datetime]) -> World:
    """Return the state that *seed* describes; raise ``ValueError`` for what cannot be."""
    if unknown := seed.keys() - KEYS:
        raise ValueError(f"the GitHub seed has unknown keys: {', '.join(sorted(unknown))}")
    world = _organisation(seed, clock)
    for entry in seed.get("users") or ():
        _add_user(world, **entry)
    world.bot = _user(world, seed["bot_login"])
    world.members |= {_user(world, login): "member" for login in seed.get("members") or ()}
    world.members |= {_user(world, login): "admin" for login in seed.get("owners") or ()} | {
        world.bot: "admin"
    }
    world.blocked |= {_user(world, login) for login in seed.get("blocked") or ()}
    for entry in seed.get("repos") or ():
        _add_repo(world, **entry)
    for entry in seed.get("teams") or ():
        _add_team(world, **entry)
    _add_outsiders(world, seed)
    return world


def _add_outsiders(world: World, seed: Mapping[str, Any]) -> None:
    for repo, grants in (seed.get("collaborators") or {}).items():
        for login, permission in grants.items():
            _user(world, login)
            world.set_collaborator(repo, login, permission)
    for entry in seed.get("invitations") or ():
        _add_invitation(world, **entry)
    for entry in seed.get("repo_invitations") or ():
        _add_repo_invitation(world, **entry)


def _organisation(seed: Mapping[str, Any], clock: Callable[[], datetime]) -> World:
    login = seed["org"]
    plan = {"name": "free", "space": 976562499, "private_repos": 10000, "seats": 0}
    org = Org(
        id=_number("org", login),
        login=login,
        name=seed.get("org_name", login),
        created_at=LONG_AGO,
        base=None,
        plan=plan | dict(seed.get("plan") or {}),
        usage=[{**each, "date": f"{each['date']}"} for each in seed.get("usage") or ()],
        two_factor_required=seed.get("two_factor_required", False),
    )
    world = World(
        clock=clock,
        org=org,
        bot=0,
        token=seed["token"],
        scopes=tuple(seed.get("token_scopes", ("admin:org", "repo"))),
        meter=Meter(seed.get("rate_limit", 5000), clock),
        anonymous=Meter(60, clock),
        invitations_per_day=seed.get("invitations_per_day", 50),
    )
    world.set_base_permission(seed.get("default_repository_permission", "read"))
    world.users[org.id] = User(org.id, login, LONG_AGO, name=org.name, type="Organization")
    return world


def _add_user(world: World, login: str, created_at: object = LONG_AGO, **facts: Any) -> int:
    if world.user(login):
        raise ValueError(f"the GitHub seed names the account {login} twice")
    number = facts.pop("id", None) or _number("user", login)
    if number in world.users:
        raise ValueError(f"the GitHub seed gives the number {number} to two accounts")
    world.users[number] = User(id=number, login=login, created_at=_moment(created_at), **facts)
    return number


def _user(world: World, login: str) -> int:
    """Return the number of an account, which is made when the seed did not describe it."""
    found = world.user(login)
    return found.id if found else _add_user(world, login)


def _add_repo(world: World, name: str, created_at: object = LONG_AGO, **facts: Any) -> None:
    created = _moment(created_at)
    number = facts.pop("id", None) or _number("repo", name)
    pushed = _moment(facts.pop("pushed_at", created))
    if site := facts.pop("pages", None):
        branch = facts.get("default_branch", "main")
        facts["pages"] = Site(**{"branch": branch, "https_enforced": "cname" in site, **site})
    facts["files"] = tuple({**dict.fromkeys(facts.pop("files", ("README.md",))), **facts.get("texts", {})})
    world.repos[number] = Repo(id=number, name=name, created_at=created, pushed_at=pushed, **facts)


def _add_team(world: World, name: str, **facts: Any) -> None:
    people = dict.fromkeys(facts.pop("members", ()), "member")
    people |= dict.fromkeys(facts.pop("maintainers", ()), "maintainer")
    repos, parent = facts.pop("repos", None) or {}, facts.pop("parent", None)
    team = Team(facts.pop("id", None) or _number("team", name), name, LONG_AGO, **facts)
    if parent:
        above = world.team(parent)
        if above is None:
            raise ValueError(f"team {name} stands before its parent {parent} in the GitHub seed")
        team.parent = above.id
    world.teams[team.id] = team
    for login, role in people.items():
        _user(world, login)
        world.set_team_member(team.slug, login, role)
    for repo, permission in repos.items():
        world.set_team_repo(team.slug, repo, permission)


def _add_invitation(world: World, login: str | None = None, **facts: Any) -> None:
    teams = {team.id: "member" for slug in facts.pop("teams", ()) if (team := world.team(slug))}
    number = world.next_id()
    world.invitations[number] = OrgInvitation(
        id=number,
        user=_user(world, login) if login else None,
        email=facts.pop("email", None),
        role=facts.pop("role", "direct_member"),
        inviter=world.bot,
        created_at=_moment(facts.pop("created_at", world.clock())),
        teams=teams,
    )


def _add_repo_invitation(
    world: World, repo: str, login: str, permission: str, created_at: object = None
) -> None:
    found = world.repo(repo)
    if found is None:
        raise ValueError(f"the GitHub seed invites {login} to an unknown repository {repo}")
    number = world.next_id()
    world.repo_invitations[number] = RepoInvitation(
        id=number,
        repo=found.id,
        user=_user(world, login),
        permission=level(permission),
        inviter=world.bot,
        created_at=_moment(created_at or world.clock()),
    )


def _number(kind: str, name: str) -> int:
    """Return a stable id, so that the same name has the same number in each sandbox."""
    return crc32(f"{kind}:{name}".encode()) % 100_000_000 + 1_000_000


def _moment(value: object) -> datetime:
    """Return *value* (text, date or time, as YAML may give it) as an aware time."""
    match value:
        case str():
            moment = datetime.fromisoformat(value)
        case datetime():
            moment = value
        case date():
            moment = datetime.combine(value, time())
        case _:
            raise TypeError(f"{value!r} is no time")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
