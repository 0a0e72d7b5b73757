"""What GitHub refuses when somebody is invited, promoted or removed."""

from datetime import timedelta

from .edge import RefusedError, invalid
from .permissions import ROLES, covers
from .world import OrgInvitation, Repo, RepoInvitation, Team, User, World

DAY = timedelta(days=1)
LAST_OWNER = "The last owner of an organization cannot be removed or demoted."


def require_person(world: World, user: User, resource: str) -> None:
    """Refuse organisations, and people who blocked the organisation."""
    if user.type == "Organization":
        raise invalid(resource, "unprocessable", field="user", message="Cannot add an organization.")
    if user.id in world.blocked:
        raise invalid(resource, "unprocessable", field="user", message="User has blocked this organization.")


def require_other_owner(world: World, user: User) -> None:
    """Refuse to take away the only owner."""
    if [other for other, role in world.members.items() if role == "admin"] == [user.id]:
        raise RefusedError(403, LAST_OWNER)


def count_invitation(world: World, place: int, resource: str) -> None:
    """Count an invitation into *place* (the organisation or a repository, by id), within the daily number."""
    now = world.clock()
    today = [1 for other, at in world.invited if other == place and now - at < DAY]
    if len(today) >= world.invitations_per_day:
        raise invalid(resource, "unprocessable", field="data", message="Over invitation rate limit")
    world.invited.append((place, now))


def invite(
    world: World, user: User | None, email: str | None, role: str, teams: dict[int, str]
) -> OrgInvitation:
    """Invite somebody into the organisation and into *teams*."""
    if user:
        require_person(world, user, "OrganizationInvitation")
    count_invitation(world, world.org.id, "OrganizationInvitation")
    number = world.next_id()
    invitee = user.id if user else None
    invitation = OrgInvitation(number, invitee, email, role, world.bot, world.clock(), teams)
    world.invitations[number] = invitation
    return invitation


def set_membership(world: World, user: User, role: str) -> None:
    """Change a member's role, or invite somebody (again)."""
    if user.id in world.members:
        if role == "member":
            require_other_owner(world, user)
        world.members[user.id] = role
        return
    waiting = world.waiting(user.id)
    wanted = "admin" if role == "admin" else "direct_member"
    if waiting is None:
        invite(world, user, None, wanted, {})
    else:
        count_invitation(world, world.org.id, "OrganizationInvitation")
        waiting.role = wanted


def remove_member(world: World, user: User) -> None:
    """Take a member out of the organisation."""
    require_other_owner(world, user)
    world.drop_member(user.id)


def join_team(world: World, team: Team, user: User, role: str) -> None:
    """Put a member into a team, or invite somebody into organisation and team."""
    require_person(world, user, "TeamMember")
    if user.id in world.members:
        team.members[user.id] = role
        return
    waiting = world.waiting(user.id) or invite(world, user, None, "direct_member", {})
    waiting.teams[team.id] = role


def add_collaborator(world: World, repo: Repo, user: User, permission: str) -> RepoInvitation | None:
    """Give somebody a grant of their own; return the invitation when they must accept it first."""
    require_person(world, user, "Repository")
    base = world.org.base
    if user.id in world.members and base and not covers(permission, base):
        problem = f"Cannot assign {user.login} permission of {ROLES[permission]}"
        raise invalid("Repository", "custom", message=problem)
    if user.id in world.members or user.id in repo.collaborators:
        repo.collaborators[user.id] = permission
        return None
    waiting = next(
        (each for each in world.repo_invitations.values() if (each.repo, each.user) == (repo.id, user.id)),
        None,
    )
    if waiting and not world.expired(waiting):
        waiting.permission = permission
        return waiting
    count_invitation(world, repo.id, "RepositoryInvitation")
    if waiting:
        del world.repo_invitations[waiting.id]
    number = world.next_id()
    invitation = RepoInvitation(number, repo.id, user.id, permission, world.bot, world.clock())
    world.repo_invitations[number] = invitation
    return invitation
