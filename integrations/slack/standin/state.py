"""What the workspace holds: people, conversations, messages, views, and short-lived ids."""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 1800.0
RESPONSE_USES = 5
SLACKBOT = "USLACKBOT"
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "pins:write",
    "users:read",
    "users:read.email",
)


class SlackError(Exception):
    """Refuse a Web API call with Slack's *code*; *detail* joins the answer."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass
class User:
    """Somebody, or some bot, with the flags of Slack's user object."""

    id: str
    name: str
    team_id: str
    real_name: str = ""
    email: str = ""
    tz: str = "Europe/London"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    has_2fa: bool | None = None  # shown only to some apps
    updated: int = 0


@dataclass
class File:
    """An uploaded file; *content* is None until its bytes arrived."""

    id: str
    name: str
    length: int
    title: str = ""
    content: bytes | None = None
    shared: bool = False


@dataclass
class Message:
    """A message, or with *ephemeral_to* a note one person sees; *inputs* is what each person chose in it."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: Json | None = None
    ephemeral_to: str | None = None
    files: list[File] = field(default_factory=list)
    inputs: dict[str, Json] = field(default_factory=dict)


@dataclass
class Channel:
    """A channel, or with *person* the direct conversation between that person and the bot."""

    id: str
    name: str
    private: bool = False
    shared: bool = False
    archived: bool = False
    person: str | None = None
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return the word Slack's scopes use for it: channels, groups or im."""
        if self.person:
            return "im"
        return "groups" if self.private else "channels"


@dataclass
class View:
    """A modal or App Home as one person has it open; *errors* and *trouble* are what Slack shows in it."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    inputs: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """Return its blocks."""
        blocks: list[Json] = self.body["blocks"]
        return blocks


@dataclass
class Trigger:
    """Leave to open one view, given with each interaction."""

    user: str
    expires: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Leave to answer one interaction a few times; *original* is the message it may replace."""

    user: str
    channel: str
    expires: float
    original: Message | None = None
    uses: int = 0


