"""What goes out to Slack, at the rates it allows; nothing is sent twice blindly."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.reply import Chart, File
from bot.core.values import Json
from bot.frontends.slack.kit import Message
from bot.frontends.slack.pace import TIER_4_METHODS, Pace, Rates

EVENT_TYPE = "infra"
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
TRIES = 5
PAGES = 5
CLOCKS_APART = timedelta(minutes=5)
SIGNED = "utf-8-sig"  # spreadsheets know by the mark at its beginning that a CSV is UTF-8
_UNSURE = {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org"}

Method: TypeAlias = Callable[..., Awaitable[Any]]


class SlackAway(Exception):  # noqa: N818 - it says what happened; the caller tries again later
    """Slack did not answer; with *unsure* it may have done what was asked."""

    def __init__(self, why: str, *, unsure: bool) -> None:
        super().__init__(why)
        self.unsure = unsure


class SlackRefused(Exception):  # noqa: N818 - the same
    """Slack said no, with its *code*; trying again changes nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Client(AsyncWebClient):
    """Slack's client; each method is called as Slack documents it: by POST, its arguments in the body."""

    async def api_call(
        self, api_method: str, *, params: dict[str, Any] | None = None, **more: Any
    ) -> AsyncSlackResponse:
        """Call a method; the library would ask some by GET, and put some arguments into the address."""
        if params:
            token = {"token": params["token"]} if "token" in params else None  # it becomes a header
            plain = {name: int(v) if isinstance(v, bool) else v for name, v in params.items()}
            more |= {"params": token, "data": {name: v for name, v in plain.items() if name != "token"}}
        return await super().api_call(api_method, **more | {"http_verb": "POST"})


