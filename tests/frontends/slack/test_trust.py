"""Nothing that Slack did not send to our app, from our workspace, just now, has any effect."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from integrations.slack.standin import signature
from tests.frontends.slack.office import APPROVALS, CORY, ORGANISER, SHARED, STRANGER, Office, shown
from tests.workflow.world import START

FORM = "application/x-www-form-urlencoded"
COMMAND = {
    "command": "/infra",
    "text": "put a=pear",
    "user_id": ORGANISER,
    "team_id": "T0TEAM",
    "api_app_id": "A0APP",
    "channel_id": APPROVALS,
    "response_url": "",
    "trigger_id": "1.2.3",
}


async def post(office: Office, body: bytes, headers: dict[str, str], kind: str = FORM) -> tuple[int, str]:
    """Send a request to the bot, as anybody could."""
    assert office.slack.request_url is not None
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            office.slack.request_url, data=body, headers={"Content-Type": kind} | headers
        ) as response,
    ):
        return response.status, await response.text()


def command(**changed: str) -> bytes:
    """Return a slash command's body."""
    return urlencode(COMMAND | changed).encode()


def now() -> str:
    """Return the present second: signatures are dated by real time, whatever the bot's clock says."""
    return str(int(datetime.now(UTC).timestamp()))  # noqa: TID251 - the only clock that both sides share


def sealed(body: bytes, secret: str = "signing-secret", stamp: str | None = None) -> dict[str, str]:
    """Return the headers of a signed body."""
    stamp = stamp or now()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(secret, stamp, body)}


async def effects(office: Office) -> int:
    """Return how many deliveries the inbox ever took."""
    await office.settled()
    return len(office.cards) + len(office.frontend._worker.unfinished)


