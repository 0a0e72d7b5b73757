"""What the imitated GitHub holds, drawn for people."""

from typing import Any

from .permissions import SCREEN
from .world import INVITATION_LIFE, Team, World

Section = dict[str, Any]


def pane(world: World) -> dict[str, Any]:
    """Return titled tables: owners, teams, direct grants, invitations, repositories, sites."""
    teams = [section for team in world.teams.values() for section in _team(world, team)]
    return {
        "title": "GitHub",
        "sections": [
            _owners(world),
            *teams,
            _collaborators(world),
            _invitations(world),
            _repositories(world),
            _sites(world),
            _runs(world),
            _pulls(world),
        ],
    }


def _section(title: str, columns: list[str], rows: list[list[str]]) -> Section:
    return {
        "title": title,
        "columns": columns,
        "rows": sorted(rows, key=lambda row: [cell.casefold() for cell in row]),
    }


def _owners(world: World) -> Section:
    owners = [world.users[user] for user, role in world.members.items() if role == "admin"]
    return _section("Owners", ["Login", "Name"], [[each.login, each.name or ""] for each in owners])


def _team(world: World, team: Team) -> list[Section]:
    people = [[world.users[user].login, role, "active"] for user, role in world.people(team).items()]
    people += [
        [_who(world, each.user, each.email), each.teams[team.id], "invited"]
        for each in world.invitations.values()
        if team.id in each.teams
    ]
    repos = [[world.repos[repo].name, SCREEN[held]] for repo, held in world.team_repos(team).items()]
    return [
        _section(f"Team {team.name}", ["Person", "Role", "State"], people),
        _section(f"Team {team.name}: repositories", ["Repository", "Access"], repos),
    ]


def _collaborators(world: World) -> Section:
    rows = [
        [repo.name, world.users[user].login, SCREEN[held]]
        for repo in world.repos.values()
        for user, held in repo.collaborators.items()
    ]
    return _section("Collaborators", ["Repository", "Person", "Access"], rows)


def _invitations(world: World) -> Section:
    rows = [
        [
            _who(world, each.user, each.email),
            _into(world, each.teams),
            f"until {each.created_at + INVITATION_LIFE:%d %b}",
        ]
        for each in world.invitations.values()
    ]
    rows += [
        [
            world.users[each.user].login,
            f"{world.repos[each.repo].name} with {SCREEN[each.permission]}",
            "expired" if world.expired(each) else f"until {each.created_at + INVITATION_LIFE:%d %b}",
        ]
        for each in world.repo_invitations.values()
    ]
    rows += [
        [_who(world, each.user, each.email), "organisation", each.failed_reason or ""]
        for each in world.failed
    ]
    return _section("Invitations", ["Person", "Into", "State"], rows)


def _repositories(world: World) -> Section:
    rows = []
    for repo in world.repos.values():
        words = {"private": repo.private, "archived": repo.archived, "template": repo.is_template}
        marks = [word for word, so in words.items() if so]
        rows.append(
            [repo.name, ", ".join(marks), "" if world.held(repo) else "its contents are on their way"]
        )
    return _section("Repositories", ["Repository", "Is", "State"], rows)


def _sites(world: World) -> Section:
    rows = [
        [
            repo.name,
            repo.pages.cname or "",
            repo.pages.certificate(world.clock()) or "",
            "enforced" if repo.pages.https_enforced else "",
        ]
        for repo in world.repos.values()
        if repo.pages
    ]
    return _section("Pages", ["Repository", "Name", "Certificate", "HTTPS"], rows)


def _runs(world: World) -> Section:
    """Return the runs of workflows, the newest first."""
    rows = []
    for run in reversed(world.runs.values()):
        status, conclusion = run.state(world.clock())
        rows.append([world.repos[run.repo].name, f"{run.file} #{run.number}", conclusion or status])
    return {"title": "Workflow runs", "columns": ["Repository", "Run", "State"], "rows": rows}


def _pulls(world: World) -> Section:
    rows = [
        [repo.name, f"#{pull.number} {pull.title}", pull.state]
        for repo in world.repos.values()
        for pull in repo.pulls
    ]
    return _section("Pull requests", ["Repository", "Title", "State"], rows)


def _into(world: World, teams: dict[int, str]) -> str:
    names = [world.teams[team].name for team in teams]
    return "organisation" + (f" and {', '.join(names)}" if names else "")


def _who(world: World, user: int | None, email: str | None) -> str:
    return world.users[user].login if user else email or ""
