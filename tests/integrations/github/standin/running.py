"""A running stand-in GitHub with a plain client and a clock to move."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer

from integrations.github.standin import StandIn

ORG = "/orgs/PyconUK"
SITE = "/repos/PyconUK/website"
CORE = ORG + "/teams/core"
OLD = "/repos/PyconUK/2015-site"

SEED: dict[str, Any] = {
    "org": "PyconUK",
    "token": "ghp_example",
    "bot_login": "pyconuk-infra",
    "users": [
        {"login": "organiser-1", "name": "Organiser One", "id": 7001, "created_at": "2014-05-01"},
        {"login": "organiser-2", "two_factor": False},
        {"login": "newcomer", "created_at": "2014-05-01T10:00:00Z"},
        {"login": "stranger"},
        {"login": "another-org", "type": "Organization"},
    ],
    "owners": ["charlie", "cory"],
    "members": ["organiser-1", "organiser-2"],
    "repos": [
        {"name": "website", "pages": {"cname": "2026.pyconuk.org"}, "open_issues": 3},
        {"name": "voting"},
        {"name": "accounts", "private": True},
        {"name": "2015-site", "archived": True, "default_branch": "master"},
    ],
    "teams": [
        {"name": "core", "members": ["organiser-2"], "maintainers": ["cory"], "repos": {"website": "pull"}},
        {"name": "Core Web", "members": ["organiser-1"], "parent": "core", "repos": {"voting": "maintain"}},
    ],
    "collaborators": {"voting": {"stranger": "push"}},
    "blocked": ["blocker"],
}


@dataclass
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]


class GitHub:
    """A running stand-in, with a clock to move and a plain client."""

    def __init__(self, seed: Mapping[str, Any]) -> None:
        self.now = datetime(2026, 6, 15, 8, tzinfo=UTC)
        self.standin = StandIn(seed, lambda: self.now)
        self.server = TestServer(self.standin.app)
        self.session = aiohttp.ClientSession()

    async def call(self, method: str, path: str, body: object = None, **headers: str | None) -> Reply:
        """Send one request as the bot would; a header given as None is left out."""
        defaults: dict[str, str | None] = {
            "Authorization": "Bearer ghp_example",
            "User-Agent": "infra",
            "X-GitHub-Api-Version": "2026-03-10",
        }
        wanted = defaults | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in wanted.items() if value is not None}
        url = path if path.startswith("http") else str(self.server.make_url("/")).rstrip("/") + path
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        async with self.session.request(
            method, url, data=data, headers=sent, allow_redirects=False, skip_auto_headers=["User-Agent"]
        ) as answer:
            content = await answer.read()
            return Reply(answer.status, json.loads(content) if content else None, answer.headers)

    async def get(self, path: str, **headers: str | None) -> Reply:
        """Read."""
        return await self.call("GET", path, **headers)

    async def put(self, path: str, **body: Any) -> Reply:
        """Write."""
        return await self.call("PUT", path, body)

    async def query(self, text: str, **variables: Any) -> Any:
        """Ask by GraphQL and return the body."""
        answer = await self.call("POST", "/graphql", {"query": text, "variables": variables})
        assert answer.status == 200
        return answer.body

    async def logins(self, path: str) -> set[str]:
        """Return the logins of a list."""
        return {each["login"] for each in (await self.get(path)).body}


Start = Callable[..., Awaitable[GitHub]]
