"""Routes of accounts, the organisation, its members and its invitations."""

from . import rules
from .edge import NOT_ACCESSIBLE, VERSIONS, Answer, Call, RefusedError, Route, invalid, not_found
from .world import OrgInvitation, Team, User

INVITATION_ROLES = ("direct_member", "admin", "billing_manager", "reinstate")


def root(call: Call) -> Answer:
    """GET /."""
    links = {
        "current_user_url": "/user",
        "organization_url": "/orgs/{org}",
        "organization_repositories_url": "/orgs/{org}/repos{?type,page,per_page,sort}",
        "organization_teams_url": "/orgs/{org}/teams",
        "rate_limit_url": "/rate_limit",
        "repository_url": "/repos/{owner}/{repo}",
        "user_url": "/users/{user}",
    }
    return Answer(200, {name: call.shapes.base + path for name, path in links.items()})


def versions(_: Call) -> Answer:
    """GET /versions."""
    return Answer(200, list(VERSIONS))


def rate_limit(call: Call) -> Answer:
    """GET /rate_limit: free of charge."""
    meter = call.world.meter if call.caller.user else call.world.anonymous
    resources = {name: meter.figures(name) | {"resource": name} for name in ("core", "graphql")}
    return Answer(200, {"resources": resources}, cost=0)


def myself(call: Call) -> Answer:
    """GET /user: whose token this is."""
    if call.caller.user is None:
        raise RefusedError(401, "Requires authentication")
    if call.caller.app:
        raise RefusedError(403, NOT_ACCESSIBLE)
    return Answer(200, call.shapes.profile(call.caller.user))


def account(call: Call) -> Answer:
    """GET /users/:u."""
    return Answer(200, call.shapes.profile(call.user()))


def organisation(call: Call) -> Answer:
    """GET /orgs/:org: the private part is for owners."""
    call.check_org()
    owner = call.caller.may("admin:org", "organization_administration=read")
    return Answer(200, call.shapes.private_org() if owner else call.shapes.public_org())


def members(call: Call) -> Answer:
    """GET /orgs/:org/members: memberships are concealed from those outside."""
    call.check_org()
    wanted = _filter(call)
    role = call.option("role", ("all", "admin", "member"), "Organization")
    held = call.world.members if call.caller.may("read:org", "members=read") else {}
    people = [call.world.users[user] for user in sorted(held) if role in ("all", held[user])]
    return call.page([each for each in people if wanted == "all" or not each.two_factor], call.shapes.user)


def _filter(call: Call) -> str:
    """Return the ``filter`` of a list of people; the ones about two-factor are for owners."""
    wanted = call.option("filter", ("all", "2fa_disabled", "2fa_insecure"), "Organization")
    if wanted != "all" and (call.caller.app or not call.caller.may("admin:org", "")):
        raise RefusedError(422, "Only owners can use this filter.")
    return wanted


def is_member(call: Call) -> Answer:
    """GET /orgs/:org/members/:u."""
    call.check_org()
    if not call.caller.may("read:org", "members=read") or call.world.role(call.user().id) is None:
        raise not_found()
    return Answer(204)


def remove_member(call: Call) -> Answer:
    """DELETE /orgs/:org/members/:u."""
    call.check_org()
    user = call.user()
    if call.world.role(user.id) is None:
        raise not_found()
    rules.remove_member(call.world, user)
    return Answer(204)


def membership(call: Call) -> Answer:
    """GET /orgs/:org/memberships/:u."""
    call.check_org()
    if body := call.shapes.membership(call.user()):
        return Answer(200, body)
    raise not_found()


def set_membership(call: Call) -> Answer:
    """PUT /orgs/:org/memberships/:u."""
    call.check_org()
    user = call.user()
    role = call.word("role", ("member", "admin"), "member", "Membership")
    rules.require_person(call.world, user, "Membership")
    rules.set_membership(call.world, user, role)
    return Answer(200, call.shapes.membership(user))


def drop_membership(call: Call) -> Answer:
    """DELETE /orgs/:org/memberships/:u: removes a member, or cancels what waits for somebody."""
    call.check_org()
    user = call.user()
    waiting = call.world.waiting(user.id)
    if waiting:
        del call.world.invitations[waiting.id]
    elif call.world.role(user.id) is None:
        raise not_found()
    else:
        rules.remove_member(call.world, user)
    return Answer(204)


def invitations(call: Call) -> Answer:
    """GET /orgs/:org/invitations."""
    call.check_org()
    return call.page(call.world.invitations.values(), call.shapes.invitation)


def failed_invitations(call: Call) -> Answer:
    """GET /orgs/:org/failed_invitations."""
    call.check_org()
    return call.page(call.world.failed, call.shapes.invitation)


