"""A small Slack, written from Slack's documentation: a few methods, two ways to deliver, no favours."""

import hashlib
import hmac
import itertools
import json
import queue
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlencode

from tests.elsewhere.sockets import Link
from tests.elsewhere.wire import Answer, Call, Place, until

TEAM, APP, SECRET = "T024BE7LD", "A012ABCD0A0", "8f742231b10e8888abcd99yyyzzz85a5"
BOT_TOKEN, APP_TOKEN = "xoxb-1234-elsewhere", "xapp-1-elsewhere"
APPROVALS, DIGESTS, GENERAL, BOT = "C0APPROVE", "C0DIGESTS", "C0GENERAL", "U0INFRABOT"

Json = dict[str, Any]


def words(part: object) -> str:
    """Return all that is read in a message, a form or a part of one."""
    match part:
        case str():
            return part
        case list():
            return "\n".join(filter(None, map(words, part)))
        case dict():
            shown = ("text", "title", "label", "hint", "fields", "elements", "element", "blocks")
            return "\n".join(filter(None, (words(part[name]) for name in shown if name in part)))
        case _:
            return ""


def buttons(message: Json) -> dict[str, Json]:
    """Return the buttons of a message by what is written on them."""
    rows = [block for block in message.get("blocks") or () if block["type"] == "actions"]
    return {each["text"]["text"]: each for row in rows for each in row["elements"]}


@dataclass(frozen=True)
class Taken:
    """What the bot answered to a delivery, and how fast."""

    status: int
    content: Any
    seconds: float


