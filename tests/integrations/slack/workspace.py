"""The workspace of the stand-in's tests: its seed, its clocks, an app to deliver to, a card and a form."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from integrations.slack.standin import StandIn

OWNER, ORGANISER, GUEST, STRANGER = "U0OWNER", "U0ORGANISER", "U0GUEST", "U0STRANGER"
GENERAL, APPROVALS, PRIVATE = "C0GENERAL", "C0APPROVALS", "C0PRIVATE"
BOT = "U0BOT"


def seed(**changed: Any) -> dict[str, Any]:
    """Return a small workspace."""
    return {
        "team_id": "T0TEAM",
        "team_domain": "organisers",
        "app_id": "A0APP",
        "bot_user_id": BOT,
        "bot_id": "B0BOT",
        "bot_token": "xoxb-test",
        "signing_secret": "signing-secret",
        "app_token": "xapp-test",
        "channels": [
            {"id": GENERAL, "name": "general", "members": [OWNER, ORGANISER]},
            {"id": APPROVALS, "name": "approvals", "members": [OWNER, ORGANISER, GUEST, BOT]},
            {"id": PRIVATE, "name": "owners", "private": True, "members": [OWNER, BOT]},
            {"id": "C0SHARED", "name": "venue", "shared": True, "members": [OWNER, STRANGER, BOT]},
        ],
        "users": [
            {"id": OWNER, "name": "owner-1", "real_name": "Owner One", "is_admin": True},
            {"id": ORGANISER, "name": "organiser-1", "real_name": "Organiser One"},
            {"id": GUEST, "name": "guest-1", "is_restricted": True},
            {"id": STRANGER, "name": "stranger-1", "is_stranger": True, "team_id": "T0OTHER"},
        ],
        **changed,
    }


@dataclass
class Time:
    """Clocks that a test moves."""

    at: datetime = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
    elapsed: float = 1000.0

    def clock(self) -> datetime:
        """Return the date and time."""
        return self.at

    def monotonic(self) -> float:
        """Return the seconds that passed."""
        return self.elapsed


@dataclass
class Received:
    """One request the app got."""

    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """Return its form's fields."""
        return {key: values[0] for key, values in parse_qs(self.body.decode(), strict_parsing=True).items()}


Answer = Callable[[Received], Awaitable[web.Response]]


async def ack(_: Received) -> web.Response:
    """Acknowledge with nothing."""
    return web.Response()


@dataclass
class Listener:
    """The app's end: keeps what arrives, answers what the test wants."""

    received: list[Received] = field(default_factory=list)
    answer: Answer = ack

    async def take(self, request: web.Request) -> web.Response:
        """Take one request."""
        received = Received({k.lower(): v for k, v in request.headers.items()}, await request.read())
        self.received.append(received)
        return await self.answer(received)


BUTTONS = [
    {
        "type": "actions",
        "block_id": "decide",
        "elements": [
            {
                "type": "button",
                "action_id": "approve",
                "value": "r1",
                "text": {"type": "plain_text", "text": "Approve"},
            },
            {
                "type": "static_select",
                "action_id": "zone",
                "options": [
                    {"text": {"type": "plain_text", "text": "One"}, "value": "1"},
                    {"text": {"type": "plain_text", "text": "Two"}, "value": "2"},
                ],
            },
        ],
    }
]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "deny",
    "title": {"type": "plain_text", "text": "Deny"},
    "submit": {"type": "plain_text", "text": "Deny"},
    "private_metadata": "r1",
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "Reason"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "repo",
            "optional": True,
            "label": {"type": "plain_text", "text": "Repository"},
            "element": {"type": "external_select", "action_id": "repos", "min_query_length": 1},
        },
    ],
}


async def refusal(call: Any) -> Any:
    """Return the answer with which Slack refused *call*."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


def notes(slack: StandIn, viewer: str, channel: str = APPROVALS) -> list[str]:
    """Return the private notes somebody sees."""
    return [m.text for m in slack.messages(channel, viewer) if m.ephemeral_to == viewer]
