"""The part of GitHub's GraphQL schema that a reader of access needs: each type with its fields."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from .edge import Caller
from .permissions import COARSE, ROLES, covers
from .shapes import node_id, stamp
from .world import Grant, Org, OrgInvitation, Repo, Team, User, World, same

ANY: tuple[str, ...] = ()
REQUIRED = ("!",)
PAGING = dict.fromkeys(("first", "last", "after", "before"), ANY)
UNIONS = {"PermissionGranter": {Org: "Organization", Repo: "Repository", Team: "Team"}}


class FieldError(Exception):
    """One field cannot be answered; the rest of the query can."""

    def __init__(self, type_: str, message: str) -> None:
        super().__init__(message)
        self.type = type_


@dataclass(frozen=True)
class View:
    """What resolvers see."""

    world: World
    caller: Caller


@dataclass(frozen=True)
class Edge:
    """A place in a connection: the object, and what is true of it only here."""

    node: Any
    facts: Mapping[str, Any] = field(default_factory=dict)
    cursor: str = ""


Resolver = Callable[[View, Any, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Field:
    """A field: *of* names its object type (empty for a scalar), *args* the words each argument may take."""

    resolve: Resolver
    of: str = ""
    args: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scope: str = ""

    @property
    def connection(self) -> bool:
        """Tell whether the answer comes in pages."""
        return self.of.endswith("Connection")


def _attribute(name: str, of: str = "") -> Field:
    return Field(lambda _view, thing, _args: getattr(thing, name), of)


def _plain(read: Callable[[Any], Any], of: str = "") -> Field:
    return Field(lambda _view, thing, _args: read(thing), of)


def _pages(name: str, resolve: Resolver, scope: str = "", **args: tuple[str, ...]) -> Field:
    return Field(resolve, f"{name}Connection", PAGING | args, scope)


def _connection(name: str, node: str, **facts: str) -> dict[str, dict[str, Field]]:
    """Return the two types of a connection; *facts* are the edge's own fields with their types."""

    def fact(name: str, of: str) -> Field:
        return _plain(lambda edge: edge.facts[name], of)

    edge = {"cursor": _attribute("cursor"), "node": _attribute("node", node)}
    page = {
        "totalCount": _attribute("total"),
        "pageInfo": _attribute("info", "PageInfo"),
        "edges": _attribute("edges", f"{name}Edge"),
        "nodes": _plain(lambda page: [edge.node for edge in page.edges], node),
    }
    return {
        f"{name}Connection": page,
        f"{name}Edge": edge | {name: fact(name, of) for name, of in facts.items()},
    }


def _id(kind: str) -> Field:
    return _plain(lambda thing: node_id(kind, thing.id))


def _organization(view: View, _: Any, args: Mapping[str, Any]) -> Org:
    if not same(args["login"], view.world.org.login):
        raise FieldError(
            "NOT_FOUND", f"Could not resolve to an Organization with the login of '{args['login']}'."
        )
    return view.world.org


def _user(view: View, _: Any, args: Mapping[str, Any]) -> User:
    found = view.world.user(args["login"])
    if found is None or found.type != "User":
        raise FieldError("NOT_FOUND", f"Could not resolve to a User with the login of '{args['login']}'.")
    return found


def _repository(view: View, _: Any, args: Mapping[str, Any]) -> Repo:
    owner = args.get("owner", view.world.org.login)
    found = view.world.repo(args["name"]) if same(owner, view.world.org.login) else None
    if found is None or not _visible(view, found):
        raise FieldError(
            "NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{args['name']}'."
        )
    return found


def _visible(view: View, repo: Repo) -> bool:
    caller = view.caller
    return not repo.private or bool(caller.may("repo", "metadata=read") and caller.held(view.world, repo))


def _members(view: View, _org: Org, _args: Mapping[str, Any]) -> list[Edge]:
    owner = view.caller.role == "admin" and "admin:org" in view.caller.scopes
    seen = view.world.members if view.caller.may("read:org", "members=read") else {}
    return [
        Edge(user, {"role": role.upper(), "hasTwoFactorEnabled": user.two_factor if owner else None})
        for user, role in _people(view, seen)
    ]