class Slack(Place):
    """One workspace. Methods it does not have are `unknown_method`."""

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, Json] = {}
        self.messages: list[Json] = []
        self.whispers: list[tuple[str, Json]] = []
        self.views: list[Json] = []
        self.unknown: list[str] = []
        self.flaws: defaultdict[str, list[Answer]] = defaultdict(list)
        self.refused: dict[str, str] = {}
        self.links: list[Link] = []
        self.deliver_to = 0  # the bot's port; 0 is Socket Mode
        self._urls: dict[str, tuple[str, int]] = {}
        self._acks: dict[str, queue.SimpleQueue[Json]] = {}
        self._count = itertools.count(1)

    def join(self, id_: str, name: str, **flags: Any) -> str:
        """Let somebody into the workspace; flags that are not given are left out."""
        self.users[id_] = {"id": id_, "name": name, **flags}
        return id_

    # What is to be seen.

    def cards(self) -> list[Json]:
        """Return the messages in the channel of approvals."""
        return [message for message in self.messages if message["channel"] == APPROVALS]

    def card(self, *said: str) -> Json:
        """Return the newest card that says all of *said*, when it does."""

        def newest() -> Json | None:
            fits = [card for card in self.cards() if all(part in words(card) for part in said)]
            return fits[-1] if fits else None

        return until(newest, what=lambda: (said, [words(card) for card in self.cards()]))

    def private(self, user: str) -> list[Json]:
        """Return what one person alone was shown, directly and in channels."""
        direct = [message for message in self.messages if message["channel"] == f"D{user}"]
        return [*direct, *(message for who, message in self.whispers if who == user)]

    def told(self, user: str, *said: str) -> Json:
        """Return a message to one person alone that says all of *said*, when there is one."""

        def fitting() -> Json | None:
            fits = [each for each in self.private(user) if all(part in words(each) for part in said)]
            return fits[-1] if fits else None

        return until(fitting, what=lambda: (said, [words(each) for each in self.private(user)]))

    # What people do.

    def say(self, user: str, text: str, **changed: Any) -> Taken:
        """Type ``/infra`` and *text* in a channel."""
        form = {
            "token": "legacy",
            "team_id": TEAM,
            "team_domain": "elsewhere",
            "channel_id": GENERAL,
            "channel_name": "general",
            "user_id": user,
            "user_name": self.users[user]["name"],
            "command": "/infra",
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self.response_url(user),
            "trigger_id": self.trigger(),
        }
        for _ in range(5):  # as somebody does who is told to try again
            taken = self.deliver("slash_commands", _without_none(form | changed))
            if "try again" not in str(taken.content):
                break
        return taken

    def press(self, user: str, message: Json, label: str, **changed: Any) -> Taken:
        """Press a button of a message."""
        return self.deliver("interactive", self.pressing(user, message, label, **changed))

    def pressing(self, user: str, message: Json, label: str, **changed: Any) -> Json:
        """Return the payload of pressing a button of a message."""
        button, channel = buttons(message)[label], message.get("channel", GENERAL)
        ephemeral = "ts" not in message
        payload = {
            "type": "block_actions",
            "api_app_id": APP,
            "token": "legacy",
            "team": {"id": TEAM, "domain": "elsewhere"},
            "user": {"id": user, "username": "x", "name": "x", "team_id": TEAM},
            "channel": {"id": channel, "name": "somewhere"},
            "container": {
                "type": "message",
                "message_ts": message.get("ts", self.stamp()),
                "channel_id": channel,
                "is_ephemeral": ephemeral,
            },
            "message": None if ephemeral else message,
            "actions": [
                {
                    "action_id": button["action_id"],
                    "block_id": "Xyz1",
                    "type": "button",
                    "text": button["text"],
                    "value": button["value"],
                    "action_ts": self.stamp(),
                }
            ],
            "response_url": self.response_url(user),
            "trigger_id": self.trigger(),
        }
        return _without_none(payload | changed)

    def submit(self, user: str, view: Json, typed: str, **changed: Any) -> Taken:
        """Send a form in which *typed* is written."""
        (field,) = [block for block in view["blocks"] if block["type"] == "input"]
        value = {"type": "plain_text_input", "value": typed}
        state = {"values": {field["block_id"]: {field["element"]["action_id"]: value}}}
        whole = view | {"id": "V0001", "hash": "1.abc", "team_id": TEAM, "state": state}
        payload = {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "elsewhere"},
            "user": {"id": user, "username": "x", "team_id": TEAM},
            "api_app_id": APP,
            "trigger_id": self.trigger(),
            "view": whole,
            "response_urls": [],
        }
        return self.deliver("interactive", _without_none(payload | changed))

    def happen(self, event: Json, id_: str | None = None) -> Taken:
        """Let something happen that the app listens to."""
        envelope = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "event_id": id_ or f"Ev{next(self._count)}",
            "event_time": int(_now()),
        }
        return self.deliver("events_api", envelope)

    def response_url(self, user: str) -> str:
        """Return a new address at which one interaction is answered, five times at most."""
        path = f"/actions/{TEAM}/{next(self._count)}"
        self._urls[path] = (user, 5)
        return self.url + path

    def trigger(self) -> str:
        """Return a new leave to open a form."""
        return f"{next(self._count)}.{_now():.3f}.abc"

    def stamp(self) -> str:
        """Return a new ts."""
        return f"{int(_now())}.{next(self._count):06}"

    # Delivering.

    def deliver(self, kind: str, payload: Json) -> Taken:
        """Deliver something over HTTP or over the newest link, and return the bot's answer."""
        if self.deliver_to:
            return self.post(*self.signed(kind, payload))
        return self.frame(kind, payload)

    def signed(self, kind: str, payload: Json) -> tuple[bytes, dict[str, str]]:
        """Return the body of a delivery and the headers that prove it."""
        if kind == "events_api":
            body, type_ = json.dumps(payload).encode(), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, type_ = urlencode(form).encode(), "application/x-www-form-urlencoded"
        stamp = str(int(_now()))
        signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        return body, {
            "Content-Type": type_,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }

    def post(self, body: bytes, headers: dict[str, str], **more: str) -> Taken:
        """Post what was signed; the same again is a redelivery."""
        extra = {name.replace("_", "-"): value for name, value in more.items()}
        connection, start = HTTPConnection("127.0.0.1", self.deliver_to, timeout=10), time.monotonic()
        try:
            connection.request("POST", "/slack/events", body, headers | extra)
            response = connection.getresponse()
            raw = response.read().decode()
        finally:
            connection.close()
        seconds = time.monotonic() - start
        is_json = (response.headers.get("content-type") or "").startswith("application/json")
        return Taken(response.status, json.loads(raw) if is_json else raw, seconds)

    def frame(self, kind: str, payload: Json, id_: str | None = None) -> Taken:
        """Send one frame over the newest link; the same envelope again is a redelivery."""
        id_ = id_ or f"env-{next(self._count)}"
        frame: Json = {"envelope_id": id_, "type": kind, "payload": payload}
        if kind != "events_api":
            frame["accepts_response_payload"] = True
        self._acks[id_], start = queue.SimpleQueue(), time.monotonic()
        self._send(frame)
        try:
            answer = self._acks[id_].get(timeout=10)
        except queue.Empty:
            return Taken(0, None, time.monotonic() - start)
        return Taken(200, answer.get("payload", ""), time.monotonic() - start)

    def disconnect(self, reason: str) -> None:
        """Tell the bot that its link goes, as Slack does every few hours; the next one is another."""
        link = self._send({"type": "disconnect", "reason": reason, "debug_info": {"host": "elsewhere"}})
        until(lambda: self.links and self.links[-1] is not link)

    def _send(self, message: Json) -> Link:
        """Send *message* over the newest link that still takes it, and return that link."""

        def sent() -> Link | None:
            link = self.links[-1] if self.links else None
            with suppress(OSError, ValueError):  # the bot closed it this moment
                if link:
                    link.send(json.dumps(message))
                    return link
            return None

        return until(sent, what="no link")

    def linked(self, handler: BaseHTTPRequestHandler) -> None:
        """Keep a link of Socket Mode."""
        link = Link(handler)
        link.send(json.dumps({"type": "hello", "connection_info": {"app_id": APP}, "num_connections": 1}))
        self.links.append(link)
        while (text := link.receive()) is not None:
            said = json.loads(text)
            if said.get("envelope_id") in self._acks:
                self._acks[said["envelope_id"]].put(said)
        self.links.remove(link)

    # The Web API.

    def answer(self, call: Call) -> Answer:
        """Answer a call of a method, or take an answer at a response URL."""
        if call.path in self._urls:
            return self._answered(call)
        method = call.path.removeprefix("/api/")
        if call.method != "POST":
            self.unknown.append(f"{call.method} {call.path}")
            return Answer(405, b"Method Not Allowed", {"Content-Type": "text/plain"})
        if self.flaws[method]:
            return self.flaws[method].pop(0)
        if method in self.refused:
            return Answer(200, {"ok": False, "error": self.refused[method]})
        respond = getattr(self, "_" + method.replace(".", "_"), None)
        if respond is None or "/" in method:
            self.unknown.append(f"{call.method} {call.path}")
            return Answer(200, {"ok": False, "error": "unknown_method"})
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if call.headers.get("authorization") != f"Bearer {token}":
            return Answer(200, {"ok": False, "error": "invalid_auth"})
        said: Json = respond(call.content())
        return Answer(200, {"ok": "error" not in said, **said})

    def _answered(self, call: Call) -> Answer:
        user, left = self._urls[call.path]
        if left == 0:
            return Answer(404, b"used_url")
        self._urls[call.path] = (user, left - 1)
        self.whispers.append((user, call.content()))
        return Answer(200, b"ok", {"Content-Type": "text/plain"})

    def _auth_test(self, _said: Json) -> Json:
        return {"team_id": TEAM, "user_id": BOT, "bot_id": "B0INFRABOT"}

    def _apps_connections_open(self, _said: Json) -> Json:
        return {"url": f"ws://127.0.0.1:{self.port}/link/?ticket={next(self._count)}"}

    def _conversations_info(self, said: Json) -> Json:
        name = {APPROVALS: "approvals", DIGESTS: "digests"}.get(said["channel"])
        return {"channel": {"id": said["channel"], "name": name}} if name else {"error": "channel_not_found"}

    def _users_info(self, said: Json) -> Json:
        user = self.users.get(said["user"])
        return {"user": user} if user else {"error": "user_not_found"}

    def _conversations_open(self, said: Json) -> Json:
        users = said["users"] if isinstance(said["users"], list) else said["users"].split(",")
        return {"channel": {"id": f"D{users[0]}"}} if users[0] in self.users else {"error": "user_not_found"}

    def _chat_postMessage(self, said: Json) -> Json:  # noqa: N802 - Slack's name
        channel = said["channel"]
        if channel[:1] in "UW":
            channel = f"D{channel}"
        if channel[:1] == "D" and channel[1:] not in self.users:
            return {"error": "channel_not_found"}
        message = {"channel": channel, "ts": self.stamp(), "edits": 0, "user": BOT} | _drawn(said)
        self.messages.append(message)
        return {"channel": channel, "ts": message["ts"]}

    def _chat_update(self, said: Json) -> Json:
        place = said["channel"], said["ts"]
        message = next((each for each in self.messages if (each["channel"], each["ts"]) == place), None)
        if message is None:
            return {"error": "message_not_found"}
        message.update({"blocks": []} | _drawn(said) | {"edits": message["edits"] + 1})
        return {"channel": said["channel"], "ts": said["ts"], "text": said["text"]}

    def _chat_postEphemeral(self, said: Json) -> Json:  # noqa: N802 - Slack's name
        self.whispers.append((said["user"], {"channel": said["channel"]} | _drawn(said)))
        return {"message_ts": self.stamp()}

    def _views_open(self, said: Json) -> Json:
        view = said["view"]
        view = json.loads(view) if isinstance(view, str) else view
        if _now() - float(said["trigger_id"].split(".", 1)[1].rpartition(".")[0]) > 3:
            return {"error": "expired_trigger_id"}
        self.views.append(view)
        return {"view": view | {"id": "V0001"}}


def _now() -> float:
    return time.time()  # noqa: TID251 # this Slack's own clock


def _drawn(said: Json) -> Json:
    """Return the text and the blocks of a message; whatever Slack would refuse breaks the server."""
    blocks = said.get("blocks") or []
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    assert said.get("text"), "no text beside the blocks"
    assert len(said["text"]) <= 4000
    assert len(blocks) <= 50
    for text in _texts(blocks):
        assert 0 < len(text) <= 3000
    for row in (block for block in blocks if block["type"] == "actions"):
        assert len({each["action_id"] for each in row["elements"]}) == len(row["elements"]) <= 25
    return {"text": said["text"], "blocks": blocks}


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict) and isinstance(part.get("text"), str):
        yield part["text"]
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for each in inside:
        yield from _texts(each)


def _without_none(fields: Json) -> Json:
    """Return *fields* without those that are None: a payload in which they are absent."""
    return {name: value for name, value in fields.items() if value is not None}
