"""Deliveries that are signed as Slack's and are not what they claim to be, each with a name.

None may have an effect: no request, decision, change or public message, and no answer but to who asked.
"""

import gzip
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from urllib.parse import urlencode

from bot.core.change import Request
from integrations.slack.standin import shapes, signature
from tests.faults.forgeries import SIGNATURE, STAMP, Sent, changed

Json: TypeAlias = dict[str, Any]
Build: TypeAlias = Callable[["Stage"], Sent]

FORM = "application/x-www-form-urlencoded"
GRANT = "grant-push organiser-1 ironcage"
OURS, ELSEWHERE, OTHER_APP = "T0000000001", "T0000000002", "A0000000099"
CORY, LEFT, ORGANISER, ASKER = "U0000000002", "U0000000004", "U0000000007", "U0000000008"
HELPER, GUEST, STRANGER, BOT, SLACKBOT = (
    "U0000000009",
    "U0000000010",
    "U0000000011",
    "U0000000100",
    "USLACKBOT",
)
GENERAL, APPROVALS, SHARED = "C0000000003", "C0000000001", "C0000000004"


@dataclass(frozen=True)
class Stage:
    """What there is to forge about: a workspace, its secret, and requests.

    *pending* waits, *own* was asked by Cory, *withdrawn* and *expired* are
    over. *elsewhere* is the address of somebody who should hear nothing.
    """

    slack: Any  # the stand-in
    secret: str
    pending: Request
    own: Request
    withdrawn: Request
    expired: Request
    elsewhere: str

    def signed(self, body: bytes, content_type: str = FORM, stamp: str | None = None) -> Sent:
        """Return *body* as Slack would send it, signed now or at *stamp*."""
        stamp = stamp or str(int(time.time()))  # noqa: TID251 - Slack's dates are real
        headers = {"Content-Type": content_type, STAMP: stamp}
        return Sent(body, (*headers.items(), (SIGNATURE, signature(self.secret, stamp, body))))

    def command(self, text: str = GRANT, by: str = ASKER, channel: str = GENERAL, **other: Any) -> Sent:
        """Return a slash command; *other* fields win, and one that is None is left out."""
        there = self.slack.channels[channel]
        fields = shapes.command(self.slack, self.slack.users[by], there, "/infra", text) | other
        kept = {key: value for key, value in fields.items() if value is not None}
        return self.signed(urlencode(kept).encode())

    def interactive(self, payload: Any) -> Sent:
        """Return an interaction; a text is sent as it is."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        return self.signed(urlencode({"payload": text}).encode())

    def pressed(self, by: str = CORY, value: str | None = None, name: str = "approve") -> Json:
        """Return the payload of a press on the pending request's card."""
        card = next(m for m in self.slack.channels[APPROVALS].messages if self.pending.id in str(m.blocks))
        action = {
            "action_id": name,
            "block_id": "decide",
            "type": "button",
            "text": {"type": "plain_text", "text": "Approve"},
            "value": self.value(self.pending) if value is None else value,
            "action_ts": self.slack.mint_ts(),
        }
        return {
            **shapes.interaction(self.slack, "block_actions", self.slack.users[by]),
            "trigger_id": self.slack.mint_trigger(by),
            **shapes.in_message(self.slack, card),
            "state": {"values": {}},
            "response_url": self.slack.mint_response_url("actions", by, APPROVALS, card),
            "actions": [action],
        }

    @property
    def actions(self) -> list[Json]:
        """Return the one action of a good press."""
        actions: list[Json] = self.pressed()["actions"]
        return actions

    def press(self, by: str = CORY, value: str | None = None, name: str = "approve", **other: Any) -> Sent:
        """Return a press; *other* parts of its payload win."""
        return self.interactive(self.pressed(by, value, name) | other)

    def act(self, **other: Any) -> Sent:
        """Return a press; *other* parts of its action win."""
        return self.press(actions=[self.actions[0] | other])

    def submitted(self, by: str = CORY, view: Mapping[str, Any] | None = None) -> Json:
        """Return the payload of the form that denies the pending request; parts of *view* win."""
        values = {"reason": {"reason": {"type": "plain_text_input", "value": "because"}}}
        form = {
            "id": "V0000000001",
            "team_id": self.slack.team_id,
            "type": "modal",
            "blocks": [],
            "callback_id": "deny",
            "private_metadata": f"{self.value(self.pending)} {APPROVALS}",
            "state": {"values": values},
            "hash": "1.abc",
            "app_id": self.slack.app_id,
            "root_view_id": "V0000000001",
            "bot_id": self.slack.bot_id,
        }
        shared = shapes.interaction(self.slack, "view_submission", self.slack.users[by])
        return {**shared, "trigger_id": self.slack.mint_trigger(by), "view": {**form, **(view or {})}}

    def submit(self, by: str = CORY, view: Mapping[str, Any] | None = None, **other: Any) -> Sent:
        """Return the sending of that form; *other* parts of its payload win."""
        return self.interactive(self.submitted(by, view) | other)

    def event(self, inner: Mapping[str, Any] | None = None, **other: Any) -> Sent:
        """Return what the asker tells the bot in private; parts of *inner*, and *other* parts, win."""
        said = {
            "type": "message",
            "channel_type": "im",
            "user": ASKER,
            "team": self.slack.team_id,
            "text": GRANT,
            "channel": self.slack.direct(ASKER),
            "ts": self.slack.mint_ts(),
            "event_ts": self.slack.mint_ts(),
        }
        return self.event_of({**said, **(inner or {})}, **other)

    def event_of(self, inner: Any, **other: Any) -> Sent:
        """Return an event whose inner part is *inner*."""
        payload = shapes.event(self.slack, inner) | other
        return self.signed(json.dumps(payload).encode(), "application/json")

    def value(self, request: Request) -> str:
        """Return what the buttons of a request carry."""
        return f"{request.id} {request.short_digest}"


