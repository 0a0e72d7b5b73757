"""The stand-in's webhook: each change is told once, signed, whoever made it."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from integrations.github.standin.actions import begin
from tests.integrations.github.standin.running import CORE, ORG, SITE, GitHub, Start

SECRET = "stand-in secret"


class Listener:
    """Hears what is delivered; answers *status*."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 200

    async def take(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        self.heard.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)

    async def events(self, count: int) -> list[tuple[str, Any]]:
        """Return the first *count* events and their bodies, once they are there."""
        await until(lambda: len(self.heard) >= count)
        return [(headers["X-GitHub-Event"], json.loads(body)) for headers, body in self.heard]


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is delivered has no event to wait for
            await asyncio.sleep(0.02)


@asynccontextmanager
async def listening(github: GitHub) -> AsyncIterator[Listener]:
    """Point a stand-in's webhook at a listener that has heard the ping."""
    listener, app = Listener(), web.Application()
    app.router.add_post("/hook", listener.take)
    async with TestServer(app) as server:
        github.standin.hooks.point(str(server.make_url("/hook")), SECRET)
        ((event, body),) = await listener.events(1)
        assert (event, body["organization"]["login"]) == ("ping", "PyconUK")
        listener.heard.clear()
        yield listener


async def test_deliveries_are_signed_and_numbered(github: GitHub) -> None:
    """Headers and signature are those of the documentation; each delivery has a number of its own."""
    async with listening(github) as listener:
        await github.put(CORE + "/memberships/organiser-1")
        await github.put(CORE + "/repos/PyconUK/voting", permission="push")
        await listener.events(2)
        for headers, body in listener.heard:
            seal = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            assert headers["X-Hub-Signature-256"] == f"sha256={seal}"
            assert headers["User-Agent"].startswith("GitHub-Hookshot/")
            assert headers["Content-Type"] == "application/json"
        assert len({headers["X-GitHub-Delivery"] for headers, _ in listener.heard}) == 2


async def test_an_invitation_and_its_acceptance(github: GitHub) -> None:
    """Inviting is told with the bot as sender, accepting with whoever accepts."""
    async with listening(github) as listener:
        await github.put(CORE + "/memberships/newcomer")
        ((event, body),) = await listener.events(1)
        assert (event, body["action"]) == ("organization", "member_invited")
        assert body["user"]["login"] == "newcomer"
        assert (body["sender"]["login"], body["invitation"]["team_count"]) == ("pyconuk-infra", 1)
        github.standin.accept("newcomer")
        _, joined, member = await listener.events(3)
        assert (joined[0], joined[1]["action"]) == ("organization", "member_added")
        assert joined[1]["membership"]["user"]["login"] == joined[1]["sender"]["login"] == "newcomer"
        assert (member[0], member[1]["action"], member[1]["scope"]) == ("membership", "added", "team")
        assert (member[1]["member"]["login"], member[1]["team"]["slug"]) == ("newcomer", "core")


async def test_changes_behind_the_back_are_told(github: GitHub) -> None:
    """What people change on GitHub's own pages is told too, with an owner as sender."""
    async with listening(github) as listener:
        world = github.standin.world
        world.set_team_repo("core", "website", "admin")
        world.set_team_repo("core", "voting", "push")
        world.set_team_repo("core-web", "voting", None)
        world.set_team_member("core", "organiser-2", None)
        world.set_collaborator("voting", "stranger", "admin")
        world.set_collaborator("website", "stranger", "pull")
        world.set_archived("2015-site", archived=False)
        world.rename_repo("accounts", "books")
        events = await listener.events(8)
        assert sorted((event, body["action"]) for event, body in events) == [
            ("member", "added"),
            ("member", "edited"),
            ("membership", "removed"),
            ("repository", "renamed"),
            ("repository", "unarchived"),
            ("team", "added_to_repository"),
            ("team", "edited"),
            ("team", "removed_from_repository"),
        ]
        assert {body["sender"]["login"] for _, body in events} == {"charlie"}
        renamed = next(body for event, body in events if body["action"] == "renamed")
        assert renamed["changes"] == {"repository": {"name": {"from": "accounts"}}}
        assert renamed["repository"]["name"] == "books"


async def test_who_leaves_is_told(github: GitHub) -> None:
    """Taking somebody out of the organisation tells of the organisation, its teams and their grants."""
    async with listening(github) as listener:
        await github.call("DELETE", ORG + "/members/organiser-1")
        events = await listener.events(2)
        assert [(event, body["action"]) for event, body in events] == [
            ("organization", "member_removed"),
            ("membership", "removed"),
        ]
        github.standin.world.set_collaborator("voting", "stranger", None)
        assert (await listener.events(3))[-1][1]["action"] == "removed"


async def test_how_a_run_gets_on_is_told(start: Start) -> None:
    """That it was asked for, and that it is over, with whoever started it as sender."""
    github = await start()
    async with listening(github) as listener:
        world = github.standin.world
        repo = world.repo("website")
        assert repo
        run = begin(world, repo, "jekyll.yml", world.bot)
        await listener.events(1)
        run.created_at -= timedelta(minutes=1)
        for (event, body), action, conclusion in zip(
            await listener.events(2), ("requested", "completed"), (None, "success"), strict=True
        ):
            assert (event, body["action"], body["sender"]["login"]) == (
                "workflow_run",
                action,
                "pyconuk-infra",
            )
            assert (body["workflow_run"]["conclusion"], body["repository"]["name"]) == (conclusion, "website")


async def test_reading_and_resetting_tell_nothing(github: GitHub) -> None:
    """Only what changes is told; after a reset the next change is the first."""
    async with listening(github) as listener:
        await github.get(SITE)
        github.standin.world.set_archived("website")
        await listener.events(1)
        github.standin.reset()
        await asyncio.sleep(0.3)
        github.standin.world.set_archived("voting")
        assert [body["repository"]["name"] for _, body in await listener.events(2)] == ["website", "voting"]


async def test_nothing_is_repeated_but_by_hand(start: Start) -> None:
    """A delivery that failed stays so; delivered again by hand it is the same, number included."""
    github = await start()
    async with listening(github) as listener:
        listener.status = 503
        github.standin.world.set_archived("website")
        await listener.events(1)
        listener.status = 200
        await until(lambda: len(github.standin.hooks.deliveries) == 2)
        failed = github.standin.hooks.deliveries[-1]
        assert (failed.status, len(listener.heard)) == (503, 1)
        assert await github.standin.hooks.redeliver(failed) == 200
        (first, again) = listener.heard
        assert first[1] == again[1]
        assert first[0]["X-GitHub-Delivery"] == again[0]["X-GitHub-Delivery"]
    assert await github.standin.hooks.redeliver(failed) is None
