"""Who can push where, and why: the bot against PyGithub over plain REST and the same stand-in."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
from github import Auth, Github

from bot.http import network
from integrations.github import GITHUB, GithubReads, GithubSettings, Level
from tests.bench.process import running
from tests.bench.table import Row

ORG, TOKEN = "PyconUK", "bench"
REPOSITORIES, TEAMS, PEOPLE = 50, 20, 200
CALL_SECONDS = 0.03
Pushing = dict[str, set[str]]
"""Who can push, by repository, owners included."""


def seed() -> dict[str, Any]:
    """Return an organisation of that size: teams of twenty with ten repositories, and some direct grants."""
    people = [f"person-{number}" for number in range(PEOPLE)]
    return {
        "org": ORG,
        "token": TOKEN,
        "bot_login": "infra-bot",
        "owners": ["owner-1", "owner-2"],
        "members": people,
        "repos": [{"name": f"repo-{number}"} for number in range(REPOSITORIES)],
        "teams": [
            {
                "name": f"team-{number}",
                "members": people[number * 9 : number * 9 + 20],
                "repos": {f"repo-{(number * 2 + each) % REPOSITORIES}": "push" for each in range(10)},
            }
            for number in range(TEAMS)
        ],
        "collaborators": {f"repo-{number}": {people[-1 - number]: "push"} for number in range(20)},
    }


async def ours(url: str) -> Pushing:
    """Ask as ``access`` does, with nothing remembered."""
    settings = GithubSettings.model_validate({"url": url, "org": ORG, "token": TOKEN})
    async with network(lambda: datetime.now(UTC)) as net:  # noqa: TID251 # a process of its own
        access = await GithubReads(GITHUB.connect(settings, net)).access()
    names = [repository.name for repository in access.repositories]
    return {name: {path.login for path in access.to(name) if path.level >= Level.WRITE} for name in names}


async def pygithub(url: str) -> Pushing:
    """Ask as one does with PyGithub: owners, teams with theirs, then each repository's own people."""
    return await asyncio.to_thread(_pygithub, url)


def _pygithub(url: str) -> Pushing:
    with Github(base_url=url, auth=Auth.Token(TOKEN), per_page=100, seconds_between_requests=0) as github:
        org = github.get_organization(ORG)
        owners = {member.login for member in org.get_members(role="admin")}
        pushing = defaultdict[str, set[str]](set)
        for team in org.get_teams():
            members = {member.login for member in team.get_members()}
            for repository in team.get_repos():
                if repository.permissions.push:
                    pushing[repository.name] |= members
        for repository in org.get_repos():
            direct = repository.get_collaborators(affiliation="direct")
            pushing[repository.name] |= owners | {each.login for each in direct if each.permissions.push}
    return dict(pushing)


async def looking() -> list[Row]:
    """Measure both, each with nothing remembered, after they agreed."""
    async with running("tests.bench.github", str(CALL_SECONDS), told=json.dumps(seed())) as process:
        url = f"http://127.0.0.1:{process.port}"
        took, calls, found = zip(*[await _measured(side, url) for side in (ours, pygithub)], strict=True)
    assert found[0] == found[1], "they do not agree"
    work = f"who can push where: {REPOSITORIES} repositories, {TEAMS} teams, {PEOPLE} people, 30 ms a call"
    return [
        Row(work, took[0], took[1], "s", took[0] <= took[1] / 5, "≤ 1/5"),
        Row(work, calls[0], calls[1], "calls", calls[0] <= calls[1] / 5, "≤ 1/5"),
    ]


async def _measured(ask: Callable[[str], Awaitable[Pushing]], url: str) -> tuple[float, int, Pushing]:
    """Return the best seconds of three, the calls, and what was found."""
    times = []
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            await session.get(f"{url}/calls")
            began = time.perf_counter()
            found = await ask(url)
            times.append(time.perf_counter() - began)
            async with session.get(f"{url}/calls") as answer:
                calls = await answer.json()
    return min(times), calls, found