def _people(view: View, roles: Mapping[int, str]) -> list[tuple[User, str]]:
    return [(view.world.users[user], roles[user]) for user in sorted(roles)]


def _pending(view: View, _org: Org, _args: Mapping[str, Any]) -> list[Edge]:
    waiting = view.world.invitations.values() if view.caller.may("admin:org", "members=read") else ()
    return [Edge(view.world.users[each.user]) for each in waiting if each.user]


def _teams(view: View, _org: Org, _args: Mapping[str, Any]) -> list[Edge]:
    return (
        [Edge(team) for team in view.world.teams.values()]
        if view.caller.may("read:org", "members=read")
        else []
    )


def _team_members(view: View, team: Team, args: Mapping[str, Any]) -> list[Edge]:
    roles, kind = view.world.people(team), args.get("membership", "ALL")
    wanted = {
        user: role
        for user, role in roles.items()
        if kind == "ALL" or (user in team.members) == (kind == "IMMEDIATE")
    }
    return [Edge(user, {"role": role.upper()}) for user, role in _people(view, wanted)]


def _team_repositories(view: View, team: Team, _args: Mapping[str, Any]) -> list[Edge]:
    held = view.world.team_repos(team)
    return [Edge(view.world.repos[repo], {"permission": ROLES[held[repo]].upper()}) for repo in sorted(held)]


def _repositories(view: View, _org: Org, args: Mapping[str, Any]) -> list[Edge]:
    keys: dict[str, Callable[[Repo], Any]] = {
        "NAME": lambda repo: repo.name.casefold(),
        "CREATED_AT": lambda repo: repo.created_at,
        "PUSHED_AT": lambda repo: repo.pushed_at,
    }
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    seen = [repo for repo in view.world.repos.values() if _visible(view, repo)]
    if order.get("field") not in keys:
        raise FieldError("UNPROCESSABLE", f"Cannot order repositories by {order.get('field')}.")
    return _edges(sorted(seen, key=keys[order["field"]], reverse=order.get("direction") == "DESC"))


def _edges(things: Iterable[Any]) -> list[Edge]:
    return [Edge(each) for each in things]


def _collaborators(view: View, repo: Repo, args: Mapping[str, Any]) -> list[Edge] | None:
    """Return who has access and why; None for those who may not push themselves."""
    world, caller = view.world, view.caller
    if not covers(caller.held(world, repo), "push") or not caller.may("", "administration=read"):
        return None
    people = world.collaborators(repo, (args.get("affiliation") or "ALL").lower())
    return [Edge(each, _access(world, repo, each)) for each in people]


def _access(world: World, repo: Repo, user: User) -> dict[str, Any]:
    held = ROLES[world.permission(repo, user.id) or "pull"].upper()
    return {"permission": held, "permissionSources": world.grants(repo, user.id)}


def _team_invitations(view: View, team: Team, _args: Mapping[str, Any]) -> list[Edge]:
    return _edges(each for each in view.world.invitations.values() if team.id in each.teams)


def _account(name: str) -> Field:
    def resolve(view: View, invitation: OrgInvitation, _args: Mapping[str, Any]) -> User | None:
        return view.world.users.get(getattr(invitation, name))

    return Field(resolve, "User")


def _source_permission(grant: Grant) -> str:
    """Return the coarse word: this place knows read, write and admin only."""
    return COARSE[grant.permission].upper()


