"""The Slack app's manifest: what Slack must know of the bot, derived from the command table."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from bot.core.command import Command
from bot.core.grammar import usage
from bot.core.values import Json
from bot.core.vendor import Right
from bot.frontends.slack.asking import ASK, SHORTCUT

NAME = 35
DESCRIPTION = 140
HINT = 100

SCOPES = {
    "app_mentions:read": "to be told when somebody mentions it",
    "channels:history": "to find a message that it may have posted already, in a public channel",
    "channels:read": "to check that it is in the channel of approvals, when that is public",
    "chat:write": "to post and edit its cards, answers and notices",
    "commands": "to be told of `/infra` and *Ask for access*",
    "files:write": "to attach what does not fit into a message, such as charts",
    "groups:history": "to find a message that it may have posted already, in a private channel it is in",
    "groups:read": "to check that it is in the channel of approvals, when that is private",
    "im:history": "to be told what somebody says to it alone, and to find what it answered",
    "im:write": "to tell somebody something alone",
    "pins:write": "to pin *If the bot is silent* in the channel of approvals",
    "users:read": "to know whether somebody is an active, full member of the workspace",
}
EVENTS = {
    "app_home_opened": "draws the *Home* of who opens it",
    "app_mention": "answers as if `/infra` had been typed",
    "message.im": "the same, in the bot's messages tab",
    "user_change": "learns at once that somebody left or became a guest",
}
RIGHTS = (
    *(Right(of="Slack app, scope", name=scope, why=why) for scope, why in SCOPES.items()),
    *(Right(of="Slack app, event", name=event, why=why) for event, why in EVENTS.items()),
    Right(of="Slack app-level token", name="connections:write", why="opens Socket Mode, and only there"),
)


def manifest(commands: Sequence[Command[Any]], organisation: str, public_url: str | None) -> Json:
    """Return the manifest: Slack calls *public_url*, or with None the bot calls Slack (Socket Mode)."""
    events = f"{public_url.rstrip('/')}/slack/events" if public_url else None
    requests: Json = {"request_url": events} if events else {}
    options: Json = {"message_menu_options_url": events} if events else {}
    command: Json = {"url": events} if events else {}
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": _within(f"{organisation} Infra", NAME),
            "description": "Runs the conference's infrastructure, with owner approval",
            "background_color": "#2b5b84",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "infra", "always_online": False},
            "slash_commands": [
                {
                    "command": "/infra",
                    **command,
                    "description": _within(
                        f"Look at or ask for changes to the infrastructure of {organisation}", DESCRIPTION
                    ),
                    "usage_hint": hint(commands),
                    "should_escape": True,
                }
            ],
            "shortcuts": [
                {
                    "name": SHORTCUT,
                    "type": "global",
                    "callback_id": ASK,
                    "description": "Opens the form that /infra alone opens",
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**requests, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **requests, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": events is None,
            "token_rotation_enabled": False,
        },
    }


def hint(commands: Sequence[Command[Any]]) -> str:
    """Return what the composer shows behind ``/infra``: the first usages that fit, without options."""
    usages = ["help", *(usage(c).partition(" [")[0] for c in commands if c.word != "help")]
    lengths = accumulate(len(said) + 3 for said in usages)
    shown = [said for said, length in zip(usages, lengths, strict=True) if length <= HINT]
    return " | ".join([*shown, "…"])


def _within(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