def create_invitation(call: Call) -> Answer:
    """POST /orgs/:org/invitations: by number or by e-mail, not idempotent."""
    call.check_org()
    role = call.word("role", INVITATION_ROLES, "direct_member", "OrganizationInvitation")
    teams = {_team(call, number).id: "member" for number in call.body.get("team_ids", ())}
    invitee, email = _invitee(call), call.body.get("email")
    if invitee is None and not email:
        raise invalid("OrganizationInvitation", "missing_field", field="invitee_id")
    invitation = rules.invite(call.world, invitee, email, role, teams)
    return Answer(201, call.shapes.invitation(invitation))


def _invitee(call: Call) -> User | None:
    number = call.body.get("invitee_id")
    if number is None:
        return None
    user = call.world.users.get(number)
    if user is None:
        raise invalid("OrganizationInvitation", "invalid", field="invitee_id", value=str(number))
    problems = {
        "Invitee is already a part of this organization": call.world.role(user.id),
        "Invitee already has a pending invitation": call.world.waiting(user.id),
    }
    for message, found in problems.items():
        if found:
            raise invalid("OrganizationInvitation", "unprocessable", field="data", message=message)
    return user


def _team(call: Call, number: int) -> Team:
    team = call.world.teams.get(number)
    if team is None:
        raise invalid("OrganizationInvitation", "invalid", field="team_ids", value=str(number))
    return team


def cancel_invitation(call: Call) -> Answer:
    """DELETE /orgs/:org/invitations/:id."""
    del call.world.invitations[_invitation(call).id]
    return Answer(204)


def invitation_teams(call: Call) -> Answer:
    """GET /orgs/:org/invitations/:id/teams."""
    teams = [call.world.teams[number] for number in _invitation(call).teams]
    return call.page(teams, call.shapes.team)


def _invitation(call: Call) -> OrgInvitation:
    call.check_org()
    number = call.params["invitation"]
    if not number.isdecimal() or int(number) not in call.world.invitations:
        raise not_found()
    return call.world.invitations[int(number)]


def outsiders(call: Call) -> Answer:
    """GET /orgs/:org/outside_collaborators."""
    call.check_org()
    wanted = _filter(call)
    people = [each for each in call.world.outsiders() if wanted == "all" or not each.two_factor]
    return call.page(people, call.shapes.user)


def remove_outsider(call: Call) -> Answer:
    """DELETE /orgs/:org/outside_collaborators/:u: from all repositories."""
    call.check_org()
    user = call.user()
    if call.world.role(user.id):
        raise RefusedError(
            422, "You cannot specify an organization member to remove as an outside collaborator."
        )
    for repo in call.world.repos.values():
        repo.collaborators.pop(user.id, None)
    return Answer(204)


def usage(call: Call) -> Answer:
    """GET /organizations/:org/settings/billing/usage: what was used, and what of it is to be paid."""
    call.check_org()
    wanted = [call.query.get(name, "").zfill(2) for name in ("year", "month", "day")]
    day = "-".join(part for part in wanted if part != "00")
    items = [each for each in call.world.org.usage if each["date"].startswith(day)]
    return Answer(200, {"usageItems": [{**each, "organizationName": call.world.org.login} for each in items]})


ROUTES = (
    Route("GET", "/", root),
    Route("GET", "/versions", versions),
    Route("GET", "/rate_limit", rate_limit),
    Route("GET", "/user", myself),
    Route("GET", "/users/{user}", account),
    Route("GET", "/orgs/{org}", organisation),
    Route(
        "GET",
        "/organizations/{org}/settings/billing/usage",
        usage,
        "admin:org",
        "organization_administration=read",
    ),
    Route("GET", "/orgs/{org}/members", members),
    Route("GET", "/orgs/{org}/members/{user}", is_member),
    Route("DELETE", "/orgs/{org}/members/{user}", remove_member, "admin:org", "members=write"),
    Route("GET", "/orgs/{org}/memberships/{user}", membership, "read:org", "members=read"),
    Route("PUT", "/orgs/{org}/memberships/{user}", set_membership, "admin:org", "members=write"),
    Route("DELETE", "/orgs/{org}/memberships/{user}", drop_membership, "admin:org", "members=write"),
    Route("GET", "/orgs/{org}/invitations", invitations, "admin:org", "members=read"),
    Route("POST", "/orgs/{org}/invitations", create_invitation, "admin:org", "members=write"),
    Route("DELETE", "/orgs/{org}/invitations/{invitation}", cancel_invitation, "admin:org", "members=write"),
    Route("GET", "/orgs/{org}/invitations/{invitation}/teams", invitation_teams, "admin:org", "members=read"),
    Route("GET", "/orgs/{org}/failed_invitations", failed_invitations, "admin:org", "members=read"),
    Route("GET", "/orgs/{org}/outside_collaborators", outsiders, "admin:org", "members=read"),
    Route(
        "DELETE", "/orgs/{org}/outside_collaborators/{user}", remove_outsider, "admin:org", "members=write"
    ),
)
