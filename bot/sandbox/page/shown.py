"""What the page shows: one person's Slack, what the vendors hold, how the bot is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.core.event import Event, Kind
from bot.core.people import Person, Role
from bot.sandbox.standins import Channel, Message, Pane, Section, Slack, User, View

HOME = "home"
SLACKBOT = "USLACKBOT"
COLOURS = 8
APPROVALS = "infra-approvals"
_DECIDED = {Kind.APPROVED, Kind.DENIED, Kind.WITHDRAWN, Kind.EXPIRED}
TRY = "/infra grant-push organiser-1 website because looks after the schedule page"
_PERMALINK = re.compile(r"https://[\w-]+\.slack\.com/archives/(\w+)/p(\d+)(\d{6})")


@dataclass(frozen=True)
class Somebody:
    """One person to be: their role is what the bot makes of them."""

    id: str
    name: str
    role: str
    colour: int
    unread: int = 0


@dataclass(frozen=True)
class Room:
    """A conversation in the sidebar."""

    id: str
    label: str
    unread: int
    direct: bool
    note: str = ""


@dataclass(frozen=True)
class Said:
    """A message, with its replies."""

    message: Message
    author: Somebody
    at: datetime
    private: bool
    follows: bool = False
    replies: "tuple[Said, ...]" = ()

    @property
    def anchor(self) -> str:
        """Return the name of its place on the page."""
        return f"m{self.message.ts.replace('.', '')}"


@dataclass(frozen=True)
class Row:
    """One row of a pane: *state* is new, changed, gone or empty; *was* are the cells it had before."""

    cells: Sequence[Any]
    state: str = ""
    was: Sequence[Any] = ()


@dataclass(frozen=True)
class Table:
    """One table of a pane, with what is different from the seed."""

    title: str
    columns: Sequence[str]
    rows: tuple[Row, ...]

    @property
    def changes(self) -> int:
        """Return how many rows are different."""
        return sum(bool(row.state) for row in self.rows)


@dataclass
class Workspace:
    """The imitated Slack as one person sees it."""

    slack: Slack
    people: Sequence[Person]
    zone: ZoneInfo
    read: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Return what users and channels are called, by id."""
        users = {user.id: user.name for user in self.slack.users.values()}
        return users | {channel.id: channel.name for channel in self.slack.channels.values()}

    def somebody(self, id_: str) -> Somebody:
        """Return one person, or the bot."""
        user = self.slack.users[id_]
        return Somebody(id_, user.real_name or user.name, self._role(user), crc32(id_.encode()) % COLOURS)

    def everyone(self) -> list[Somebody]:
        """Return whom one can be, with what waits unread for each."""
        users = [u for u in self.slack.users.values() if not u.is_bot and u.id != SLACKBOT]
        return [Somebody(**{**vars(self.somebody(u.id)), "unread": self._told(u.id)}) for u in users]

    def rooms(self, viewer: str) -> list[Room]:
        """Return the conversations of one person, the one with the bot last."""
        self.slack.direct(viewer)
        channels = [c for c in self.slack.channels_of(viewer) if not c.person or c.person == viewer]
        ordered = sorted(channels, key=lambda c: (c.person is not None, c.name != "general", c.name))
        return [
            Room(
                channel.id,
                "Infra" if channel.person else channel.name,
                self._unread(viewer, channel),
                channel.person is not None,
                "shared with another workspace" if channel.shared else "",
            )
            for channel in ordered
        ]

    def conversation(self, viewer: str, channel: str) -> list[Said]:
        """Return what one person sees in a conversation, with replies in their place; it counts as read."""
        messages = self.slack.messages(channel, viewer)
        if messages:
            self.read[viewer, channel] = max(message.ts for message in messages)
        top = [m for m in messages if m.thread_ts in {None, m.ts}]
        said, before = [], None
        for message in top:
            replies = [m for m in messages if m.thread_ts == message.ts and m is not message]
            said.append(self._said(message, before, replies))
            before = message
        return said

    def view(self, viewer: str) -> View | None:
        """Return the modal somebody has in front of them."""
        views = self.slack.views(viewer)
        return views[-1] if views else None

    def _said(self, message: Message, before: Message | None, replies: Sequence[Message] = ()) -> Said:
        close = before is not None and float(message.ts) - float(before.ts) < 300
        same = before is not None and (before.user, before.ephemeral_to) == (
            message.user,
            message.ephemeral_to,
        )
        return Said(
            message=message,
            author=self.somebody(message.user),
            at=datetime.fromtimestamp(float(message.ts), UTC).astimezone(self.zone),
            private=message.ephemeral_to is not None,
            follows=close and same and not message.bot_id,
            replies=tuple(self._said(reply, None) for reply in replies),
        )

    def _unread(self, viewer: str, channel: Channel) -> int:
        last = self.read.get((viewer, channel.id), "")
        messages = self.slack.messages(channel.id, viewer)
        return sum(message.ts > last and message.user != viewer for message in messages)

    def _told(self, viewer: str) -> int:
        """Return how much of what the bot told somebody directly is unread."""
        return self._unread(viewer, self.slack.channels[self.slack.direct(viewer)])

    def _role(self, user: User) -> str:
        if user.is_bot:
            return "app"
        known = next((person for person in self.people if user.id in person.slack), None)
        if known:
            return known.role.value
        if user.is_stranger:
            return "stranger, another workspace"
        return "guest" if user.is_restricted else "unknown to the bot"


