"""What `infra init` asks about Slack, and what it looks up there before the bot is configured."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import Denied, Rejected, Unavailable
from bot.core.vendor import Ask
from bot.frontends.slack import silent
from bot.frontends.slack.manifest import SCOPES
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused
from bot.frontends.slack.pace import USUAL
from bot.store import Store

NEW_APP = "https://api.slack.com/apps?new_app=1"
BOT_TOKEN = Ask(
    "bot_token",
    "The app's bot token",
    "With it the bot speaks in Slack. It begins with xoxb- and is not shown.",
    "On the app's page OAuth & Permissions, after Install to Workspace: Bot User OAuth Token.",
    begins=("xoxb-", "xoxe.xoxb-"),
)
APP_TOKEN = Ask(
    "app_token",
    "The app-level token",
    "With it the bot calls Slack and needs no address of its own. It begins with xapp- and is not shown.",
    "On the app's page Basic Information: App-Level Tokens, Generate, with the scope connections:write.",
    begins=("xapp-",),
)
SIGNING_SECRET = Ask(
    "signing_secret",
    "The app's signing secret",
    "With it the bot knows that a call comes from Slack. It is not shown.",
    "On the app's page Basic Information, App Credentials: Signing Secret, Show.",
)
APPROVALS = Ask(
    "channels.approvals",
    "The channel of approvals",
    "Each request is a card there: every organiser may read along, only owners decide.",
    "A channel of the organisers' workspace, a private one if you like. The bot sees a private one only "
    "when it is in it: say /invite @infra there, and press Enter here to look again.",
)
_TOKEN = {
    "account_inactive",
    "invalid_auth",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}


@dataclass(frozen=True)
class Identity:
    """Whose token it is, and the scopes the app lacks."""

    team_id: str
    team: str
    app_id: str | None
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Room:
    """A channel; the bot may or may not be *inside*."""

    id: str
    name: str
    inside: bool


@dataclass(frozen=True)
class Member:
    """A full member of the workspace; *names* are all that they are called."""

    id: str
    handle: str
    names: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Return how people recognise somebody."""
        name = next(iter(self.names), self.handle)
        return f"{name} (@{self.handle}, {self.id})"


class Workspace:
    """A workspace in which the app was just installed; failures are worded. Enter it by `workspace`."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing

    async def identity(self) -> Identity:
        """Return whose token it is."""
        with _worded():
            who, scopes = await self._outgoing.whoami()
            bot = await self._outgoing.user(str(who.get("user_id"))) if "users:read" in scopes else None
        app_id = ((bot or {}).get("profile") or {}).get("api_app_id")
        lacking = tuple(scope for scope in SCOPES if scopes and scope not in scopes)
        team_id = str(who.get("team_id", ""))
        return Identity(team_id, str(who.get("team") or team_id), app_id or None, lacking)

    async def try_socket(self, app_token: str) -> None:
        """Ask for a socket, which nobody then uses."""
        with _worded():
            await self._outgoing.link_address(app_token)

    async def rooms(self) -> tuple[Room, ...]:
        """Return the channels that could be the one of approvals, the likely ones first."""
        with _worded():
            found = await self._outgoing.channels()
        rooms = [
            Room(str(each["id"]), str(each["name"]), bool(each.get("is_member", True)))
            for each in found
            if not each.get("is_ext_shared") and not each.get("is_archived") and not each.get("is_general")
        ]
        return tuple(sorted(rooms, key=lambda room: (not room.inside, "approv" not in room.name, room.name)))

    async def members(self) -> tuple[Member, ...]:
        """Return the people who may speak to the bot."""
        with _worded():
            found = await self._outgoing.users()
        out = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
        members = []
        for user in found:
            if user["id"] == "USLACKBOT" or any(user.get(flag) for flag in out):
                continue
            profile = user.get("profile") or {}
            names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"))
            kept = tuple(dict.fromkeys(str(name) for name in names if name))
            members.append(Member(str(user["id"]), str(user.get("name", user["id"])), kept))
        return tuple(members)

    async def pin(
        self, help_: silent.Help, store: Store, channel: str, clock: Callable[[], datetime]
    ) -> None:
        """Pin *If the bot is silent*, once."""
        with _worded():
            await silent.pin(help_, self._outgoing, store, channel, clock)


@asynccontextmanager
async def workspace(api_url: str, bot_token: str) -> AsyncIterator[Workspace]:
    """Open the way to a workspace."""
    outgoing = Outgoing(api_url, bot_token, USUAL)
    await outgoing.open()
    try:
        yield Workspace(outgoing)
    finally:
        await outgoing.close()


@contextmanager
def _worded() -> Iterator[None]:
    """Turn what Slack says into what a person is told."""
    try:
        yield
    except SlackAway as away:
        raise Unavailable("Slack", f"Slack {away}.", "Look at the network, then try again.") from None
    except SlackRefused as refused:
        if refused.code in _TOKEN:
            hint = "Copy it anew from the app's pages, the whole of it."
            raise Denied("Slack", f"Slack does not accept this token: {refused.code}.", hint) from None
        if refused.code == "missing_scope":
            hint = "Give the app the manifest again (App Manifest), and install it again."
            raise Denied("Slack", "Slack says that the app lacks a scope.", hint) from None
        raise Rejected("Slack", f"Slack refused: {refused.code}.") from None