SCHEMA: dict[str, dict[str, Field]] = {
    "Query": {
        "organization": Field(_organization, "Organization", {"login": REQUIRED}),
        "repository": Field(_repository, "Repository", {"owner": REQUIRED, "name": REQUIRED}),
        "user": Field(_user, "User", {"login": REQUIRED}),
        "viewer": Field(lambda view, _thing, _args: view.caller.user, "User"),
        "rateLimit": _attribute("rate_limit", "RateLimit"),
    },
    "RateLimit": {
        name: _plain(itemgetter(name))
        for name in ("cost", "limit", "nodeCount", "remaining", "resetAt", "used")
    },
    "PageInfo": {
        name: _plain(itemgetter(name))
        for name in ("hasNextPage", "endCursor", "hasPreviousPage", "startCursor")
    },
    "Organization": {
        "id": _id("Organization"),
        "databaseId": _attribute("id"),
        "login": _attribute("login"),
        "name": _attribute("name"),
        "viewerCanAdminister": Field(lambda view, _thing, _args: view.caller.role == "admin"),
        "membersWithRole": _pages("OrganizationMember", _members, "read:org"),
        "pendingMembers": _pages("User", _pending, "read:org"),
        "teams": _pages("Team", _teams, "read:org"),
        "team": Field(
            lambda view, _thing, args: view.world.team(args["slug"]), "Team", {"slug": REQUIRED}, "read:org"
        ),
        "repositories": _pages("Repository", _repositories, orderBy=ANY),
        "repository": Field(_repository, "Repository", {"name": REQUIRED}),
    },
    "Team": {
        "id": _id("Team"),
        "databaseId": _attribute("id"),
        "name": _attribute("name"),
        "slug": _attribute("slug"),
        "description": _attribute("description"),
        "privacy": _plain(lambda team: "VISIBLE" if team.privacy == "closed" else "SECRET"),
        "parentTeam": Field(lambda view, team, _args: view.world.teams.get(team.parent), "Team"),
        "members": _pages("TeamMember", _team_members, membership=("ALL", "IMMEDIATE", "CHILD_TEAM")),
        "invitations": _pages("OrganizationInvitation", _team_invitations),
        "repositories": _pages("TeamRepository", _team_repositories),
    },
    "OrganizationInvitation": {
        "id": _id("OrganizationInvitation"),
        "invitee": _account("user"),
        "inviter": _account("inviter"),
        "email": _attribute("email"),
        "role": _plain(lambda invitation: invitation.role.upper()),
        "invitationType": _plain(lambda invitation: "USER" if invitation.user else "EMAIL"),
        "createdAt": _plain(lambda invitation: stamp(invitation.created_at)),
    },
    "Repository": {
        "id": _id("Repository"),
        "databaseId": _attribute("id"),
        "name": _attribute("name"),
        "nameWithOwner": Field(lambda view, repo, _args: f"{view.world.org.login}/{repo.name}"),
        "url": Field(lambda view, repo, _args: f"https://github.com/{view.world.org.login}/{repo.name}"),
        "description": _attribute("description"),
        "homepageUrl": _attribute("homepage"),
        "visibility": _plain(lambda repo: "PRIVATE" if repo.private else "PUBLIC"),
        "isPrivate": _attribute("private"),
        "isArchived": _attribute("archived"),
        "isTemplate": _attribute("is_template"),
        "isEmpty": _plain(lambda _repo: False),
        "createdAt": _plain(lambda repo: stamp(repo.created_at)),
        "pushedAt": _plain(lambda repo: stamp(repo.pushed_at)),
        "defaultBranchRef": _attribute("default_branch", "Ref"),
        "collaborators": _pages(
            "RepositoryCollaborator", _collaborators, affiliation=("ALL", "DIRECT", "OUTSIDE")
        ),
    },
    "Ref": {"name": _plain(str)},
    "User": {
        "id": _id("User"),
        "databaseId": _attribute("id"),
        "login": _attribute("login"),
        "name": _attribute("name"),
        "createdAt": _plain(lambda user: stamp(user.created_at)),
    },
    "PermissionSource": {
        "organization": Field(lambda view, _thing, _args: view.world.org, "Organization"),
        "permission": _plain(_source_permission),
        "roleName": _plain(lambda grant: ROLES[grant.permission]),
        "source": _attribute("source", "PermissionGranter"),
    },
    "PermissionGranter": {},
    **_connection("OrganizationMember", "User", role="", hasTwoFactorEnabled=""),
    **_connection("User", "User"),
    **_connection("Team", "Team"),
    **_connection("TeamMember", "User", role=""),
    **_connection("TeamRepository", "Repository", permission=""),
    **_connection("OrganizationInvitation", "OrganizationInvitation"),
    **_connection("Repository", "Repository"),
    **_connection("RepositoryCollaborator", "User", permission="", permissionSources="PermissionSource"),
}