class Workspace:
    """One workspace with one installed app. *clock* dates messages, *monotonic* ages what is short-lived.

    Switches: *base_url* is where this is served; *request_url* and *mode* say how the app is reached;
    *rate_limits*, *refuse_connections*, *ack_seconds* and *retry_delays* bend Slack's manners for a test.
    """

    def __init__(
        self,
        seed: Mapping[str, Any],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seed = seed
        self.clock = clock
        self.monotonic = monotonic
        self.base_url: str | None = None
        self.request_url: str | None = None
        self.mode: Literal["http", "socket"] = "http"
        self.rate_limits = True
        self.refuse_connections = False
        self.ack_seconds = 3.0
        self.retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
        self.version = 0
        self._changed = asyncio.Event()
        self.load()

    def load(self) -> None:
        """Take the state of the seed; switches stay, and messages are dated by the clock again."""
        seed = self._seed
        self._last_ts = 0
        self.team_id: str = seed["team_id"]
        self.team_domain: str = seed["team_domain"]
        self.app_id: str = seed["app_id"]
        self.bot_user_id: str = seed["bot_user_id"]
        self.bot_id: str = seed["bot_id"]
        self.bot_token: str = seed["bot_token"]
        self.app_token: str = seed["app_token"]
        self.signing_secret: str = seed["signing_secret"]
        self.scopes: tuple[str, ...] = tuple(seed.get("scopes", SCOPES))
        self.needed: set[str] = set()
        self.commands: tuple[str, ...] = tuple(seed.get("commands", ("/infra",)))
        self.revoked = False
        self.users: dict[str, User] = {}
        for each in seed["users"]:
            self.add_user(each)
        for id_, name, is_bot in ((SLACKBOT, "slackbot", False), (self.bot_user_id, "infra", True)):
            if id_ not in self.users:
                self.add_user({"id": id_, "name": name, "is_bot": is_bot})
        self.channels: dict[str, Channel] = {}
        for each in seed["channels"]:
            self.channels[each["id"]] = Channel(**{**each, "members": list(each.get("members", ()))})
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.responses: dict[str, ResponseUrl] = {}
        self.files: dict[str, File] = {}
        self.tickets: set[str] = set()
        self.offered: dict[tuple[str, ...], list[Json]] = {}
        self.touch()

    def touch(self) -> None:
        """Note that something changed."""
        self.version += 1
        event, self._changed = self._changed, asyncio.Event()
        event.set()

    async def changed(self, since: int, within: float | None = None) -> int:
        """Wait until the version is beyond *since*, at most *within* seconds; return the version."""
        if self.version <= since:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._changed.wait()
        return self.version

    @property
    def now(self) -> int:
        """Return the clock's whole seconds."""
        return int(self.clock().timestamp())

    def mint_ts(self) -> str:
        """Return the stamp of a new message: the clock's time, but always later than the one before."""
        self._last_ts = max(int(self.clock().timestamp() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def mint_id(self, letter: str) -> str:
        """Return a new id that starts with *letter*."""
        return letter + secrets.token_hex(5).upper()

    def mint_trigger(self, user: str) -> str:
        """Return a trigger id with which the app may open one view for *user* soon."""
        id_ = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[id_] = Trigger(user, self.monotonic() + TRIGGER_SECONDS)
        return id_

    def spend_trigger(self, id_: str) -> str:
        """Return whose trigger this is; it works once, and soon."""
        trigger = self.triggers.get(id_)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.monotonic() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def mint_response_url(self, kind: str, user: str, channel: str, original: Message | None = None) -> str:
        """Return a URL for answers to an interaction; *kind* is "commands" or "actions"."""
        id_ = f"{kind}/{self.team_id}/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}"
        self.responses[id_] = ResponseUrl(user, channel, self.monotonic() + RESPONSE_SECONDS, original)
        return self.url(f"/response/{id_}")

    def url(self, path: str) -> str:
        """Return the full address of a *path* here."""
        if self.base_url is None:
            raise RuntimeError("set StandIn.base_url to where its application is served")
        return self.base_url.rstrip("/") + path

    def add_user(self, seed: Mapping[str, Any]) -> User:
        """Add somebody from plain data."""
        name = seed["name"]
        user = User(**{"team_id": self.team_id, "email": f"{name}@example.org", "updated": self.now, **seed})
        user.real_name = user.real_name or name
        self.users[user.id] = user
        return user

    def require(self, *scopes: str) -> None:
        """Refuse when the bot's token has none of *scopes*; the first is noted as needed."""
        self.needed.add(scopes[0])
        if not any(scope in self.scopes for scope in scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=",".join(self.scopes))

    def user(self, id_: str) -> User:
        """Return a user."""
        if id_ not in self.users:
            raise SlackError("user_not_found")
        return self.users[id_]

    def direct_channel(self, user_id: str) -> Channel:
        """Return the direct conversation between somebody and the bot, opening it when there is none."""
        user = self.user(user_id)
        if user.deleted:
            raise SlackError("user_disabled")
        if user.id in {SLACKBOT, self.bot_user_id}:
            raise SlackError("cannot_dm_bot")
        id_ = f"D{user_id[1:]}"
        if id_ not in self.channels:
            members = [user_id, self.bot_user_id]
            self.channels[id_] = Channel(id_, "directmessage", private=True, person=user_id, members=members)
        return self.channels[id_]

    def bot_channel(self, id_: str) -> Channel:
        """Return a conversation the bot can see: private ones only from inside."""
        channel = self.channels.get(id_)
        if channel is None or (channel.private and self.bot_user_id not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def writable(self, id_: str) -> Channel:
        """Return a conversation the bot may post to; a user's id means the direct one."""
        channel = self.direct_channel(id_) if id_ in self.users else self.bot_channel(id_)
        if channel.archived:
            raise SlackError("is_archived")
        if self.bot_user_id not in channel.members and "chat:write.public" not in self.scopes:
            raise SlackError("not_in_channel")
        return channel

    def message(self, channel: str, ts: str) -> Message | None:
        """Return a message, or one person's note, by its stamp."""
        found = self.channels.get(channel)
        return next((m for m in found.messages if m.ts == ts), None) if found else None

    def post(self, channel: str, user: str, text: str = "", **rest: Any) -> Message:
        """Add a message and return it; *rest* are the other fields of ``Message``."""
        message = Message(self.mint_ts(), channel, user, text, **rest)
        self.channels[channel].messages.append(message)
        self.touch()
        return message

    def remove(self, message: Message) -> None:
        """Delete a message and its pin."""
        channel = self.channels[message.channel]
        channel.messages.remove(message)
        channel.pins = [ts for ts in channel.pins if ts != message.ts]
        self.touch()

    def view(self, view_id: str) -> View:
        """Return an open modal or a home by its id."""
        open_views = [view for stack in self.modals.values() for view in stack]
        for view in [*open_views, *self.homes.values()]:
            if view.id == view_id:
                return view
        raise SlackError("not_found")
