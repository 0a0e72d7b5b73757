"""The Slack app's scopes and events: each is used, none is missing."""

import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from slack_bolt.async_app import AsyncApp

from bot.core.reply import Chart
from bot.frontends.slack import kit, outgoing
from bot.frontends.slack.listeners import Listeners
from bot.frontends.slack.manifest import EVENTS, SCOPES, manifest
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from commands import COMMANDS
from integrations.slack.standin import StandIn
from tests.frontends.slack.office import APPROVALS, AT_ONCE, CORY
from tests.workflow.world import START

SAID = kit.said("hello")
VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Ask"}, "blocks": []}
# What each event needs, by Slack's documentation of its Events API.
ALLOWS = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "user_change": "users:read",
}


def calls(channel: str, ts: str) -> Mapping[str, tuple[Any, ...]]:
    """Return every call the bot makes to Slack, made in one conversation."""
    return {
        "change_form": ("V1", VIEW),
        "channel": (channel,),
        "channels": (),
        "direct": (CORY,),
        "edit": (channel, ts, SAID),
        "find": (channel, "none", START),
        "link": (channel, ts),
        "link_address": ("xapp-test",),
        "pin": (channel, ts),
        "post": (channel, SAID),
        "respond": ("https://elsewhere.example.org", SAID),
        "show_form": ("trigger", VIEW),
        "show_home": (CORY, {"type": "home", "blocks": []}),
        "upload": (channel, Chart(title="Sales", png=b"png", words="120 sold")),
        "user": (CORY,),
        "users": (),
        "whisper": (channel, CORY, SAID),
        "whoami": (),
    }


def test_every_call_is_made_and_no_other() -> None:
    """The walk has each call of the one way to Slack; each is made by the bot somewhere."""
    known = inspect.getmembers(Outgoing, inspect.iscoroutinefunction)
    names = {name for name, _ in known if not name.startswith("_")} - {"open", "close"}
    assert names == set(calls("", ""))
    folder = Path(inspect.getfile(outgoing)).parent
    code = "".join(file.read_text() for file in folder.glob("*.py"))
    assert [name for name in names if not re.search(rf"outgoing\.{name}\(", code)] == []


async def walk(out: Outgoing, channel: str, *but: str) -> set[str]:
    """Make every call in one conversation; return the codes of Slack's refusals."""
    _, ts = await out.post(channel, SAID, key="first")
    refusals = set()
    for name, given in calls(channel, ts).items():
        named = {"key": name} if name == "post" else {}
        try:
            await getattr(out, name)(*given, **named) if name not in but else None
        except SlackRefused as refused:  # there is no such trigger, form or address
            refusals.add(refused.code)
    return refusals


async def test_the_app_needs_each_scope_and_no_other(slack: StandIn) -> None:
    """With exactly the manifest's scopes all calls and events are let through; each scope is asked for."""
    slack.scopes = tuple(SCOPES)
    out = Outgoing(slack.url("/api/"), "xoxb-test", AT_ONCE)
    await out.open()
    refusals = await walk(out, APPROVALS)
    slack.channels[APPROVALS].private = True
    refusals |= await walk(out, APPROVALS)
    refusals |= await walk(out, await out.direct(CORY), "channel")  # asked of the approvals channel alone
    await out.close()
    assert "missing_scope" not in refusals
    of_events = {scope for event in EVENTS if (scope := ALLOWS[event])}
    of_commands = {"commands"} if {"slash_commands", "shortcuts"} <= features().keys() else set()
    assert slack.needed | of_events | of_commands == set(SCOPES)


def features() -> dict[str, Any]:
    """Return what the manifest switches on."""
    return cast("dict[str, Any]", manifest(COMMANDS, "PyCon UK", None)["features"])


class Bolt:
    """Notes which events are listened to."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def event(self, name: str) -> Callable[[object], None]:
        """Note one."""
        self.heard.add(name)
        return lambda _: None

    def __getattr__(self, _: str) -> Callable[..., Callable[[object], None]]:
        return lambda *_: lambda _: None


def test_each_event_is_listened_to() -> None:
    """The manifest subscribes to what the bot listens to, and to nothing else."""
    bolt = Bolt()
    Listeners.register(object.__new__(Listeners), cast("AsyncApp", bolt))
    assert {event.partition(".")[0] for event in EVENTS} == bolt.heard
