"""Somebody in the organisation, and an invitation into it."""

from asyncio import gather
from typing import Literal

from bot.core.baseline import Brought
from bot.core.change import Change
from bot.core.values import Value
from bot.core.vendor import Concerns, Resource
from integrations.github.calls import same
from integrations.github.client import GithubClient
from integrations.github.guards import itself, too_many_invited
from integrations.github.resources.collaborators import COLLABORATOR
from integrations.github.resources.shared import (
    OrgMember,
    arrived,
    invited,
    joining,
    parsed,
    placed,
    waiting,
)
from integrations.github.resources.teams import TEAM_MEMBER


class Invitation(Value):
    """An invitation into the organisation that waits."""

    role: Literal["member", "owner"] = "member"


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
    now = placed(before.role, before.pending)
    if after is None and before.pending:
        return f"The invitation of {target} into the organisation is cancelled (now: {now})"
    if after is None:
        return f"{target} leaves the organisation and all its teams (now: {now})"
    return f"{target} becomes *{after.role}* of the organisation (now: {now})"


async def _weigh_org_member(client: GithubClient, change: Change) -> Concerns:
    """Weigh a change of the organisation's people; its owners are read anew for the guard."""
    login = change.target
    before, after = parsed(OrgMember, change.before), parsed(OrgMember, change.after)
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
    reached=arrived,
    concerns=_weigh_org_member,
    exclusive=True,
    waiting=waiting,
    awaits=invited,
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
    before, after = parsed(Invitation, change.before), parsed(Invitation, change.after)
    waiting = await client.invitations()
    refused = None
    if after and not before:
        refused = await too_many_invited(client, change.target, await client.organization())
    owner = after is not None and after.role == "owner"
    return Concerns(protected="owner list" if owner else None, refused=refused, existing=len(waiting))


def _invitation_brings(target: str, after: Invitation | None) -> tuple[Brought, ...]:
    return joining(target, after.role) if after else ()


INVITATION = Resource(
    "github.invitation",
    Invitation,
    _read_invitation,
    _write_invitation,
    _say_invitation,
    concerns=_weigh_invitation,
    waiting=waiting,
    brings=_invitation_brings,
)