# At the door: what no honest request looks like.


def _seal(stage: Stage, sent: Sent, secret: str = "", version: str = "v0") -> Sent:
    seal = signature(secret or stage.secret, str(sent.first(STAMP)), sent.body)
    return changed(sent, signature=seal.replace("v0=", f"{version}="))


def _dated(stage: Stage, seconds: int) -> Sent:
    stamp = str(int(time.time()) + seconds)  # noqa: TID251 - Slack's dates are real
    return stage.signed(stage.command().body, stamp=stamp)


def _false_one_first(stage: Stage) -> Sent:
    real = stage.command()
    return replace(real, headers=((SIGNATURE, f"v0={'0' * 64}"), *real.headers))


def _altered(stage: Stage) -> Sent:
    real = stage.command("help")
    return changed(real, real.body.replace(b"text=help", b"text=owners+add+organiser-1"))


def _packed(stage: Stage) -> Sent:
    real = stage.command()
    packed = replace(real, body=gzip.compress(real.body))
    return replace(
        _seal(stage, packed), headers=(("Content-Encoding", "gzip"), *_seal(stage, packed).headers)
    )


def _probing(stage: Stage) -> Sent:
    """Return a command dressed as Slack's look whether anybody is there, which needs no signature."""
    real = stage.command()
    return changed(real, real.body + b"&ssl_check=1", signature=None)


def _as_json(stage: Stage) -> Sent:
    return stage.signed(stage.command().body, "application/json")


DOOR: dict[str, Build] = {
    "no signature": lambda s: changed(s.command(), signature=None),
    "no time stamp": lambda s: changed(s.command(), stamp=None),
    "an empty signature": lambda s: changed(s.command(), signature=""),
    "a signature of version 1": lambda s: _seal(s, s.command(), version="v1"),
    "another app's secret": lambda s: _seal(s, s.command(), "another secret"),
    "the token in the payload as secret": lambda s: _seal(s, s.command(), "verification-token"),
    "stale by six minutes": lambda s: _dated(s, -360),
    "from the future": lambda s: _dated(s, 360),
    "a false signature before the true one": _false_one_first,
    "a body altered after it was signed": _altered,
    "GET instead of POST": lambda s: replace(s.command(), method="GET"),
    "a body beyond all bounds": lambda s: s.command("x" * 2_000_000),
    "a form that claims to be JSON": _as_json,
    "a packed body": _packed,
    "a command dressed as ssl_check": _probing,
    "no body": lambda s: s.signed(b""),
    "invalid UTF-8": lambda s: s.signed(b"payload=\xff\xfe&command=/infra&text=\x80"),
    "NUL bytes": lambda s: s.command("grant-push\0organiser-1\0ironcage"),
}

