"""Routes of teams: people, pending people, and what a team may do on a repository."""

from . import rules
from .edge import Answer, Call, RefusedError, Route, invalid, not_found
from .permissions import LEVELS
from .world import Team, same

FULL_REPOSITORY = "application/vnd.github.v3.repository+json"


def teams(call: Call) -> Answer:
    """GET /orgs/:org/teams."""
    call.check_org()
    return call.page(call.world.teams.values(), call.shapes.team)


def team(call: Call) -> Answer:
    """GET /orgs/:org/teams/:t."""
    return Answer(200, call.shapes.full_team(call.team()))


def create(call: Call) -> Answer:
    """POST /orgs/:org/teams: the caller becomes a maintainer."""
    call.check_org()
    world = call.world
    name = call.body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise invalid("Team", "missing_field", field="name")
    made = Team(world.next_id(), name, world.clock(), call.body.get("description"))
    if world.team(made.slug):
        raise invalid("Team", "already_exists", field="name")
    made.privacy = call.word("privacy", ("secret", "closed"), "secret", "Team")
    made.parent = call.body.get("parent_team_id")
    if made.parent is not None and made.parent not in world.teams:
        raise invalid("Team", "invalid", field="parent_team_id")
    made.members[world.bot] = "maintainer"
    for login in call.body.get("maintainers", ()):
        user = world.user(login)
        if user is None or world.role(user.id) is None:
            raise invalid("Team", "invalid", field="maintainers", value=login)
        made.members[user.id] = "maintainer"
    for full_name in call.body.get("repo_names", ()):
        repo = world.repo(full_name.rpartition("/")[2])
        if repo is None:
            raise invalid("Team", "invalid", field="repo_names", value=full_name)
        made.repos[repo.id] = made.permission
    world.teams[made.id] = made
    return Answer(201, call.shapes.full_team(made))


def members(call: Call) -> Answer:
    """GET …/members: those of child teams included."""
    found = call.team()
    people = call.world.people(found)
    wanted = call.option("role", ("all", "member", "maintainer"), "Team")
    shown = [user for user in sorted(people) if wanted in ("all", people[user])]

    def shape(user: int) -> dict[str, object]:
        return call.shapes.user(call.world.users[user]) | {
            "role": people[user],
            "inherited": user not in found.members,
        }

    return call.page(shown, shape)


def invitations(call: Call) -> Answer:
    """GET …/invitations."""
    number = call.team().id
    return call.page(
        [each for each in call.world.invitations.values() if number in each.teams], call.shapes.invitation
    )


def membership(call: Call) -> Answer:
    """GET …/memberships/:u: active, or pending while the invitation waits."""
    found, user = call.team(), call.user()
    url = f"{call.shapes.base}/organizations/{call.world.org.id}/team/{found.id}/memberships/{user.login}"
    people, waiting = call.world.people(found), call.world.waiting(user.id)
    if user.id in people:
        return Answer(200, {"url": url, "role": people[user.id], "state": "active"})
    if waiting and found.id in waiting.teams:
        return Answer(200, {"url": url, "role": waiting.teams[found.id], "state": "pending"})
    raise not_found()


def set_membership(call: Call) -> Answer:
    """PUT …/memberships/:u: a stranger is invited into the organisation."""
    role = call.word("role", ("member", "maintainer"), "member", "TeamMember")
    rules.join_team(call.world, call.team(), call.user(), role)
    return membership(call)


def drop_membership(call: Call) -> Answer:
    """DELETE …/memberships/:u: stays in the organisation."""
    found, user = call.team(), call.user()
    waiting = call.world.waiting(user.id)
    holder = waiting.teams if waiting else {}
    if user.id in found.members:
        del found.members[user.id]
    elif found.id in holder:
        del holder[found.id]
    else:
        raise not_found()
    return Answer(204)


def repos(call: Call) -> Answer:
    """GET …/repos."""
    world = call.world
    held = world.team_repos(call.team())
    return call.page(sorted(held), lambda number: call.shapes.granted(world.repos[number], held[number]))


def grant(call: Call) -> Answer:
    """GET …/repos/:o/:r: 204, or the repository when asked for its media type."""
    repo, held = call.repo(), call.world.team_repos(call.team())
    if repo.id not in held:
        raise not_found()
    if FULL_REPOSITORY in call.accept:
        return Answer(200, call.shapes.granted(repo, held[repo.id]))
    return Answer(204)


def set_grant(call: Call) -> Answer:
    """PUT …/repos/:o/:r: without a permission, the team's default is given."""
    found = call.team()
    if not same(call.params["owner"], call.world.org.login):
        raise RefusedError(
            422, "Validation Failed", [{"resource": "TeamMember", "code": "unprocessable", "field": "repo"}]
        )
    permission = call.word("permission", LEVELS, found.permission, "Team")
    found.repos[call.repo("admin", write=True).id] = permission
    return Answer(204)


def drop_grant(call: Call) -> Answer:
    """DELETE …/repos/:o/:r: the repository stays."""
    call.team().repos.pop(call.repo("admin", write=True).id, None)
    return Answer(204)


GRANT = "administration=write,members=read"
TEAM = "/orgs/{org}/teams/{team}"
ROUTES = (
    Route("GET", "/orgs/{org}/teams", teams, "read:org", "members=read"),
    Route("POST", "/orgs/{org}/teams", create, "admin:org", "members=write"),
    Route("GET", TEAM, team, "read:org", "members=read"),
    Route("GET", TEAM + "/members", members, "read:org", "members=read"),
    Route("GET", TEAM + "/invitations", invitations, "read:org", "members=read"),
    Route("GET", TEAM + "/memberships/{user}", membership, "read:org", "members=read"),
    Route("PUT", TEAM + "/memberships/{user}", set_membership, "admin:org", "members=write"),
    Route("DELETE", TEAM + "/memberships/{user}", drop_membership, "admin:org", "members=write"),
    Route("GET", TEAM + "/repos", repos, "read:org", "members=read"),
    Route("GET", TEAM + "/repos/{owner}/{repo}", grant, "read:org", "members=read"),
    Route("PUT", TEAM + "/repos/{owner}/{repo}", set_grant, "admin:org", GRANT),
    Route("DELETE", TEAM + "/repos/{owner}/{repo}", drop_grant, "admin:org", GRANT),
)
