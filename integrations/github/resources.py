"""What the bot can change on GitHub. Each write is one call that changes something."""

from asyncio import gather
from typing import Literal, TypeVar

from bot.core.baseline import Brought
from bot.core.change import Change
from bot.core.errors import Rejected
from bot.core.values import Json, Value
from bot.core.vendor import Concerns, Reach, Resource
from integrations.github.client import GithubClient, allowed, same
from integrations.github.guards import archived, below_base, itself, too_many_invited, too_many_invited_to
from integrations.github.levels import Level
from integrations.github.models import RepositoryInvitation
from integrations.github.survey import direct_grant

V = TypeVar("V", bound=Value)


class TeamRepo(Value):
    """What a team may do on a repository."""

    level: Level


class TeamMember(Value):
    """Somebody's place in a team; *pending* until they accept the invitation."""

    role: Literal["member", "maintainer"] = "member"
    pending: bool = False


class Collaborator(Value):
    """Somebody's own grant on a repository, apart from teams; *pending* until they accept."""

    level: Level
    pending: bool = False


class OrgMember(Value):
    """Somebody's place in the organisation; *pending* until they accept."""

    role: Literal["member", "owner"] = "member"
    pending: bool = False


class Invitation(Value):
    """An invitation into the organisation that waits."""

    role: Literal["member", "owner"] = "member"


# --- shared


def _pair(target: str) -> tuple[str, str]:
    one, slash, other = target.partition("/")
    if not (one and slash and other):
        raise Rejected("GitHub", f"`{target}` does not name two things.", "Write ONE/OTHER.")
    return one, other


def _parsed(state: type[V], content: Json | None) -> V | None:
    return None if content is None else state.model_validate(content)


def _arrived(live: Value | None, after: Value | None) -> Reach:
    """Say how far a state is that somebody must accept: under way while it is the same but pending."""
    if live == after:
        return Reach.YES
    if live is None or after is None:
        return Reach.NO
    if live.model_dump(exclude={"pending"}) != after.model_dump(exclude={"pending"}):
        return Reach.NO
    return Reach.UNDER_WAY if live.model_dump()["pending"] else Reach.YES


def _waiting(target: str, until: str) -> str:
    login = target.rpartition("/")[2]
    return f"{login} is invited and must accept by {until}; no push until then"


def _invited(client: GithubClient, target: str) -> tuple[str, str]:
    """Return who must accept an invitation into the organisation, and where."""
    return target.rpartition("/")[2], client.settings.accepting()


def _invited_to(client: GithubClient, target: str) -> tuple[str, str]:
    """Return who must accept an invitation to one repository, and where."""
    name, login = _pair(target)
    return login, client.settings.accepting(name)


# --- a repository in a team


async def _read_team_repo(client: GithubClient, target: str) -> TeamRepo | None:
    level = await client.team_grant(*_pair(target))
    return TeamRepo(level=level) if level else None


async def _write_team_repo(client: GithubClient, target: str, after: TeamRepo | None) -> None:
    team, name = _pair(target)
    if after is None:
        await client.remove_team_grant(team, name)
    else:
        await client.set_team_grant(team, name, after.level)


def _say_team_repo(target: str, before: TeamRepo | None, after: TeamRepo | None) -> str:
    team, name = _pair(target)
    now = before.level.value if before else "not in it"
    if after is None:
        return f"*{name}* leaves {team} (now: {now})"
    return f"*{name}* joins {team} with *{after.level.value}* (now: {now})"


async def _weigh_team_repo(client: GithubClient, change: Change) -> Concerns:
    slug, name = _pair(change.target)
    team, frozen, organization = await gather(
        client.team(slug), archived(client, name), client.organization()
    )
    after = _parsed(TeamRepo, change.after)
    refused = frozen or (below_base(after.level, organization) if after else None)
    if team is None and after:
        refused = f"{client.org} has no team {slug} that our token can see. `teams` lists them."
    return Concerns(refused=refused, existing=team.repos_count if team else None)


TEAM_REPO = Resource(
    "github.team_repo",
    TeamRepo,
    _read_team_repo,
    _write_team_repo,
    _say_team_repo,
    concerns=_weigh_team_repo,
    kept=True,
)

# --- somebody in a team


async def _read_team_member(client: GithubClient, target: str) -> TeamMember | None:
    """Read a place in a team. Owners are always shown as maintainer, which says nothing: member."""
    slug, login = _pair(target)
    found = await client.team_membership(slug, login)
    if found is None:
        return None
    leads = found.role == "maintainer"
    if leads and (place := await client.membership(login)) and place.role == "admin":
        leads = False
    return TeamMember(role="maintainer" if leads else "member", pending=found.state == "pending")


async def _write_team_member(client: GithubClient, target: str, after: TeamMember | None) -> None:
    slug, login = _pair(target)
    if after is None:
        await client.remove_team_membership(slug, login)
    else:
        await client.set_team_membership(slug, login, after.role)