# Whose delivery it is: another workspace's, another app's.

FOREIGN: dict[str, Build] = {
    "a command of another workspace": lambda s: s.command(team_id=ELSEWHERE),
    "a command for another app": lambda s: s.command(api_app_id=OTHER_APP),
    "a command other than ours": lambda s: s.command(command="/remind"),
    "a press in another workspace": lambda s: s.press(team={"id": ELSEWHERE, "domain": "elsewhere"}),
    "a press in another app": lambda s: s.press(api_app_id=OTHER_APP),
    "a press by an account of another workspace": lambda s: s.press(user={"id": CORY, "team_id": ELSEWHERE}),
    "a visitor of a shared channel": lambda s: s.command(by=STRANGER, channel=SHARED),
    "a visitor said to be of our workspace": lambda s: s.command(by=STRANGER, channel=SHARED, team_id=OURS),
    "an event of another app": lambda s: s.event(api_app_id=OTHER_APP),
    "an event of another workspace": lambda s: s.event(team_id=ELSEWHERE),
    "a form of another app": lambda s: s.submit(api_app_id=OTHER_APP),
    "an enterprise and no workspace": lambda s: s.press(
        enterprise={"id": "E0000000001"}, is_enterprise_install=True, team=None, user={"id": CORY}
    ),
}

# Who it is: not everybody in Slack may do everything.

PERSON: dict[str, Build] = {
    "a guest": lambda s: s.command(by=GUEST),
    "a guest's press": lambda s: s.press(by=GUEST),
    "a deactivated owner": lambda s: s.press(by=LEFT),
    "a bot": lambda s: s.command(by=BOT),
    "Slackbot": lambda s: s.press(by=SLACKBOT),
    "an account nobody knows": lambda s: s.command(user_id="U0000009999"),
    "a member whom our list does not have": lambda s: s.command(by=HELPER),
    "an account's id with a path in it": lambda s: s.press(user={"id": f"../{CORY}", "team_id": OURS}),
    "a command of nobody": lambda s: s.command(user_id=None),
    "a user of null": lambda s: s.press(user=None),
    "a user that is a list": lambda s: s.press(user=[CORY]),
    "a user whose id is an object": lambda s: s.press(user={"id": {"id": CORY}}),
    "a user whose id is a number": lambda s: s.press(user={"id": 2}),
    "the bot itself": lambda s: s.event({"bot_id": "B0000000001", "user": BOT}),
    "a message that was changed": lambda s: s.event({"subtype": "message_changed"}),
    "a message in a channel": lambda s: s.event({"channel_type": "channel", "channel": GENERAL}),
    "an organiser approves": lambda s: s.press(by=ORGANISER),
    "the asker approves": lambda s: s.press(by=ASKER),
    "an owner approves what they asked": lambda s: s.press(value=s.value(s.own)),
    "an owner withdraws what another asked": lambda s: s.press(name="withdraw"),
    "an organiser denies": lambda s: s.submit(by=ORGANISER),
    "an organiser applies alone": lambda s: s.submit(by=ORGANISER, view={"callback_id": "alone"}),
}

# Which button: of a request that is not, is over, or is not what was shown.

BUTTON: dict[str, Build] = {
    "a request that is not there": lambda s: s.press(value=f"{'0' * 32} {s.pending.short_digest}"),
    "another request's digest": lambda s: s.press(value=f"{s.pending.id} {s.own.short_digest}"),
    "a shortened digest": lambda s: s.press(value=f"{s.pending.id} {s.pending.digest[:1]}"),
    "an empty digest": lambda s: s.press(value=f"{s.pending.id} "),
    "no digest": lambda s: s.press(value=s.pending.id),
    "SQL for a request": lambda s: s.press(value=f"'OR/**/1=1--{s.pending.id} {s.pending.short_digest}"),
    "a wildcard for a request": lambda s: s.press(value=f"{s.pending.id[:8]}% {s.pending.short_digest}"),
    "a huge value": lambda s: s.press(value="x" * 200_000),
    "a value that is a list": lambda s: s.act(value=[s.value(s.pending)]),
    "a value that is an object": lambda s: s.act(value={"id": s.pending.id}),
    "no value": lambda s: s.act(value=None),
    "a button nobody made": lambda s: s.press(name="approve_all"),
    "a button in capitals": lambda s: s.press(name="APPROVE"),
    "a button's name that is a number": lambda s: s.act(action_id=7),
    "several actions, ours second": lambda s: s.press(
        actions=[{"action_id": "x", "type": "button"}, *s.actions]
    ),
    "no actions": lambda s: s.press(actions=[]),
    "actions that are no objects": lambda s: s.press(actions=["approve", None]),
    "what was withdrawn": lambda s: s.press(value=s.value(s.withdrawn)),
    "what expired": lambda s: s.press(value=s.value(s.expired)),
    "an approval taken back that was never given": lambda s: s.press(name="take_back"),
    "a stop before the approval": lambda s: s.press(name="stop"),
    "an undo of what was not done": lambda s: s.press(name="undo"),
    "an end of what has none": lambda s: s.press(name="end_now"),
    "a deny without leave to open a form": lambda s: s.press(name="deny", trigger_id=None),
    "a deny with a false leave": lambda s: s.press(name="deny", trigger_id="1.2.3"),
}

