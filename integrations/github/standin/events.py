"""What happened between two looks at the organisation, as webhooks tell it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from .permissions import ROLES
from .shapes import Shapes
from .world import OrgInvitation, Repo, Team, World

Body = dict[str, Any]
Event = tuple[str, Body]
V = TypeVar("V")
ACTIONS = {"queued": "requested", "in_progress": "in_progress", "completed": "completed"}

API = "https://api.github.com"


@dataclass(frozen=True)
class Picture:
    """The organisation as it was at one moment."""

    members: Mapping[int, str]
    invitations: Mapping[int, OrgInvitation]
    teams: Mapping[int, Team]
    repos: Mapping[int, Repo]
    runs: Mapping[int, str]

    @classmethod
    def of(cls, world: World) -> "Picture":
        """Return the organisation as it is now."""
        return cls(
            dict(world.members),
            dict(world.invitations),
            {n: replace(t, members=dict(t.members), repos=dict(t.repos)) for n, t in world.teams.items()},
            {n: replace(r, collaborators=dict(r.collaborators)) for n, r in world.repos.items()},
            {n: run.state(world.clock())[0] for n, run in world.runs.items()},
        )


def happened(world: World, old: Picture, new: Picture, sender: int) -> Iterator[Event]:
    """Yield what turned *old* into *new*; *sender* did it."""
    draw = Shapes(world, API)
    shared = {"organization": draw.org(), "sender": draw.user(world.users[sender])}
    for part in (_organization, _teams, _repositories, _runs):
        for name, body in part(draw, old, new):
            yield name, shared | body


def _organization(draw: Shapes, old: Picture, new: Picture) -> Iterator[Event]:
    users = draw.world.users
    for number in _more(old.invitations, new.invitations):
        invitation = new.invitations[number]
        user = {"user": draw.user(users[invitation.user])} if invitation.user else {}
        yield "organization", {"action": "member_invited", "invitation": draw.invitation(invitation), **user}
    for number in _more(old.members, new.members):
        body = _membership(draw, number, new.members[number])
        yield "organization", {"action": "member_added", "membership": body}
    for number in _more(new.members, old.members):
        body = _membership(draw, number, old.members[number])
        yield "organization", {"action": "member_removed", "membership": body}


def _membership(draw: Shapes, user: int, role: str) -> Body:
    account, org = draw.world.users[user], draw.world.org.login
    return {
        "url": f"{API}/orgs/{org}/memberships/{account.login}",
        "state": "active",
        "role": role,
        "organization_url": f"{API}/orgs/{org}",
        "user": draw.user(account),
    }


def _teams(draw: Shapes, old: Picture, new: Picture) -> Iterator[Event]:
    for number in _more(old.teams, new.teams):
        yield "team", {"action": "created", "team": draw.team(new.teams[number])}
    for number in _more(new.teams, old.teams):
        yield "team", {"action": "deleted", "team": draw.team(old.teams[number])}
    for number in sorted(old.teams.keys() & new.teams.keys()):
        before, now = old.teams[number], new.teams[number]
        if before.name != now.name:
            changes = {"name": {"from": before.name}}
            yield "team", {"action": "edited", "changes": changes, "team": draw.team(now)}
        for action, people in (
            ("added", _more(before.members, now.members)),
            ("removed", _more(now.members, before.members)),
        ):
            for user in people:
                yield "membership", _joined(draw, action, now, user)
        yield from _grants(draw, before, now, {**old.repos, **new.repos})


def _joined(draw: Shapes, action: str, team: Team, user: int) -> Body:
    member = draw.user(draw.world.users[user])
    return {"action": action, "scope": "team", "member": member, "team": draw.team(team)}


def _grants(draw: Shapes, before: Team, now: Team, repos: Mapping[int, Repo]) -> Iterator[Event]:
    """Yield what a team was given, lost, or has in another measure."""
    actions = [("added_to_repository", each) for each in _more(before.repos, now.repos)]
    actions += [("removed_from_repository", each) for each in _more(now.repos, before.repos)]
    actions += [("edited", each) for each in _other(before.repos, now.repos)]
    for action, number in actions:
        yield (
            "team",
            {
                "action": action,
                "team": draw.team(now),
                "repository": draw.repo(repos[number], None),
                **({"changes": {}} if action == "edited" else {}),
            },
        )


def _repositories(draw: Shapes, old: Picture, new: Picture) -> Iterator[Event]:
    for number in _more(old.repos, new.repos):
        yield "repository", {"action": "created", "repository": draw.repo(new.repos[number], None)}
    for number in _more(new.repos, old.repos):
        yield "repository", {"action": "deleted", "repository": draw.repo(old.repos[number], None)}
    for number in sorted(old.repos.keys() & new.repos.keys()):
        before, now = old.repos[number], new.repos[number]
        shown = draw.repo(now, None)
        for action, changes in _edits(before, now):
            yield "repository", {"action": action, "repository": shown, **changes}
        for action, user, changes in _collaborators(before.collaborators, now.collaborators):
            member = draw.user(draw.world.users[user])
            yield "member", {"action": action, "member": member, "repository": shown, **changes}


def _runs(draw: Shapes, old: Picture, new: Picture) -> Iterator[Event]:
    """Yield how runs of workflows get on; whoever started one is the sender."""
    world = draw.world
    for number, status in new.runs.items():
        run = world.runs[number]
        if status != old.runs.get(number) and run.repo in world.repos:
            repo, actor = world.repos[run.repo], draw.user(world.users[run.actor])
            body = {"repository": draw.repo(repo, None), "workflow_run": draw.run(repo, run), "sender": actor}
            yield "workflow_run", {"action": ACTIONS[status], **body}


def _edits(before: Repo, now: Repo) -> Iterator[tuple[str, Body]]:
    """Yield what happened to a repository itself."""
    if before.name != now.name:
        yield "renamed", {"changes": {"repository": {"name": {"from": before.name}}}}
    if before.archived != now.archived:
        yield "archived" if now.archived else "unarchived", {}
    if before.private != now.private:
        yield "privatized" if now.private else "publicized", {}


def _collaborators(before: Mapping[int, str], now: Mapping[int, str]) -> Iterator[tuple[str, int, Body]]:
    """Yield who got, lost or changed a grant of their own."""
    for user in _more(before, now):
        yield "added", user, {"changes": {"permission": {"to": ROLES[now[user]]}}}
    for user in _more(now, before):
        yield "removed", user, {}
    for user in _other(before, now):
        levels = {"from": ROLES[before[user]], "to": ROLES[now[user]]}
        yield "edited", user, {"changes": {"permission": levels}}


def _more(old: Mapping[int, object], new: Mapping[int, object]) -> list[int]:
    """Return what *new* has beyond *old*, in a stable order."""
    return sorted(new.keys() - old.keys())


def _other(old: Mapping[int, V], new: Mapping[int, V]) -> list[int]:
    """Return where *old* and *new* differ."""
    return sorted(key for key in old.keys() & new.keys() if old[key] != new[key])
