"""A GitHub that is not our stand-in: REST only, documented paths and fields alone, nothing to spare."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.bound import Bound
from bot.core.vendor import Reach
from bot.http import network
from integrations.github import (
    GITHUB,
    TEAM_MEMBER,
    TEAM_REPO,
    GithubReads,
    GithubSettings,
    Level,
    TeamMember,
    TeamRepo,
)
from integrations.github.client import GithubClient

ORG = "/api/v3/orgs/PyconUK"
REPO = "/api/v3/repos/PyconUK/2026.pyconuk.org"
GRANT = ORG + "/teams/core/repos/PyconUK/2026.pyconuk.org"
PLACE = ORG + "/teams/core/memberships/organiser-1"


@dataclass
class Elsewhere:
    """The other GitHub: what it holds by path; all else is 404."""

    held: dict[str, Any]
    unknown: list[str] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.Response:
        """Answer what is held; grants and places can be put."""
        path = request.path
        assert request.headers["Authorization"] == "Bearer t"
        if request.method == "PUT" and path == GRANT:
            level = (await request.json())["permission"]
            self.held[path] = {"name": "2026.pyconuk.org", "permissions": {level: True}}
            return web.Response(status=204)
        if request.method == "PUT" and path == PLACE:
            self.held[path] = {"role": (await request.json())["role"], "state": "pending"}
            return web.json_response(self.held[path])
        if request.method != "GET" or path not in self.held:
            self.unknown.append(f"{request.method} {path}")
            return web.json_response({"message": "Not Found"}, status=404)
        found = self.held[path]
        if isinstance(found, list) and len(found) > 1:  # one item a page, to be followed
            page = int(request.query.get("page", 1))
            after = f'<{request.url.with_query(page=page + 1)}>; rel="next"'
            headers = {"Link": after} if page < len(found) else {}
            return web.json_response([found[page - 1]], headers=headers)
        return web.json_response(found)


def held() -> dict[str, Any]:
    """Return a small organisation."""
    owner, helper = {"login": "Cory"}, {"login": "organiser-2"}
    site = {"name": "2026.pyconuk.org"}
    return {
        ORG: {"login": "PyconUK"},
        ORG + "/repos": [site, {"name": "ironcage", "archived": True}],
        ORG + "/members": [owner, helper],
        ORG + "/memberships/Cory": {"role": "admin", "state": "active"},
        ORG + "/teams": [{"slug": "core", "name": "Core"}],
        ORG + "/teams/core": {"slug": "core", "name": "Core"},
        ORG + "/teams/core/members": [helper],
        ORG + "/teams/core/repos": [site | {"permissions": {"pull": True}}],
        GRANT: site | {"permissions": {"pull": True}},
        REPO: site,
        REPO + "/collaborators": [],
        "/api/v3/users/organiser-1": {"login": "organiser-1", "id": 7, "type": "User"},
    }


@pytest.fixture
async def elsewhere() -> AsyncIterator[tuple[Elsewhere, GithubClient]]:
    """Give the other GitHub with our client."""
    hub, app = Elsewhere(held()), web.Application()
    app.router.add_route("*", "/{path:.*}", hub.serve)
    async with TestServer(app) as server, network(lambda: datetime(2026, 6, 15, tzinfo=UTC)) as net:
        url = str(server.make_url("/api/v3"))
        settings = GithubSettings.model_validate({"url": url, "org": "PyconUK", "token": "t"})
        yield hub, GITHUB.connect(settings, net)


async def test_access_is_read(elsewhere: tuple[Elsewhere, GithubClient]) -> None:
    """Pages are followed, hidden and absent lists are survived, levels come from permissions alone."""
    hub, client = elsewhere
    reads = GithubReads(client)
    access = await reads.access()
    assert {(path.login, path.level, path.via) for path in access.to("2026.pyconuk.org")} >= {
        ("organiser-2", Level.READ, "team core")
    }
    assert access.unseen == ("ironcage",)
    assert set(await reads.members()) == {"Cory", "organiser-2"}
    account = await reads.account("organiser-1")
    assert account is not None
    assert account.created_at is None
    assert "POST /api/graphql" in hub.unknown


async def test_the_main_job_is_done(elsewhere: tuple[Elsewhere, GithubClient]) -> None:
    """The repository gets Write, the person is invited; nothing else is written."""
    hub, client = elsewhere
    grant, place = Bound(TEAM_REPO, client), Bound(TEAM_MEMBER, client)
    raised = await grant.plan("core/2026.pyconuk.org", TeamRepo(level=Level.WRITE))
    joins = await place.plan("core/organiser-1", TeamMember())
    assert (raised.before, joins.before) == ({"level": "Read"}, None)
    for bound, change in ((grant, raised), (place, joins)):
        assert (await bound.concerns(change)).refused is None
        await bound.write(change.target, change.after)
    assert grant.reached(await grant.read(raised.target), raised.after) is Reach.YES
    assert place.reached(await place.read(joins.target), joins.after) is Reach.UNDER_WAY
    assert [call for call in hub.unknown if not call.startswith(("GET", "POST /api/graphql"))] == []