def forged() -> dict[str, dict[str, str]]:
    """Return headers that no honest request has."""
    body, stamp = command(), now()
    good = sealed(body)
    return {
        "no headers": {},
        "no signature": {"X-Slack-Request-Timestamp": stamp},
        "no stamp": {"X-Slack-Signature": good["X-Slack-Signature"]},
        "another secret": sealed(body, "guessed"),
        "another body": sealed(command(text="put b=pear")),
        "another stamp": good | {"X-Slack-Request-Timestamp": str(int(stamp) - 1)},
        "stale": sealed(body, stamp=str(int(stamp) - 301)),
        "from the future": sealed(body, stamp=str(int(stamp) + 400)),
        "a word for a stamp": sealed(body, stamp="yesterday"),
        "no number for a stamp": sealed(body, stamp="١٧٨١٥١٠٤٠٠") | {"X-Slack-Request-Timestamp": "nan"},
        "an endless stamp": sealed(body, stamp="1" * 5000),
        "upper case": good | {"X-Slack-Signature": good["X-Slack-Signature"].upper()},
        "another version": good | {"X-Slack-Signature": good["X-Slack-Signature"].replace("v0", "v1")},
        "cut": good | {"X-Slack-Signature": good["X-Slack-Signature"][:-1]},
        "no hex": good | {"X-Slack-Signature": "v0=" + "é" * 64},
        "empty": {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": ""},
    }


@pytest.mark.parametrize("name", forged())
async def test_a_forged_or_stale_request_is_refused(
    office: Office, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Without Slack's signature of the last five minutes a request is refused, without a traceback."""
    status, _ = await post(office, command(), forged()[name])
    assert status == 401
    assert await effects(office) == 0
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b'"text"'),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff\xfe"),
        (FORM, b"payload=%7B"),
        (FORM, b"payload=%5B1%5D"),
        (FORM, b"payload=null"),
        (FORM, b""),
        ("application/json", b"{}"),
        ("application/json", b'{"type": "event_callback", "team_id": "T0TEAM", "event": "none"}'),
        (
            "application/json",
            b'{"type": "event_callback", "team_id": "T0TEAM", "event": {"type": "unheard of"}}',
        ),
        (FORM, urlencode({"payload": json.dumps({"type": "unheard_of", "team": {"id": "T0TEAM"}})}).encode()),
        (
            FORM,
            urlencode({"payload": json.dumps({"type": "block_actions", "actions": [], "team": []})}).encode(),
        ),
    ],
)
async def test_what_cannot_be_read_is_dropped(
    office: Office, kind: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Signed nonsense is answered without an effect and without a traceback."""
    status, _ = await post(office, body, sealed(body), kind)
    assert status in {200, 400, 401}
    assert await effects(office) == 0
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("changed", [{"team_id": "T0OTHER"}, {"team_id": ""}, {"api_app_id": "A0OTHER"}])
async def test_a_foreign_command_has_no_effect(office: Office, changed: dict[str, str]) -> None:
    """A command of another workspace or app is answered, and not kept."""
    body = command(**changed)
    status, text = await post(office, body, sealed(body))
    assert (status, text) == (
        200,
        "I work for another workspace, so I cannot help you here. Nothing happened.",
    )
    assert await effects(office) == 0


async def test_foreign_events_and_forms_have_no_effect(office: Office) -> None:
    """Events and forms of another workspace are acknowledged, and not kept."""
    event: dict[str, Any] = {"type": "message", "channel_type": "im", "user": CORY, "text": "put a=pear"}
    envelope = {"type": "event_callback", "event_id": "Ev1", "api_app_id": "A0APP", "event": event}
    view = {
        "type": "modal",
        "callback_id": "deny",
        "state": {"values": {"reason": {"reason": {"value": "no"}}}},
    }
    form = {"type": "view_submission", "team": {"id": "T0OTHER"}, "user": {"id": CORY}, "view": view}
    assert (await office.slack.deliver("event", envelope | {"team_id": "T0OTHER"})).ok
    assert (await office.slack.deliver("interactive", form)).ok
    assert await effects(office) == 0


async def test_a_stranger_in_a_shared_channel_presses_a_button(office: Office) -> None:
    """Somebody of another workspace who sees a card is told that it is not theirs."""
    card = await office.asks()
    shared = office.slack.post(SHARED, office.slack.bot_user_id, "card", blocks=card.blocks, bot_id="B0BOT")
    await office.presses(STRANGER, shared, "approve")
    await office.told(STRANGER, "I work for another workspace", SHARED)
    assert office.world.shelf.holds == {}


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "unheard-of"])
async def test_a_body_that_cannot_be_unpacked(
    office: Office, coding: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A body that is not packed as its header says is refused without a traceback."""
    status, _ = await post(office, command(), sealed(command()) | {"Content-Encoding": coding})
    assert status in {200, 400, 401, 415}
    assert "Traceback" not in caplog.text


async def test_slack_looks_whether_anybody_is_there(office: Office) -> None:
    """The probes of Slack are answered: ``ssl_check`` and ``url_verification``."""
    assert await post(office, b"ssl_check=1&token=t", {}) == (200, "")
    assert (await post(office, b"ssl_check=1&command=/infra&text=look", {}))[0] == 401
    assert await office.slack.verify_url()


def mutants(payload: Any) -> Iterator[Any]:
    """Yield *payload* with each of its parts replaced by something of another kind."""
    yield from (None, "x", 7, [], {}, [[]], "\ud800\x00")
    if isinstance(payload, dict):
        for name, part in payload.items():
            yield {each: value for each, value in payload.items() if each != name}
            yield from (payload | {name: mutant} for mutant in mutants(part))
    elif isinstance(payload, list):
        for index, part in enumerate(payload):
            yield from ([*payload[:index], mutant, *payload[index + 1 :]] for mutant in mutants(part))


async def test_no_altered_payload_breaks_the_bot(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever part of a signed payload is missing or of another kind, there is no traceback."""
    who = {"id": CORY, "team_id": "T0TEAM"}
    shared = {"team": {"id": "T0TEAM"}, "user": who, "api_app_id": "A0APP", "enterprise": None}
    action = {"type": "button", "action_id": "deny", "value": "unknown 0", "block_id": "b"}
    place = {"channel": {"id": APPROVALS}, "container": {"is_ephemeral": True}, "message": {"ts": "1.2"}}
    state = {"values": {"reason": {"reason": {"value": "no"}}}}
    view = {"type": "modal", "callback_id": "deny", "private_metadata": "u 0 C1", "state": state}
    chosen = {"command": {"command": {"selected_option": {"value": "look"}}}}
    asking = {**view, "callback_id": "ask", "state": {"values": chosen}}
    said = {"type": "message", "channel_type": "im", "user": CORY, "text": "look", "channel": "D0CORY"}
    envelope = {"type": "event_callback", "team_id": "T0TEAM", "event_id": "Ev1", "authorizations": [who]}
    payloads: list[tuple[str, Any]] = [
        (
            "interactive",
            {"type": "block_actions", "actions": [action], **shared, **place},
        ),
        ("interactive", {"type": "view_submission", "view": view, **shared}),
        ("interactive", {"type": "view_submission", "view": asking, **shared}),
        ("interactive", {"type": "block_suggestion", "action_id": "a", "value": "x", **shared}),
        ("interactive", {"type": "shortcut", "callback_id": "ask", **shared}),
        ("event", envelope | {"event": said}),
        ("event", envelope | {"event": {"type": "user_change", "user": {"id": CORY}}}),
    ]
    sent = 0
    async with aiohttp.ClientSession() as session:
        for kind, payload in payloads:
            for mutant in mutants(payload):
                content = json.dumps(mutant).encode()
                body = content if kind == "event" else urlencode({"payload": content}).encode()
                headers = {"Content-Type": "application/json" if kind == "event" else FORM} | sealed(body)
                assert office.slack.request_url is not None
                async with session.post(office.slack.request_url, data=body, headers=headers) as response:
                    assert response.status in {200, 400}, mutant
                sent += 1
    await office.settled()
    assert sent > 500
    assert "Traceback" not in caplog.text


async def test_our_own_words_are_no_events(office: Office) -> None:
    """What a bot wrote, ours or another, and what was edited, is not taken for a question."""
    event: dict[str, Any] = {"type": "message", "channel_type": "im", "user": CORY, "text": "put a=pear"}
    for changed in (
        {"bot_id": "B0BOT"},
        {"subtype": "message_changed"},
        {"channel_type": "channel"},
        {"user": None},
    ):
        await office.slack.emit(event | changed)
    assert await effects(office) == 0


async def test_an_answer_goes_only_to_slack(office: Office) -> None:
    """A response URL elsewhere is not called; the answer comes directly instead."""
    body = command(text="look", response_url="http://127.0.0.1:9/steal")
    assert (await post(office, body, sealed(body)))[0] == 200
    await office.told(ORGANISER, "*0 requests*", APPROVALS)
    outgoing = office.frontend._outgoing
    assert outgoing.may_respond("https://hooks.slack.com/commands/1/2")
    assert not outgoing.may_respond("https://hooks.slack.com.evil.example/commands/1/2")
    assert not outgoing.may_respond("http://hooks.slack.com/commands/1/2")
    assert not outgoing.may_respond("https://hooks.slack.com@evil.example/commands/1/2")


async def test_a_stale_answer_comes_directly(office: Office) -> None:
    """A delivery worked on late is answered directly, never in a channel."""
    assert office.world.clock.now == START
    body = command(text="look", response_url="")
    await office.inbox.keep("command:late", "command", json.dumps(COMMAND | {"text": "look"}), START)
    del body
    office.world.clock.now = START.replace(hour=START.hour + 1)
    await office.frontend._worker.sweep()
    assert shown(await office.noted(ORGANISER, "0 requests")) == "*0 requests*"
    assert office.private(ORGANISER, APPROVALS) == []
