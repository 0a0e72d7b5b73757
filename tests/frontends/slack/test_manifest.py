"""The manifest: what Slack takes, for a URL and for Socket Mode."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.core.command import Command, Context, NoArgs
from bot.core.reply import Reply
from bot.core.values import Json
from bot.frontends.slack.asking import ASK
from bot.frontends.slack.manifest import HINT, hint, manifest
from commands import COMMANDS

SCHEMAS = sorted(
    Path(__file__).parents[4].glob("shared/vendors/fixtures/slack/manifest-schema/manifest.schema.*.json")
)
URL = manifest(COMMANDS, "PyCon UK", "https://bot.example.org/")
SOCKET = manifest(COMMANDS, "PyCon UK", None)
LONG = manifest(COMMANDS, "A Conference With A Very Long Name Indeed" * 5, "https://bot.example.org")


async def run(_args: NoArgs, _context: Context) -> Reply:
    """Answer nothing."""
    return Reply(title="")


def part(value: Any, *path: str | int) -> object:
    """Return what is at *path*."""
    for step in path:
        value = value[step]
    return value


@pytest.mark.parametrize("made", [URL, SOCKET, LONG], ids=["url", "socket", "long"])
def test_slack_takes_it(made: Json) -> None:
    """It is valid against each schema that Slack publishes."""
    if not SCHEMAS:
        pytest.skip("Slack's schemas are not on this machine")
    for schema in SCHEMAS:
        jsonschema.validate(made, json.loads(schema.read_text()))


def test_with_a_url_slack_calls_the_bot() -> None:
    """Every way in leads to the one route, and Socket Mode is off."""
    assert part(URL, "settings", "socket_mode_enabled") is False
    assert re.findall(r"https?://[^\"]*", json.dumps(URL)) == ["https://bot.example.org/slack/events"] * 4


def test_in_socket_mode_there_is_no_address() -> None:
    """Slack refuses a manifest that has both."""
    assert part(SOCKET, "settings", "socket_mode_enabled") is True
    assert "http" not in json.dumps(SOCKET)


@pytest.mark.parametrize("made", [URL, SOCKET, LONG], ids=["url", "socket", "long"])
def test_it_keeps_slacks_limits(made: Json) -> None:
    """Names and texts are as short as Slack wants them."""
    assert 0 < len(str(part(made, "display_information", "name"))) <= 35
    assert len(str(part(made, "display_information", "description"))) <= 140
    command = part(made, "features", "slash_commands", 0)
    assert isinstance(command, dict)
    assert re.fullmatch(r"/[a-z]{1,31}", str(command["command"]))
    assert len(str(command["description"])) <= 140
    assert len(str(command["usage_hint"])) <= 1000
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", str(part(made, "features", "bot_user", "display_name")))


@pytest.mark.parametrize("made", [URL, SOCKET], ids=["url", "socket"])
def test_a_shortcut_opens_the_form(made: Json) -> None:
    """*Ask for access* is a global shortcut, called as the bot listens for it, within Slack's limits."""
    shortcut = part(made, "features", "shortcuts", 0)
    assert isinstance(shortcut, dict)
    assert (shortcut["name"], shortcut["type"], shortcut["callback_id"]) == ("Ask for access", "global", ASK)
    assert len(str(shortcut["name"])) <= 24
    assert len(str(shortcut["description"])) <= 150


def test_the_composers_hint_is_the_first_usages_that_fit() -> None:
    """The hint is derived from the command table and stays short."""
    commands = [Command(path, "", NoArgs, run) for path in ("help", "owners", "a" * HINT, "teams")]
    assert hint(commands) == "help | owners | …"
    assert part(URL, "features", "slash_commands", 0, "usage_hint") == hint(COMMANDS)
    assert len(hint(COMMANDS)) <= HINT + 3