class Outgoing:
    """The one way to Slack. Raises SlackAway and SlackRefused."""

    def __init__(self, api_url: str, bot_token: str, rates: Rates) -> None:
        self._api_url = api_url
        self._token = bot_token
        self._edits_apart = rates.edits_apart
        self._session: aiohttp.ClientSession | None = None
        self._paces: defaultdict[str, Pace] = defaultdict(lambda: Pace(*rates.tier_3))
        self._paces |= {method: Pace(*rates.tier_4) for method in TIER_4_METHODS}
        self._channels: defaultdict[str, Pace] = defaultdict(lambda: Pace(*rates.message))
        self._edited: dict[tuple[str, str], float] = {}
        self._directs: dict[str, str] = {}
        self._links: dict[tuple[str, str], str | None] = {}

    async def open(self) -> None:
        """Open the one session."""
        self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        self._client = self.client(self._token)

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    def client(self, token: str | None = None) -> AsyncWebClient:
        """Return Slack's client on our session, which retries nothing by itself."""
        client = Client(token, self._api_url, session=self._session, retry_handlers=[], timeout=10)
        client.proxy = None  # the library takes one from the environment, also for loopback
        return client

    # Messages.

    async def post(
        self, channel: str, message: Message, *, key: str, thread: str | None = None
    ) -> tuple[str, str]:
        """Post a message marked with *key*; return the conversation as Slack names it, and its ts.

        Whoever is unsure whether an earlier post arrived looks for its mark with
        `find` before posting again.
        """
        answer = await self._call(
            self._client.chat_postMessage,
            self._channels[channel],
            channel=channel,
            **_content(message),
            thread_ts=thread,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
        )
        return str(answer.get("channel") or channel), str(answer["ts"])

    async def find(self, channel: str, key: str, since: datetime) -> str | None:
        """Return the ts of the message that carries *key*; None too where Slack lets us read no history."""
        try:
            return await self._searched(channel, key, since)
        except SlackRefused:
            return None

    async def _searched(self, channel: str, key: str, since: datetime) -> str | None:
        oldest, cursor = str((since - CLOCKS_APART).timestamp()), ""
        for _ in range(PAGES):
            page = await self._call(
                self._client.conversations_history,
                channel=channel,
                oldest=oldest,
                cursor=cursor or None,
                limit=200,
                include_all_metadata=True,
            )
            for message in page["messages"]:
                metadata = message.get("metadata") or {}
                if (metadata.get("event_payload") or {}).get("key") == key:
                    ts: str = message["ts"]
                    return ts
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    def edit_due(self, channel: str, ts: str) -> float:
        """Return in how many seconds a message may be edited again."""
        return max(0.0, self._edited.get((channel, ts), 0.0) - monotonic())

    async def edit(self, channel: str, ts: str, message: Message) -> None:
        """Replace a message of ours."""
        now = monotonic()
        self._edited = {place: due for place, due in self._edited.items() if due > now}
        self._edited[channel, ts] = now + self._edits_apart
        await self._call(self._client.chat_update, channel=channel, ts=ts, **_content(message))

    async def whisper(self, channel: str, user: str, message: Message, thread: str | None = None) -> None:
        """Show a message to one person in a channel."""
        await self._call(
            self._client.chat_postEphemeral, channel=channel, user=user, thread_ts=thread, **_content(message)
        )

    async def direct(self, user: str) -> str:
        """Return the direct conversation with somebody; without the right to open it, a post finds it."""
        if user not in self._directs:
            try:
                answer = await self._call(self._client.conversations_open, users=[user])
            except SlackRefused as refused:
                if refused.code not in {"missing_scope", "unknown_method"}:
                    raise
                return user
            self._directs[user] = answer["channel"]["id"]
        return self._directs[user]

    async def link(self, channel: str, ts: str) -> str | None:
        """Return the link to a message; None when Slack does not say."""
        if (channel, ts) not in self._links:
            try:
                answer = await self._call(self._client.chat_getPermalink, channel=channel, message_ts=ts)
            except SlackAway:
                return None
            except SlackRefused:  # so it will be next time
                answer = {"permalink": None}
            self._links[channel, ts] = answer["permalink"]
        return self._links[channel, ts]

    async def upload(self, channel: str, file: Chart | File, thread: str | None = None) -> None:
        """Upload a picture or a file to a conversation, or to a thread of it.

        SlackAway is unsure only about the last of the three steps: before it nobody sees anything.
        """
        name, title, words, content = _file(file)
        try:
            place = await self._call(
                self._client.files_getUploadURLExternal, filename=name, length=len(content), alt_txt=words
            )
            status = await self._posted(place["upload_url"], data=content)
        except SlackAway as away:
            raise SlackAway(str(away), unsure=False) from None
        if status != 200:
            raise SlackRefused(f"upload_{status}")
        await self._call(
            self._client.files_completeUploadExternal,
            files=[{"id": place["file_id"], "title": title}],
            channel_id=channel,
            thread_ts=thread,
        )

    # Answers to one interaction.

    def may_respond(self, url: str) -> bool:
        """Return whether *url* is at Slack's own host, or at that of our API."""
        asked, ours = urlsplit(url), urlsplit(self._api_url)
        slack = asked.scheme == "https" and asked.netloc == "hooks.slack.com"
        return slack or (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)

    async def respond(self, url: str, message: Message | None, *, replace: bool = False) -> None:
        """Answer privately by a response URL, replacing what is there or not; None removes it."""
        if not self.may_respond(url):
            raise SlackRefused("response_url_elsewhere")
        body: Json = {"delete_original": True}
        if message is not None:
            body = {**_content(message), "response_type": "ephemeral", "replace_original": replace}
        status = await self._posted(url, json=body, allow_redirects=False)
        if status != 200:
            raise SlackRefused(f"response_url_{status}")

    async def _posted(self, url: str, **content: Any) -> int:
        """Post to an address that Slack gave for one use; return the status."""
        assert self._session is not None, "open first"
        try:
            async with self._session.post(url, **content) as response:
                status = response.status
        except aiohttp.ClientConnectorError:
            raise SlackAway("cannot be reached", unsure=False) from None
        except (aiohttp.ClientError, TimeoutError):
            raise SlackAway("did not answer", unsure=True) from None
        if status == 429 or status >= 500:
            raise SlackAway(f"answered {status}", unsure=status != 429)
        return status

    # Views and people.

    async def show_form(self, trigger: str, view: Json) -> None:
        """Open a form; the trigger lives three seconds."""
        await self._call(self._client.views_open, trigger_id=trigger, view=view)

    async def change_form(self, id_: str, view: Json) -> None:
        """Change a form that is open; what was filled in stays where a field stays."""
        await self._call(self._client.views_update, view_id=id_, view=view)

    async def show_home(self, user: str, view: Json) -> None:
        """Show somebody's App Home."""
        await self._call(self._client.views_publish, user_id=user, view=view)

    async def user(self, user: str) -> Mapping[str, Any] | None:
        """Return a user object; None when there is no such user."""
        try:
            answer = await self._call(self._client.users_info, user=user)
        except SlackRefused as refused:
            if refused.code in {"user_not_found", "users_not_found"}:
                return None
            raise
        found: Mapping[str, Any] = answer["user"]
        return found

    async def whoami(self) -> tuple[Mapping[str, Any], frozenset[str]]:
        """Return what ``auth.test`` says, and the scopes of our token."""
        answer = await self._call(self._client.auth_test)
        granted = answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or ""
        return answer.data, frozenset(filter(None, granted.replace(" ", "").split(",")))

    async def link_address(self, app_token: str) -> str:
        """Return the address of a socket, for one use; nobody need go there."""
        answer = await self._call(self._client.apps_connections_open, app_token=app_token)
        return str(answer["url"])

    async def channel(self, channel: str) -> Mapping[str, Any]:
        """Return a conversation object."""
        answer = await self._call(self._client.conversations_info, channel=channel)
        found: Mapping[str, Any] = answer["channel"]
        return found

    async def channels(self) -> list[Mapping[str, Any]]:
        """Return the channels we can see: all public ones, and private ones we are in."""
        kinds = "public_channel,private_channel"
        return await self._all(
            "channels", self._client.conversations_list, types=kinds, exclude_archived=True
        )

    async def users(self) -> list[Mapping[str, Any]]:
        """Return everybody in the workspace."""
        return await self._all("members", self._client.users_list)

    async def _all(self, name: str, method: Method, **args: Any) -> list[Mapping[str, Any]]:
        """Return what all pages of a list hold under *name*."""
        found: list[Mapping[str, Any]] = []
        cursor = ""
        while True:
            page = await self._call(method, **args, limit=200, cursor=cursor or None)
            found += page[name]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def pin(self, channel: str, ts: str) -> None:
        """Pin a message to its channel; one that is pinned stays so."""
        try:
            await self._call(self._client.pins_add, channel=channel, timestamp=ts)
        except SlackRefused as refused:
            if refused.code != "already_pinned":
                raise

    async def _call(self, method: Method, pace: Pace | None = None, /, **args: Any) -> Any:
        """Call a method in its turn; wait where Slack asks us to."""
        pace = pace or self._paces[getattr(method, "__name__", "")]
        for _ in range(TRIES):
            await pace.turn()
            try:
                return await method(**args)
            except SlackApiError as error:
                seconds = _wait(error)
                if seconds is None:
                    raise _meaning(error) from None
                pace.hold(seconds)
            except aiohttp.ClientConnectorError:
                raise SlackAway("cannot be reached", unsure=False) from None
            except (
                aiohttp.ClientError,
                TimeoutError,
                OSError,
                AttributeError,
            ):  # the last: a body of plain text
                raise SlackAway("did not answer", unsure=True) from None
        raise SlackAway("asks us to wait", unsure=False)


