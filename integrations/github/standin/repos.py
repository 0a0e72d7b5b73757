"""Routes of repositories: who may do what on them, and who was invited."""

from . import rules
from .edge import Answer, Call, RefusedError, Route, invalid, not_found
from .permissions import COARSE, LEVELS, ROLES, highest, level
from .world import Repo, RepoInvitation


def org_repos(call: Call) -> Answer:
    """GET /orgs/:org/repos: private ones for those who may see them."""
    call.check_org()
    wanted = call.option("type", ("all", "public", "private", "forks", "sources", "member"), "Repository")
    by_name = sorted(call.world.repos.values(), key=lambda repo: repo.name.casefold())
    seen = [
        repo
        for repo in by_name
        if not repo.private or (call.caller.may("repo", "metadata=read") and _held(call, repo))
    ]
    kinds = {"public": [False], "private": [True], "forks": []}
    return call.page(
        [repo for repo in seen if repo.private in kinds.get(wanted, [False, True])],
        lambda repo: call.shapes.repo(repo, _held(call, repo) or "pull"),
    )


def _held(call: Call, repo: Repo) -> str | None:
    return call.caller.held(call.world, repo)


def repository(call: Call) -> Answer:
    """GET /repos/:o/:r."""
    repo = call.repo()
    extra = {"organization": call.shapes.user(call.world.users[call.world.org.id]), "network_count": 0}
    return Answer(200, call.shapes.repo(repo, _held(call, repo) or "pull") | extra | {"subscribers_count": 0})


def teams(call: Call) -> Answer:
    """GET /repos/:o/:r/teams."""
    repo = call.repo()
    holders = [team for team in call.world.teams.values() if repo.id in team.repos]
    return call.page(holders, lambda team: call.shapes.team_of(repo, team))


def collaborators(call: Call) -> Answer:
    """GET /repos/:o/:r/collaborators: each with the highest role from any source."""
    repo = call.repo("push")
    affiliation = call.option("affiliation", ("outside", "direct", "all"), "Repository")
    people, wanted = call.world.collaborators(repo, affiliation), call.query.get("permission")
    if wanted:
        people = [each for each in people if call.world.permission(repo, each.id) == wanted]
    return call.page(people, lambda user: call.shapes.collaborator(repo, user))


def is_collaborator(call: Call) -> Answer:
    """GET /repos/:o/:r/collaborators/:u."""
    repo, user = call.repo("push"), call.user()
    if call.world.permission(repo, user.id) is None:
        raise not_found()
    return Answer(204)


def add_collaborator(call: Call) -> Answer:
    """PUT /repos/:o/:r/collaborators/:u: 201 with an invitation for outsiders, else 204."""
    repo, user = call.repo("admin", write=True), call.user()
    permission = call.word("permission", LEVELS, "push", "Repository")
    invitation = rules.add_collaborator(call.world, repo, user, permission)
    if invitation is None:
        return Answer(204)
    body = call.shapes.repo_invitation(invitation)
    return Answer(201, body, {"Location": body["url"]})


def drop_collaborator(call: Call) -> Answer:
    """DELETE /repos/:o/:r/collaborators/:u: an invitation that waits for them stays."""
    call.repo("admin", write=True).collaborators.pop(call.user().id, None)
    return Answer(204)


def permission(call: Call) -> Answer:
    """GET /repos/:o/:r/collaborators/:u/permission: the legacy word, and ``role_name``."""
    repo, user = call.repo("push"), call.world.user(call.params["user"])
    if user is None:
        raise RefusedError(404, f"{call.params['user']} is not a user")
    public = [] if repo.private else ["pull"]
    held = highest([grant.permission for grant in call.world.grants(repo, user.id)] + public)
    drawn = call.shapes.collaborator(repo, user) if held else call.shapes.user(user)
    word = COARSE[held] if held else "none"
    return Answer(200, {"permission": word, "role_name": ROLES[held] if held else "none", "user": drawn})


def invitations(call: Call) -> Answer:
    """GET /repos/:o/:r/invitations: expired ones are shown as such."""
    repo = call.repo("admin")
    waiting = [each for each in call.world.repo_invitations.values() if each.repo == repo.id]
    return call.page(waiting, call.shapes.repo_invitation)


def change_invitation(call: Call) -> Answer:
    """PATCH /repos/:o/:r/invitations/:id: the level it already has is refused."""
    invitation = _invitation(call, call.repo("admin", write=True))
    wanted = level(
        call.word("permissions", ROLES.values(), ROLES[invitation.permission], "RepositoryInvitation")
    )
    if wanted == invitation.permission:
        raise invalid("RepositoryInvitation", "unprocessable", field="permissions")
    invitation.permission = wanted
    return Answer(200, call.shapes.repo_invitation(invitation))


def cancel_invitation(call: Call) -> Answer:
    """DELETE /repos/:o/:r/invitations/:id."""
    del call.world.repo_invitations[_invitation(call, call.repo("admin", write=True)).id]
    return Answer(204)


def _invitation(call: Call, repo: Repo) -> RepoInvitation:
    number = call.params["invitation"]
    found = call.world.repo_invitations.get(int(number)) if number.isdecimal() else None
    if found is None or found.repo != repo.id:
        raise not_found()
    return found


REPO = "/repos/{owner}/{repo}"
ROUTES = (
    Route("GET", "/orgs/{org}/repos", org_repos, "", "metadata=read"),
    Route("GET", REPO, repository, "", "metadata=read"),
    Route("GET", REPO + "/teams", teams, "public_repo", "administration=read"),
    Route("GET", REPO + "/collaborators", collaborators, "public_repo", "administration=read"),
    Route("GET", REPO + "/collaborators/{user}", is_collaborator, "public_repo", "administration=read"),
    Route("PUT", REPO + "/collaborators/{user}", add_collaborator, "public_repo", "administration=write"),
    Route("DELETE", REPO + "/collaborators/{user}", drop_collaborator, "public_repo", "administration=write"),
    Route("GET", REPO + "/collaborators/{user}/permission", permission, "public_repo", "administration=read"),
    Route("GET", REPO + "/invitations", invitations, "public_repo", "administration=read"),
    Route(
        "PATCH", REPO + "/invitations/{invitation}", change_invitation, "public_repo", "administration=write"
    ),
    Route(
        "DELETE", REPO + "/invitations/{invitation}", cancel_invitation, "public_repo", "administration=write"
    ),
)
