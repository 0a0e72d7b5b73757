"""A repository in a team, and somebody in a team."""

from asyncio import gather
from typing import Literal

from bot.core.baseline import Brought
from bot.core.change import Change
from bot.core.values import Value
from bot.core.vendor import Concerns, Resource
from integrations.github.client import GithubClient
from integrations.github.guards import archived, below_base, itself, too_many_invited
from integrations.github.levels import Level
from integrations.github.resources.shared import arrived, invited, joining, pair, parsed, placed, waiting


class TeamRepo(Value):
    """What a team may do on a repository."""

    level: Level


class TeamMember(Value):
    """Somebody's place in a team; *pending* until they accept the invitation."""

    role: Literal["member", "maintainer"] = "member"
    pending: bool = False


# --- a repository in a team


async def _read_team_repo(client: GithubClient, target: str) -> TeamRepo | None:
    level = await client.team_grant(*pair(target))
    return TeamRepo(level=level) if level else None


async def _write_team_repo(client: GithubClient, target: str, after: TeamRepo | None) -> None:
    team, name = pair(target)
    if after is None:
        await client.remove_team_grant(team, name)
    else:
        await client.set_team_grant(team, name, after.level)


def _say_team_repo(target: str, before: TeamRepo | None, after: TeamRepo | None) -> str:
    team, name = pair(target)
    now = before.level.value if before else "not in it"
    if after is None:
        return f"*{name}* leaves {team} (now: {now})"
    return f"*{name}* joins {team} with *{after.level.value}* (now: {now})"


async def _weigh_team_repo(client: GithubClient, change: Change) -> Concerns:
    slug, name = pair(change.target)
    team, frozen, organization = await gather(
        client.team(slug), archived(client, name), client.organization()
    )
    after = parsed(TeamRepo, change.after)
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
    slug, login = pair(target)
    found = await client.team_membership(slug, login)
    if found is None:
        return None
    leads = found.role == "maintainer"
    if leads and (place := await client.membership(login)) and place.role == "admin":
        leads = False
    return TeamMember(role="maintainer" if leads else "member", pending=found.state == "pending")


async def _write_team_member(client: GithubClient, target: str, after: TeamMember | None) -> None:
    slug, login = pair(target)
    if after is None:
        await client.remove_team_membership(slug, login)
    else:
        await client.set_team_membership(slug, login, after.role)


def _say_team_member(target: str, before: TeamMember | None, after: TeamMember | None) -> str:
    slug, login = pair(target)
    now = placed(before.role, before.pending) if before else "not in it"
    if after is None:
        return f"{login} leaves team *{slug}* (now: {now})"
    leads = " as *maintainer*" if after.role == "maintainer" else ""
    if before and not before.pending:
        return f"{login} becomes *{after.role}* of team *{slug}* (now: {now})"
    return f"{login} joins team *{slug}*{leads} (now: {now})"


async def _weigh_team_member(client: GithubClient, change: Change) -> Concerns:
    slug, login = pair(change.target)
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
    return joining(target.rpartition("/")[2], "member") if after else ()


TEAM_MEMBER = Resource(
    "github.team_member",
    TeamMember,
    _read_team_member,
    _write_team_member,
    _say_team_member,
    reached=arrived,
    concerns=_weigh_team_member,
    waiting=waiting,
    awaits=invited,
    kept=True,
    brings=_team_member_brings,
)
