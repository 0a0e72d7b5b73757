"""Slack's Web API as this project uses it to look at workspaces, and to announce something."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.core.errors import Denied, OutcomeUnknown, Rejected, Unavailable, VendorError
from bot.core.people import listed
from bot.http import Answer, Http, Memo, Network
from bot.http.shape import Shape
from integrations.slack_workspaces.models import Auth, Channel, Message, Page, Said, User
from integrations.slack_workspaces.settings import SlackWorkspacesSettings, WorkspaceSettings

S = TypeVar("S", bound=Shape)

HOURLY = 1200  # the slowest methods are allowed 20 times a minute
PAGE = 200
PAGES = 50
RARELY = 3600.0  # seconds: the list of users is asked for no more often
EVENT_TYPE = "infra"
REFUSED = {
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
}
TROUBLE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"}
HINTS = {
    "channel_not_found": "The channel is not there, or private: `/invite` the bot in it.",
    "not_in_channel": "Somebody in the channel says `/invite` and the bot's name there.",
    "is_archived": "The channel is archived: set another one as `announcements`.",
    "restricted_action": "An admin of that workspace lets the bot post in the channel.",
}


def connect(settings: SlackWorkspacesSettings, network: Network) -> "SlackWorkspacesClient":
    """Return clients for both workspaces."""
    found = {
        name: _workspace(name, each, settings.url, network)
        for name, each in (("organisers", settings.organisers), ("attendees", settings.attendees))
    }
    return SlackWorkspacesClient(found)


def _workspace(name: str, settings: WorkspaceSettings, url: str, network: Network) -> "Workspace":
    token = settings.token.get_secret_value()
    title = f"Slack ({name})"
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
    http = Http(network, title, settings.url or url, headers=headers, secrets=(token,), hourly=HOURLY)
    return Workspace(http, name, title, settings)


@dataclass(frozen=True)
class SlackWorkspacesClient:
    """Our workspaces, by name."""

    workspaces: Mapping[str, "Workspace"]

    async def account(self) -> str | None:
        """Return what our tokens belong to: apps of the workspaces, and nobody's account."""
        teams = [(await each.auth()).team for each in self.workspaces.values()]
        return listed((f"our app in {team}" for team in teams), "and")


@dataclass
class Workspace:
    """One workspace. All but one method read."""

    _http: Http
    name: str
    title: str
    settings: WorkspaceSettings
    users_memo: Memo = field(default_factory=lambda: Memo(RARELY))

    def now(self) -> datetime:
        """Return the time."""
        return self._http.network.clock()

    async def auth(self) -> Auth:
        """Return who our token is, and the scopes it has."""
        answer = await self._read("auth.test")
        scopes = answer.headers.get("X-OAuth-Scopes", "").replace(" ", "")
        return self._http.fit(Auth, {**answer.content, "scopes": scopes.split(",") if scopes else []})

    async def users(self) -> list[User]:
        """Return everybody, bots and those who left included; the list may be an hour old."""
        return await self.users_memo("users", lambda: self._list("users.list", "members", User, {}))

    async def channel(self, id_: str) -> Channel:
        """Return a channel."""
        answer = await self._read("conversations.info", {"channel": id_})
        return self._http.fit(Channel, answer.content.get("channel"))

    async def history(self, channel: str, since: datetime) -> list[Message]:
        """Return the messages of a channel since a moment, with what they carry."""
        asked = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "include_all_metadata": "true"}
        return await self._list("conversations.history", "messages", Message, asked)

    async def post(self, channel: str, text: str, key: str) -> str:
        """Post a message that carries a key; return the time that names it."""
        content = {
            "channel": channel,
            "text": text,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            "unfurl_links": False,
        }
        answer = await self._http.write("POST", "/chat.postMessage", content)
        self._good(answer, write=True)
        return self._http.fit(Message, answer.content).ts

    async def _list(self, method: str, name: str, model: type[S], asked: Mapping[str, str]) -> list[S]:
        """Return the items of a list, which stand under *name*, following each page to the next."""
        found, cursor = list[S](), ""
        for _ in range(PAGES):
            more = {"cursor": cursor} if cursor else {}
            answer = await self._read(method, {**asked, "limit": PAGE, **more})
            page = self._http.fit(Page, {**answer.content, "items": answer.content.get(name)})
            found += [self._http.fit(model, item) for item in page.items]
            cursor = page.response_metadata.next_cursor
            if not cursor:
                return found
        raise Rejected(self.title, f"{self.title}'s list has no end.", "Tell the maintainer if it stays so.")

    async def _read(self, method: str, asked: Mapping[str, str | int] | None = None) -> Answer:
        answer = await self._http.get(f"/{method}", asked)
        self._good(answer)
        return answer

    def _good(self, answer: Answer, *, write: bool = False) -> None:
        """Raise when Slack says no, which it does with status 200."""
        said = self._http.fit(Said, answer.content)
        if not said.ok:
            raise self._error(said, write=write)

    def _error(self, said: Said, *, write: bool) -> VendorError:
        if said.error in REFUSED:
            text = f"{self.title} does not accept our token ({said.error})."
            return Denied(self.title, text, "An admin there installs the app again; `infra check` proves it.")
        if said.error == "missing_scope":
            text = f"{self.title} does not let our token do this: it lacks the scope `{said.needed}`."
            return Denied(self.title, text, "An admin there adds it to the app, and installs it again.")
        if said.error in TROUBLE and write and said.error != "ratelimited":
            text = f"{self.title} had trouble ({said.error}); it may have posted all the same."
            return OutcomeUnknown(self.title, text, "Look there before trying again.")
        if said.error in TROUBLE:
            text = f"{self.title} has trouble ({said.error}). Nothing was changed."
            return Unavailable(self.title, text, "Try again later.")
        hint = HINTS.get(said.error, "Nothing was changed.")
        return Rejected(self.title, f"{self.title} refused: {said.error or 'no reason'}.", hint)