def _say_team_member(target: str, before: TeamMember | None, after: TeamMember | None) -> str:
    slug, login = _pair(target)
    now = _place(before) if before else "not in it"
    if after is None:
        return f"{login} leaves team *{slug}* (now: {now})"
    leads = " as *maintainer*" if after.role == "maintainer" else ""
    if before and not before.pending:
        return f"{login} becomes *{after.role}* of team *{slug}* (now: {now})"
    return f"{login} joins team *{slug}*{leads} (now: {now})"


def _place(state: TeamMember | OrgMember) -> str:
    return f"invited as {state.role}" if state.pending else state.role


async def _weigh_team_member(client: GithubClient, change: Change) -> Concerns:
    slug, login = _pair(change.target)
    if change.after is None:
        team, refused = await gather(client.team(slug), itself(client, login))
        return Concerns(refused=refused, existing=team.members_count if team else None)
    team, organization = await gather(client.team(slug), client.organization())
    if team is None:
        return Concerns(
            refused=f"{client.org} has no team {slug} that our token can see. `teams` lists them."
        )
    refused = None if change.before else await too_many_invited(client, login, organization)
    return Concerns(refused=refused, existing=team.members_count)


def _team_member_brings(target: str, after: TeamMember | None) -> tuple[Brought, ...]:
    """Who is put into a team is in the organisation, or invited into it."""
    return _joining(target.rpartition("/")[2], "member") if after else ()


def _joining(login: str, role: Literal["member", "owner"]) -> tuple[Brought, ...]:
    state = OrgMember(role=role, pending=True).model_dump(mode="json")
    return (Brought(resource="github.org_member", targets=login, after=state),)


TEAM_MEMBER = Resource(
    "github.team_member",
    TeamMember,
    _read_team_member,
    _write_team_member,
    _say_team_member,
    reached=_arrived,
    concerns=_weigh_team_member,
    waiting=_waiting,
    awaits=_invited,
    kept=True,
    brings=_team_member_brings,
)

# --- somebody's own grant on a repository


async def _invitation(client: GithubClient, name: str, login: str) -> RepositoryInvitation | None:
    """Return the invitation that waits for somebody: those who wait are no collaborators yet."""
    for found in await client.repository_invitations(name):
        if found.invitee and same(found.invitee.login, login) and not found.expired:
            return found
    return None


async def _read_collaborator(client: GithubClient, target: str) -> Collaborator | None:
    name, login = _pair(target)
    level, waits = await gather(direct_grant(client, name, login), _invitation(client, name, login))
    if level is None and waits:
        level = Level.named(waits.permissions)
        return Collaborator(level=level, pending=True) if level else None
    return Collaborator(level=level) if level else None


async def _write_collaborator(client: GithubClient, target: str, after: Collaborator | None) -> None:
    """Change the grant, or the invitation when that is all there is."""
    name, login = _pair(target)
    waits = await _invitation(client, name, login)
    match waits, after:
        case None, None:
            await client.remove_collaborator(name, login)
        case None, Collaborator(level=level):
            await client.set_collaborator(name, login, level)
        case RepositoryInvitation(id=number), None:
            await client.cancel_repository_invitation(name, number)
        case RepositoryInvitation(id=number, permissions=word), Collaborator(level=level):
            if Level.named(word) is not level:  # GitHub refuses what is so already
                await client.change_repository_invitation(name, number, level)


def _say_collaborator(target: str, before: Collaborator | None, after: Collaborator | None) -> str:
    name, login = _pair(target)
    now = "no grant of their own" if before is None else before.level.value
    if before and before.pending:
        now = f"invited with {before.level.value}"
    if after is not None:
        return f"{login} gets *{after.level.value}* on *{name}* alone (now: {now})"
    if before and before.pending:
        return f"The invitation of {login} to *{name}* is cancelled (now: {now})"
    return f"{login} loses their own grant on *{name}* (now: {now})"


async def _weigh_collaborator(client: GithubClient, change: Change) -> Concerns:
    name, login = _pair(change.target)
    before, after = _parsed(Collaborator, change.before), _parsed(Collaborator, change.after)
    less = before is not None and (after is None or after.level < before.level)
    frozen, own, existing, place, organization = await gather(
        archived(client, name),
        itself(client, login),
        allowed(client.collaborators(name)),
        client.membership(login),
        client.organization(),
    )
    refused = frozen or (own if less else None)
    if after and not refused:
        inside = place is not None and place.state == "active"
        if inside:
            refused = below_base(after.level, organization)
        elif before is None:
            refused = await too_many_invited_to(client, name)
    return Concerns(refused=refused, existing=None if existing is None else len(existing))