def _file(file: Chart | File) -> tuple[str, str, str | None, bytes]:
    """Return a file's name, its title, what it shows in words, and its bytes."""
    if isinstance(file, Chart):
        return "chart.png", file.title, file.words[:1000], file.png
    coding = SIGNED if file.name.endswith(".csv") else "utf-8"
    return file.name, file.name, None, file.text.encode(coding)


def _content(message: Message) -> Json:
    return {"text": message.text, "blocks": [*message.blocks]}


def _wait(error: SlackApiError) -> float | None:
    """Return how long Slack asks us to wait, if that is what it says."""
    response: Any = error.response
    if getattr(response, "status_code", 0) != 429 and _code(error) != "ratelimited":
        return None
    headers = {name.lower(): value for name, value in (getattr(response, "headers", None) or {}).items()}
    said = str(headers.get("retry-after", "1"))
    return min(float(said), 120.0) if said.isdecimal() else 1.0


def _code(error: SlackApiError) -> str:
    response: Any = error.response
    try:
        return str(response["error"] or "")
    except (AttributeError, KeyError, TypeError, ValueError):  # the body is no JSON object
        return ""


def _meaning(error: SlackApiError) -> SlackAway | SlackRefused:
    code, status = _code(error), getattr(error.response, "status_code", 0)
    if status != 200 or not code or code in _UNSURE:
        return SlackAway(code or f"answered {status}", unsure=True)
    return SlackRefused(code)
