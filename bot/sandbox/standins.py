"""What the sandbox needs of the stand-ins, which are loaded by the name of their vendor's folder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol, TypedDict, runtime_checkable

from aiohttp import web

INTEGRATIONS = Path(__file__).parents[2] / "integrations"
SERVED_BY = {"slack_workspaces": "slack"}  # vendors whose stand-in is that of another folder


class Section(TypedDict):
    """One table of a pane."""

    title: str
    columns: list[str]
    rows: list[list[Any]]


class Pane(TypedDict):
    """What a vendor holds, for people."""

    title: str
    sections: list[Section]


class StandIn(Protocol):
    """One imitated vendor."""

    app: web.Application

    def pane(self) -> Pane:
        """Return what the vendor now holds."""

    def reset(self) -> None:
        """Go back to the seed."""


class WebhookDelivery(Protocol):
    """One webhook delivery of a vendor."""

    event: str
    headers: dict[str, str]
    body: bytes
    status: int | None


class Hooks(Protocol):
    """A vendor's webhook."""

    deliveries: Sequence[WebhookDelivery]

    def point(self, url: str, secret: str) -> None:
        """Tell an address what happens from now on."""

    async def redeliver(self, delivery: Any) -> int | None:
        """Send a delivery again as it was; return the answer's status."""


@runtime_checkable
class Hooking(Protocol):
    """An imitated vendor that has webhooks."""

    hooks: Hooks


class GitHub(StandIn, Hooking, Protocol):
    """The imitated GitHub; *world* lets people act behind the API's back."""

    world: Any
    graphql_enabled: bool

    def accept(self, login: str) -> None:
        """Let somebody accept what waits for them."""

    def decline(self, login: str) -> None:
        """Let somebody refuse what waits for them."""


class ReadTheDocs(StandIn, Protocol):
    """The imitated Read the Docs; *failing* is the error with which builds end that begin from now on."""

    builds: Sequence[Any]
    failing: str


class DNSimple(StandIn, Hooking, Protocol):
    """The imitated DNSimple; *world* lets people act behind the API's back."""

    world: Any
    servers: Mapping[str, Any]
    site: Any

    def outside(self) -> Mapping[str, Any]:
        """Return where its name servers and the web of its names are to be asked."""


class User(Protocol):
    """Somebody in Slack."""

    id: str
    name: str
    real_name: str
    is_bot: bool
    is_restricted: bool
    is_stranger: bool


class File(Protocol):
    """An uploaded file."""

    id: str
    name: str
    title: str
    content: bytes | None


class Message(Protocol):
    """A message, or a note one person sees."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[dict[str, Any]]
    bot_id: str | None
    thread_ts: str | None
    edited: dict[str, Any] | None
    ephemeral_to: str | None
    files: Sequence[File]
    inputs: dict[str, dict[str, Any]]


class Channel(Protocol):
    """A channel or a direct conversation."""

    id: str
    name: str
    shared: bool
    person: str | None
    members: list[str]


class View(Protocol):
    """A modal or App Home as somebody has it open."""

    id: str
    hash: str
    body: dict[str, Any]
    inputs: dict[str, Any]
    errors: dict[str, str]
    trouble: str | None

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Return its blocks."""


class Delivery(Protocol):
    """One thing sent to the app."""

    kind: str
    mode: str
    payload: dict[str, Any]
    status: int | None
    error: str | None
    seconds: float
    done: bool

    @property
    def ok(self) -> bool:
        """Return whether the app acknowledged in time."""


class Hand(Protocol):
    """What one person does."""

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> Delivery | None:
        """Type a command or a message and send it."""

    async def press(
        self, channel: str, ts: str, action_id: str, value: str | None = None, block_id: str | None = None
    ) -> Delivery:
        """Press a button of a message."""

    async def press_in_view(
        self, view_id: str, action_id: str, value: str | None = None, block_id: str | None = None
    ) -> Delivery:
        """Press a button of a view."""

    async def choose(
        self, channel: str, ts: str, action_id: str, choice: Any, block_id: str | None = None
    ) -> Delivery:
        """Choose in a menu of a message."""

    async def choose_in_view(
        self, view_id: str, action_id: str, choice: Any, block_id: str | None = None
    ) -> Delivery | None:
        """Choose or type in a view."""

    async def type_ahead(
        self, view_id: str, action_id: str, text: str, block_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the options that a menu of a view offers for *text*."""

    async def submit(self, view_id: str, values: Mapping[str, Any] | None = None) -> Delivery | None:
        """Send a modal."""

    async def close(self, view_id: str, *, everything: bool = False) -> Delivery | None:
        """Close a modal."""

    async def shortcut(self, callback_id: str) -> Delivery:
        """Use a global shortcut."""

    async def open_home(self, tab: str = "home") -> Delivery:
        """Open the app's home."""


class Slack(StandIn, Protocol):
    """The imitated Slack workspace."""

    users: Mapping[str, User]
    channels: Mapping[str, Channel]
    modals: Mapping[str, Sequence[View]]
    files: Mapping[str, File]
    bot_user_id: str
    base_url: str | None
    request_url: str | None
    mode: Literal["http", "socket"]
    deaf: bool
    rate_limits: bool
    version: int

    @property
    def deliveries(self) -> Sequence[Delivery]:
        """Return what was sent to the app, oldest first."""

    def as_(self, user_id: str) -> Hand:
        """Return somebody's hands."""

    def direct(self, user_id: str) -> str:
        """Return the conversation between somebody and the bot."""

    def channels_of(self, viewer: str) -> Sequence[Channel]:
        """Return the conversations somebody is in."""

    def messages(self, channel: str, viewer: str) -> Sequence[Message]:
        """Return what somebody sees in a conversation, oldest first."""

    def views(self, user_id: str) -> Sequence[View]:
        """Return the modals somebody has open, the top one last."""

    def home(self, user_id: str) -> View | None:
        """Return somebody's App Home when there is one."""

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send what was sent once more, as it was."""

    async def changed(self, since: int, within: float | None = None) -> int:
        """Wait for a version beyond *since*."""


def vendors() -> Iterator[str]:
    """Yield the vendors that have a stand-in, their own or that of another."""
    for folder in sorted(INTEGRATIONS.iterdir()):
        if folder.name in SERVED_BY or (folder / "standin").is_dir() or (folder / "standin.py").is_file():
            yield folder.name


def load(vendor: str, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> StandIn:
    """Return a vendor's stand-in."""
    folder = SERVED_BY.get(vendor, vendor)
    standin: StandIn = import_module(f"integrations.{folder}.standin").StandIn(seed, clock)
    return standin