def first(workspace: Workspace) -> str:
    """Return whom a newcomer is at first: an organiser who can ask."""
    asking = [p for p in workspace.people if p.role is Role.ORGANISER and p.slack]
    return asking[-1].slack[0] if asking else next(iter(workspace.slack.users))


def invited(pane: Pane) -> list[str]:
    """Return the logins whose invitations wait."""
    rows = next((section["rows"] for section in pane["sections"] if section["title"] == "Invitations"), [])
    return [str(row[0]) for row in rows if str(row[-1]).startswith("until")]


def here(url: str, viewer: str) -> str | None:
    """Return where on this page a link to a message of the imitated Slack leads; None for any other link."""
    found = _PERMALINK.match(url)
    return f"/?as={viewer}&in={found[1]}#m{found[2]}{found[3]}" if found else None


def compared(now: Pane, seed: Pane) -> Iterator[Table]:
    """Yield the tables of a pane with what is different from the *seed*."""
    before = {section["title"]: section for section in seed["sections"]}
    for section in now["sections"]:
        old = before.get(section["title"])
        yield Table(section["title"], section["columns"], tuple(_rows(section, old["rows"] if old else [])))


def _rows(section: Section, old: list[list[Any]]) -> Iterator[Row]:
    before, after = _by_key(old, section["rows"]), _by_key(section["rows"], old)
    for key, cells in after.items():
        was = before.get(key)
        if was is None:
            yield Row(cells, "new")
        else:
            yield Row(cells, "changed" if was != cells else "", was)
    for key, cells in before.items():
        if key not in after:
            yield Row(cells, "gone")


def _by_key(rows: list[list[Any]], others: list[list[Any]]) -> Mapping[Any, list[Any]]:
    """Return rows by their first cell where that tells them apart, else by the whole row."""
    firsts = [row[0] for row in rows]
    unique = len(set(firsts)) == len(firsts) and len({row[0] for row in others}) == len(others)
    return {row[0] if unique else tuple(row): row for row in rows}


@dataclass(frozen=True)
class Hint:
    """What a newcomer may try next: *line* can be typed for them, *url* leads there."""

    words: str
    line: str = ""
    url: str = ""
    label: str = ""


def hint(journal: Sequence[Event], workspace: Workspace, viewer: str, invited: Sequence[str]) -> Hint | None:
    """Return the next thing to try; *invited* are the logins whose invitations wait."""
    kinds = {event.kind for event in journal}
    asker, owner = first(workspace), next(p for p in workspace.people if p.role is Role.OWNER and p.slack)
    approvals = next(room.id for room in workspace.rooms(asker) if room.label == APPROVALS)

    def be(somebody: str, words: str) -> Hint:
        url = f"/?as={somebody}&in={approvals}"
        return Hint(words, url=url, label=f"Be {workspace.somebody(somebody).name}")

    if not kinds & {Kind.FILED, Kind.FINISHED}:
        return Hint(f"Try it: `{TRY}`", line=TRY) if viewer == asker else be(asker, f"Try it: `{TRY}`")
    if Kind.FILED in kinds and not kinds & _DECIDED:
        if workspace.somebody(viewer).role == Role.OWNER.value:
            return Hint(f"Read the card in #{APPROVALS}, then press *Approve*.")
        return be(owner.slack[0], "Now it is an owner's turn.")
    if invited:
        who = f"{invited[0]} is invited on GitHub: accept for them below *Invitations*"
        return Hint(f"{who}, then move the clock, and the bot looks again.")
    if Kind.FINISHED in kinds:
        return Hint("Next: *Undo* it, ask with a fault switched on, or *kill -9* the bot as it applies.")
    return None
