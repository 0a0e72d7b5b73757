"""What Slack delivers, as the bot keeps it and reads it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.frontends.slack.text import clean
from bot.store.inbox import Kept

Kind = Literal["command", "action", "view", "event"]
REASON = "reason"
ENVELOPE = "x-slack-envelope-id"
FRESH = timedelta(minutes=25)
_STAMP = "x-slack-request-timestamp"
_LEADING_MENTION = re.compile(r"^\s*<@[^>]+>[\s,:]*")
_LEADING_WORD = re.compile(r"^/?infra\s+", re.IGNORECASE)


def key(kind: Kind, request: AsyncBoltRequest) -> str:
    """Return what tells this delivery from every other, and is the same when it is repeated."""
    event_id = request.body.get("event_id")
    if kind == "event" and isinstance(event_id, str) and event_id:
        return f"event:{scrubbed(event_id)}"
    stamp = (request.headers.get(_STAMP) or request.headers.get(ENVELOPE) or [""])[0]
    content = request.raw_body or json.dumps(request.body, sort_keys=True)
    whole = "\n".join((kind, stamp, content)).encode(errors="replace")
    return f"{kind}:{hashlib.sha256(whole).hexdigest()}"


def ours(body: Mapping[str, Any], team_id: str, app_id: str | None) -> bool:
    """Return whether a payload names our workspace, and our app where both say one."""
    app = body.get("api_app_id") or (_part(body, "view").get("app_id"))
    return _team(body) == team_id and (not app_id or not app or app == app_id)


_OBJECTS = ("team", "user", "channel", "container", "view", "message", "enterprise", "event")


def sound(body: Mapping[str, Any]) -> bool:
    """Return whether a payload has the shape that Bolt takes for granted."""
    if any(not isinstance(body.get(name), dict | None) for name in _OBJECTS):
        return False
    if not _listed(body.get("authorizations", [{}])) or not _listed(body.get("actions", [{}])):
        return False
    match body.get("type"):
        case "event_callback":
            return isinstance(_part(body, "event").get("type"), str)
        case "block_actions":
            return "actions" in body and all(isinstance(a.get("action_id"), str) for a in body["actions"])
        case "block_suggestion":
            return isinstance(body.get("action_id"), str)
        case "shortcut":
            return isinstance(body.get("callback_id"), str)
        case "view_submission":
            return all(isinstance(_part(body, "view").get(name), str) for name in ("type", "callback_id"))
        case kind:  # a command has none; whatever else there is, nobody here listens to
            return kind in (None, "url_verification")


def scrubbed(part: Any) -> Any:
    """Return a part of a payload without what no database takes: lone surrogates, and NUL."""
    match part:
        case str():
            return part.encode(errors="replace").decode().replace("\x00", "")
        case list():
            return [scrubbed(each) for each in part]
        case dict():
            return {scrubbed(name): scrubbed(each) for name, each in part.items()}
        case _:
            return part


def _listed(value: object) -> bool:
    """Return whether *value* is a list of objects, not empty."""
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _team(body: Mapping[str, Any]) -> str:
    named = body.get("team_id") or _part(body, "team").get("id") or _part(body, "user").get("team_id")
    return str(named or "")


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a part of a payload; empty when it is absent or no object."""
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _metadata(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the request, its digest and the channel that a form carries."""
    said = str(view.get("private_metadata") or "").split(" ")
    id_, digest, channel = (*said, "", "", "")[:3]
    return id_, digest, channel


@dataclass(frozen=True)
class Delivery:
    """One kept delivery."""

    key: str
    kind: str
    body: Mapping[str, Any]
    at: datetime
    again: bool = False
    attempts: int = 0

    @classmethod
    def of(cls, kept: Kept) -> "Delivery":
        """Return a kept delivery that was not worked on when it came, or not to its end."""
        return cls(kept.key, kept.kind, json.loads(kept.body), kept.at, again=True, attempts=kept.attempts)

    def part(self, name: str) -> Mapping[str, Any]:
        """Return a part of the payload; empty when it is absent or no object."""
        return _part(self.body, name)

    @property
    def event(self) -> str:
        """Return the type of the event."""
        return str(self.part("event").get("type", ""))

    @property
    def user(self) -> str:
        """Return the Slack id of whoever did it."""
        found = self.body.get("user_id") or self.part("user").get("id") or self.part("event").get("user")
        return str(found or "")

    @property
    def team(self) -> str:
        """Return the workspace of whoever did it, where the payload says one."""
        of_event = self.part("event").get("user_team") or self.part("event").get("team")
        found = self.part("user").get("team_id") or of_event or self.body.get("team_id")
        return str(found or "")

    @property
    def channel(self) -> str:
        """Return the conversation it happened in; for a form, the one it was opened from."""
        of_action = self.part("channel").get("id") or self.part("event").get("channel")
        return str(self.body.get("channel_id") or of_action or _metadata(self.part("view"))[2])

    @property
    def thread(self) -> str | None:
        """Return the thread it happened in, if it did."""
        found = self.part("event").get("thread_ts") or self.part("container").get("thread_ts")
        return str(found) if found else None

    @property
    def private(self) -> bool:
        """Return whether it happened in a message that only one person sees."""
        return bool(self.part("container").get("is_ephemeral"))

    @property
    def line(self) -> str:
        """Return what was said, as the grammar reads it."""
        text = self.body.get("text") if self.kind == "command" else self.part("event").get("text")
        said = str(text or "")
        if self.event == "app_mention":
            said = _LEADING_MENTION.sub("", said)
        cleaned = clean(said)
        return _LEADING_WORD.sub("", cleaned.strip("`")) if self.kind == "event" else cleaned

    @property
    def action(self) -> tuple[str, str]:
        """Return the name and the value of what was pressed, or chosen."""
        actions = self.body.get("actions")
        first = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
        value = first.get("value") or _part(first, "selected_option").get("value")
        return str(first.get("action_id", "")).partition(":")[0], str(value or "")

    @property
    def form(self) -> tuple[str, str, str]:
        """Return the name of the form that was sent, the value it carries, and what was typed."""
        view = self.part("view")
        id_, digest, _ = _metadata(view)
        reason = self.typed.get(REASON, {}).get("value")
        return str(view.get("callback_id", "")), f"{id_} {digest}", str(reason or "").strip()

    @property
    def typed(self) -> dict[str, Mapping[str, Any]]:
        """Return what each field of a form holds, by its name; every field is one element."""
        blocks = _part(_part(self.part("view"), "state"), "values")
        return {
            name: _part(block, next(iter(block), ""))
            for name, block in blocks.items()
            if isinstance(block, dict)
        }

    @property
    def trigger(self) -> str:
        """Return the leave to open a form."""
        return str(self.body.get("trigger_id") or "")

    def respond_url(self, now: datetime) -> str | None:
        """Return where this interaction is answered, while that is still possible."""
        url = self.body.get("response_url")
        return str(url) if url and now - self.at < FRESH else None