# Which form: altered between being opened and being sent.

VIEW: dict[str, Build] = {
    "a form nobody made": lambda s: s.submit(view={"callback_id": "approve"}),
    "another request in a form": lambda s: s.submit(
        view={"private_metadata": f"{s.own.id} {s.pending.short_digest} {APPROVALS}"}
    ),
    "a form of nothing": lambda s: s.submit(view={"private_metadata": ""}),
    "a form of null": lambda s: s.submit(view={"private_metadata": None}),
    "a form of a list": lambda s: s.submit(view={"private_metadata": [s.value(s.pending)]}),
    "a form whose digest was cut": lambda s: s.submit(
        view={"private_metadata": f"{s.pending.id} {s.pending.digest[:4]} {APPROVALS}"}
    ),
    "a form without its fields": lambda s: s.submit(view={"state": {"values": []}}),
    "no form": lambda s: s.interactive(s.submitted() | {"view": None}),
    "a form that was closed": lambda s: s.submit(type="view_closed"),
}

# What kind: not what Slack says of itself.

SHAPE: dict[str, Build] = {
    "an interaction that is no JSON": lambda s: s.interactive("{"),
    "an interaction that is an array": lambda s: s.interactive([s.pressed()]),
    "an interaction that is a word": lambda s: s.interactive('"approve"'),
    "an interaction that is null": lambda s: s.interactive("null"),
    "JSON nested a hundred thousand deep": lambda s: s.interactive("[" * 100_000),
    "objects nested ten thousand deep": lambda s: s.interactive('{"a":' * 10_000 + "1" + "}" * 10_000),
    "NUL in JSON": lambda s: s.press(value=f"{s.pending.id}\x00 {s.own.short_digest}"),
    "a lone surrogate": lambda s: s.command("\ud800".encode(errors="surrogatepass").decode(errors="replace")),
    "no type": lambda s: s.press(type=None),
    "a type nobody knows": lambda s: s.press(type="block_approvals"),
    "a type that is a list": lambda s: s.press(type=["block_actions"]),
    "a shortcut": lambda s: s.press(type="shortcut", callback_id="approve"),
    "a message's shortcut": lambda s: s.press(type="message_action", callback_id="approve"),
    "an attachment's button of old": lambda s: s.press(type="interactive_message", callback_id="approve"),
    "a dialog of old": lambda s: s.press(type="dialog_submission", callback_id="deny", submission={}),
    "a menu's question": lambda s: s.press(type="block_suggestion", action_id="approve", value="x"),
    "a step of a workflow": lambda s: s.press(type="workflow_step_edit", callback_id="approve"),
    "an event that is a list": lambda s: s.event_of([]),
    "an event without a type": lambda s: s.event({"type": None}),
    "an event nobody asked for": lambda s: s.event({"type": "reaction_added"}),
    "an event id that is an object": lambda s: s.event({"user": BOT, "bot_id": "B1"}, event_id={"id": 1}),
    "an answer wanted elsewhere": lambda s: s.command("help", response_url=s.elsewhere),
    "a press answered elsewhere": lambda s: s.press(by=ORGANISER, response_url=s.elsewhere),
}

ALL = DOOR | FOREIGN | PERSON | BUTTON | VIEW | SHAPE
