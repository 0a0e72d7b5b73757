"""Our client wired to two stand-in Slacks: the organisers' workspace and the attendees'."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from bot.http import network
from integrations.slack.standin import StandIn
from integrations.slack_workspaces import SLACK_WORKSPACES, SlackWorkspacesReads, SlackWorkspacesSettings
from integrations.slack_workspaces.client import SlackWorkspacesClient
from tests.integrations.wired import NOW

CHANNEL = "C0000000091"
BOT = "U0000000190"


def seed(name: str, **changes: Any) -> dict[str, Any]:
    """Return a workspace with two admins, a member, a guest and our bot."""
    return {
        "team_id": "T0000000091",
        "team_domain": f"pyconuk-{name}",
        "app_id": "A1",
        "bot_user_id": BOT,
        "bot_id": "B1",
        "bot_token": f"xoxb-{name}",
        "app_token": "xapp-1",
        "signing_secret": "s",
        "scopes": ["channels:history", "channels:read", "chat:write", "users:read"],
        "users": [
            {"id": "U1", "name": "george", "is_admin": True, "is_owner": True, "has_2fa": True},
            {"id": "U2", "name": "owen", "is_admin": True, "has_2fa": True},
            {"id": "U3", "name": "member-1", "email": "canary@example.org"},
            {"id": "U4", "name": "guest-1", "is_restricted": True},
            {"id": "U5", "name": "gone-1", "deleted": True, "is_admin": True},
            {"id": BOT, "name": "infra", "is_bot": True},
        ],
        "channels": [{"id": CHANNEL, "name": "announcements", "members": ["U1", "U3", BOT]}],
        **changes,
    }


@dataclass
class Workspaces:
    """Both stand-ins with our client; *answers* are given in the place of the attendees' own."""

    organisers: StandIn
    attendees: StandIn
    now: datetime = NOW
    answers: dict[str, web.Response] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    client: SlackWorkspacesClient = field(init=False)
    reads: SlackWorkspacesReads = field(init=False)

    def instead(self, method: str, status: int = 200, body: str = "") -> None:
        """Answer calls of a method otherwise from now on; an asterisk is any method."""
        self.answers[method] = web.Response(text=body, status=status, content_type="application/json")

    def forget(self) -> None:
        """Let nothing that was seen before count."""
        for workspace in self.client.workspaces.values():
            workspace.users_memo.clear()

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep the call; answer it otherwise where the test says so."""
        method = request.path.rpartition("/")[2]
        self.calls.append(method)
        otherwise = self.answers.get(method) or self.answers.get("*")
        if otherwise is None:
            return await handler(request)
        return web.Response(body=otherwise.body, status=otherwise.status, headers=otherwise.headers)

    def posted(self) -> list[str]:
        """Return what attendees read in the channel."""
        return [each.text for each in self.attendees.messages(CHANNEL, "U3")]


@asynccontextmanager
async def workspaces(attendees: dict[str, Any] | None = None, **settings: Any) -> AsyncIterator[Workspaces]:
    """Run both stand-ins, the attendees' with changes, and our client against them."""
    ready: list[Workspaces] = []

    def clock() -> datetime:
        return ready[0].now if ready else NOW

    both = StandIn(seed("organisers"), clock), StandIn(seed("attendees", **(attendees or {})), clock)
    found = Workspaces(*both)
    ready.append(found)
    found.attendees.app.middlewares.append(found.record)
    async with AsyncExitStack() as stack:
        urls = [
            f"{(await stack.enter_async_context(TestServer(each.app))).make_url('/api')}" for each in both
        ]
        net = await stack.enter_async_context(network(clock))
        section = {
            "url": urls[1],
            "organisers": {"token": "xoxb-organisers", "url": urls[0]},
            "attendees": {"token": "xoxb-attendees", "announcements": CHANNEL, **settings},
        }
        found.client = SLACK_WORKSPACES.connect(SlackWorkspacesSettings.model_validate(section), net)
        found.reads = SLACK_WORKSPACES.reads(found.client)
        yield found