COLLABORATOR = Resource(
    "github.collaborator",
    Collaborator,
    _read_collaborator,
    _write_collaborator,
    _say_collaborator,
    reached=_arrived,
    concerns=_weigh_collaborator,
    waiting=_waiting,
    awaits=_invited_to,
    kept=True,
)

# --- somebody in the organisation


async def _read_org_member(client: GithubClient, target: str) -> OrgMember | None:
    found = await client.membership(target)
    if found is None:
        return None
    return OrgMember(role="owner" if found.role == "admin" else "member", pending=found.state == "pending")


async def _write_org_member(client: GithubClient, target: str, after: OrgMember | None) -> None:
    if after is None:
        await client.remove_membership(target)
    else:
        await client.set_membership(target, "admin" if after.role == "owner" else "member")


def _say_org_member(target: str, before: OrgMember | None, after: OrgMember | None) -> str:
    if before is None:
        role = after.role if after else "nothing"
        return f"{target} joins the organisation as *{role}* (now: not in it)"
    if after is None and before.pending:
        return f"The invitation of {target} into the organisation is cancelled (now: {_place(before)})"
    if after is None:
        return f"{target} leaves the organisation and all its teams (now: {_place(before)})"
    return f"{target} becomes *{after.role}* of the organisation (now: {_place(before)})"


async def _weigh_org_member(client: GithubClient, change: Change) -> Concerns:
    """Weigh a change of the organisation's people; its owners are read anew for the guard."""
    login = change.target
    before, after = _parsed(OrgMember, change.before), _parsed(OrgMember, change.after)
    was, will = _owns(before), _owns(after)
    owners, everyone, own, organization = await gather(
        client.members("admin"), client.members(), itself(client, login), client.organization()
    )
    keeps = will if was or (will and before and not before.pending) else None
    refused = own if before and (after is None or (was and not will)) else None
    if before is None and not refused:
        refused = await too_many_invited(client, login, organization)
    owner_list = any(state is not None and state.role == "owner" for state in (before, after))
    return Concerns(
        protected="owner list" if owner_list else None,
        refused=refused,
        holders=frozenset(login if same(user.login, login) else user.login for user in owners),
        keeps=keeps,
        existing=len(everyone),
    )


def _owns(state: OrgMember | None) -> bool:
    return state is not None and state.role == "owner" and not state.pending


def _org_member_brings(target: str, after: OrgMember | None) -> tuple[Brought, ...]:
    """Who leaves the organisation leaves its teams and repositories (notes: DELETE members)."""
    if after is not None:
        return ()
    return tuple(Brought(resource=held.name, targets=f"*/{target}") for held in (TEAM_MEMBER, COLLABORATOR))


ORG_MEMBER = Resource(
    "github.org_member",
    OrgMember,
    _read_org_member,
    _write_org_member,
    _say_org_member,
    reached=_arrived,
    concerns=_weigh_org_member,
    exclusive=True,
    waiting=_waiting,
    awaits=_invited,
    kept=True,
    brings=_org_member_brings,
)

# --- an invitation into the organisation


async def _waits(client: GithubClient, who: str) -> tuple[int, Invitation] | None:
    for found in await client.invitations():
        if same(found.login, who) or same(found.email, who):
            return found.id, Invitation(role="owner" if found.role == "admin" else "member")
    return None


async def _read_invitation(client: GithubClient, target: str) -> Invitation | None:
    found = await _waits(client, target)
    return found[1] if found else None


async def _write_invitation(client: GithubClient, target: str, after: Invitation | None) -> None:
    """Invite, or cancel by number: who accepted a moment ago is not thrown out."""
    if after is not None:
        await client.set_membership(target, "admin" if after.role == "owner" else "member")
    elif found := await _waits(client, target):
        await client.cancel_invitation(found[0])


def _say_invitation(target: str, before: Invitation | None, after: Invitation | None) -> str:
    if after is None:
        now = f"invited as {before.role}" if before else "not invited"
        return f"The invitation of {target} into the organisation is cancelled (now: {now})"
    now = f"invited as {before.role}" if before else "not invited"
    return f"{target} is invited into the organisation as *{after.role}* (now: {now})"


async def _weigh_invitation(client: GithubClient, change: Change) -> Concerns:
    before, after = _parsed(Invitation, change.before), _parsed(Invitation, change.after)
    waiting = await client.invitations()
    refused = None
    if after and not before:
        refused = await too_many_invited(client, change.target, await client.organization())
    owner = after is not None and after.role == "owner"
    return Concerns(protected="owner list" if owner else None, refused=refused, existing=len(waiting))


def _invitation_brings(target: str, after: Invitation | None) -> tuple[Brought, ...]:
    return _joining(target, after.role) if after else ()


INVITATION = Resource(
    "github.invitation",
    Invitation,
    _read_invitation,
    _write_invitation,
    _say_invitation,
    concerns=_weigh_invitation,
    waiting=_waiting,
    brings=_invitation_brings,
)
