"""The stand-in Slack: what it sends to the app, over HTTP and Socket Mode, and what it takes back."""

import asyncio
import dataclasses
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.standin import StandIn, signature

from .workspace import (
    APPROVALS,
    BUTTONS,
    FORM,
    GENERAL,
    ORGANISER,
    OWNER,
    Listener,
    Received,
    Time,
    notes,
    refusal,
)

VECTOR = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
    "%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


async def post(url: str, **answer: Any) -> tuple[int, str]:
    """Send an answer to a response URL; return status and body."""
    async with aiohttp.ClientSession() as session, session.post(url, json=answer) as response:
        return response.status, await response.text()


async def refuse(_: Received) -> web.Response:
    """Answer that something broke."""
    return web.Response(status=500)


def test_the_signature_is_that_of_the_documented_example() -> None:
    """Slack's published example is signed as published."""
    secret = "8f742231b10e8888abcd99yyyzzz85a5"
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature(secret, "1531420618", VECTOR.encode()) == expected


async def test_a_command_arrives_signed_and_in_slacks_form(slack: StandIn, listener: Listener) -> None:
    """A slash command is a signed form with the documented fields."""
    delivery = await slack.as_(ORGANISER).say(APPROVALS, "/infra  access website ")
    received = listener.received[0]
    stamp = received.headers["x-slack-request-timestamp"]
    assert received.headers["x-slack-signature"] == signature("signing-secret", stamp, received.body)
    form = received.form
    assert (form["command"], form["text"], form["channel_name"]) == ("/infra", "access website", "approvals")
    assert (form["user_id"], form["team_id"], form["api_app_id"]) == (ORGANISER, "T0TEAM", "A0APP")
    assert form["response_url"].startswith(slack.url("/response/commands/"))
    assert delivery
    assert (delivery.ok, delivery.status, delivery.body) == (True, 200, received.body)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("grant-push @organiser-1 website", "grant-push <@U0ORGANISER> website"),
        ("tell @nobody in #general and #owners", "tell @nobody in <#C0GENERAL|general> and <#C0PRIVATE|>"),
        ("access 2016.pyconuk.org", "access <http://2016.pyconuk.org|2016.pyconuk.org>"),
        ("see https://pyconuk.org/a?b=1&c", "see <https://pyconuk.org/a?b=1&amp;c>"),
        ("write to a@example.org", "write to <mailto:a@example.org|a@example.org>"),
        ("a < b & c > d because 1.5 is e.g. 3", "a &lt; b &amp; c &gt; d because 1.5 is e.g. 3"),
        ("“quoted” —for 14d", "“quoted” —for 14d"),
    ],
)
async def test_typed_names_and_addresses_are_escaped(
    slack: StandIn, listener: Listener, typed: str, sent: str
) -> None:
    """Names and addresses become references as with should_escape, the rest is only escaped."""
    await slack.as_(OWNER).say(APPROVALS, f"/infra {typed}")
    assert listener.received[0].form["text"] == sent


async def test_the_answer_to_a_command_is_a_private_note(slack: StandIn, listener: Listener) -> None:
    """What is acknowledged with is shown to the asker alone; in_channel to all, with the command."""
    answers: list[web.Response] = [
        web.Response(text="plain"),
        web.json_response({"text": "json", "blocks": BUTTONS}),
        web.json_response({"response_type": "in_channel", "text": "for all"}),
        web.json_response({"text": "x", "blocks": [{"type": "marquee"}]}),
    ]

    async def answer(_: Received) -> web.Response:
        return answers.pop(0)

    listener.answer = answer
    for _ in range(4):
        await slack.as_(OWNER).say(APPROVALS, "/infra help")
    assert notes(slack, OWNER) == ["plain", "json", '/infra failed with the error "invalid_blocks"']
    assert [m.text for m in slack.messages(APPROVALS, ORGANISER)] == ["/infra help", "for all"]


async def test_a_failed_command_is_told_and_never_sent_again(slack: StandIn, listener: Listener) -> None:
    """Too late, refused and unreachable each show Slack's words once, and there is one delivery each."""
    slack.ack_seconds = 0.05
    slack.retry_delays = (0.0, 0.0, 0.0)

    async def late(_: Received) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response()

    listener.answer = late
    first = await slack.as_(OWNER).say(APPROVALS, "/infra help")
    listener.answer = refuse
    second = await slack.as_(OWNER).say(APPROVALS, "/infra help")
    slack.request_url = "http://127.0.0.1:9/slack/events"
    third = await slack.as_(OWNER).say(APPROVALS, "/infra help")
    assert first
    assert second
    assert third
    assert notes(slack, OWNER) == [
        '/infra failed with the error "operation_timeout"',
        '/infra failed with the error "dispatch_failed"',
        '/infra failed with the error "dispatch_failed"',
    ]
    assert [each.error for each in slack.deliveries] == ["http_timeout", "http_error", "connection_failed"]
    assert not any(each.ok for each in (first, second, third))


async def test_what_slack_does_not_pass_on(slack: StandIn, listener: Listener) -> None:
    """Unknown commands and commands in threads are answered by Slack, plain messages go to nobody."""
    owner = slack.as_(OWNER)
    assert await owner.say(APPROVALS, "/unknown thing") is None
    assert await owner.say(APPROVALS, "/infra help", thread_ts="1.000000") is None
    assert await owner.say(APPROVALS, "hello") is None
    assert await owner.say(GENERAL, "hello @infra") is None
    assert notes(slack, OWNER) == [
        "/unknown is not a valid command.",
        "/infra is not supported in threads. Sorry!",
    ]
    assert listener.received == []


async def test_mentions_and_direct_messages_are_events(slack: StandIn, listener: Listener) -> None:
    """A mention where the bot is, and any text in its direct conversation, arrive as events."""
    await slack.as_(OWNER).say(APPROVALS, "@infra status?")
    await slack.as_(OWNER).say(slack.direct(OWNER), "status")
    mention, message = [json.loads(received.body) for received in listener.received]
    assert (mention["type"], mention["event"]["type"]) == ("event_callback", "app_mention")
    assert mention["event"]["text"] == "<@U0BOT> status?"
    assert (message["event"]["type"], message["event"]["channel_type"]) == ("message", "im")
    assert message["event"]["channel"] == slack.direct(OWNER)
    assert mention["event_id"] != message["event_id"]
    assert mention["authorizations"][0]["user_id"] == "U0BOT"


async def test_events_about_people_and_the_token(slack: StandIn, listener: Listener) -> None:
    """A changed person, a new one and a revoked token are told, and hold in the API."""
    await slack.change_user(ORGANISER, deleted=True)
    await slack.join({"id": "U0NEW", "name": "organiser-9"})
    await slack.revoke_token()
    events = [json.loads(received.body)["event"] for received in listener.received]
    assert [event["type"] for event in events] == ["user_change", "team_join", "tokens_revoked"]
    assert (events[0]["user"]["id"], events[0]["user"]["deleted"]) == (ORGANISER, True)
    assert events[1]["user"]["name"] == "organiser-9"
    client = AsyncWebClient("xoxb-test", base_url=slack.url("/api/"))
    assert (await refusal(client.auth_test()))["error"] == "token_revoked"


async def test_an_event_is_tried_four_times(slack: StandIn, listener: Listener) -> None:
    """An event that fails comes three more times, numbered, with the reason and the same event id."""
    slack.retry_delays = (0.0, 0.0, 0.0)
    listener.answer = refuse
    first = await slack.as_(OWNER).open_home()
    assert not first.ok
    await slack.until(lambda: len(slack.deliveries) == 4 and slack.deliveries[-1].done)
    tries = [received.headers.get("x-slack-retry-num") for received in listener.received]
    reasons = {received.headers.get("x-slack-retry-reason") for received in listener.received[1:]}
    assert (tries, reasons) == ([None, "1", "2", "3"], {"http_error"})
    assert len({json.loads(received.body)["event_id"] for received in listener.received}) == 1


async def test_retries_end_with_success_or_when_told(slack: StandIn, listener: Listener) -> None:
    """An acknowledged retry is the last one, and x-slack-no-retry stops them."""
    slack.retry_delays = (0.0, 0.0, 0.0)

    async def second_time(_: Received) -> web.Response:
        return web.Response(status=500 if len(listener.received) == 1 else 200)

    async def never(_: Received) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    listener.answer = second_time
    await slack.as_(OWNER).open_home()
    await slack.until(lambda: len(slack.deliveries) == 2 and slack.deliveries[-1].done)
    listener.answer = never
    await slack.as_(OWNER).open_home()
    await asyncio.sleep(0.05)
    assert len(listener.received) == 3


async def test_the_url_is_verified_by_its_challenge(slack: StandIn, listener: Listener) -> None:
    """The challenge must come back; an empty answer is not enough."""
    assert not await slack.verify_url()

    async def echo(received: Received) -> web.Response:
        return web.json_response({"challenge": json.loads(received.body)["challenge"]})

    listener.answer = echo
    assert await slack.verify_url()


async def test_a_delivery_can_be_repeated_and_altered(slack: StandIn, listener: Listener) -> None:
    """The same bytes and signature can be sent again, and altered ones without a new signature."""
    delivery = await slack.as_(OWNER).say(APPROVALS, "/infra help")
    assert delivery
    again = await slack.redeliver(delivery)
    altered = dataclasses.replace(delivery, body=delivery.body.replace(b"help", b"halt"))
    await slack.redeliver(altered)
    first, second, third = listener.received
    assert again.ok
    assert second == first
    assert third.headers["x-slack-signature"] == first.headers["x-slack-signature"]
    assert third.form["text"] == "halt"


async def test_a_shortcut_has_the_shape_of_one(slack: StandIn, listener: Listener) -> None:
    """A global shortcut names callback, person and trigger, and neither app nor channel."""
    sent = await slack.as_(OWNER).shortcut("request_access")
    assert (sent.payload["type"], sent.payload["callback_id"]) == ("shortcut", "request_access")
    assert sent.payload["user"] == {"id": OWNER, "username": "owner-1", "team_id": "T0TEAM"}
    assert not {"api_app_id", "channel", "response_url"} & sent.payload.keys()


async def test_a_response_url_works_five_times_and_half_an_hour(
    slack: StandIn, listener: Listener, time_: Time
) -> None:
    """Five answers pass, the sixth does not, nor one after thirty minutes, nor one to a made-up URL."""
    delivery = await slack.as_(OWNER).say(APPROVALS, "/infra help")
    assert delivery
    url = delivery.payload["response_url"]
    answers = [await post(url, text=str(number)) for number in range(6)]
    assert answers == [(200, "ok")] * 5 + [(404, '{"ok": false, "error": "used_url"}')]
    assert notes(slack, OWNER) == ["0", "1", "2", "3", "4"]
    other = await slack.as_(OWNER).say(APPROVALS, "/infra help")
    assert other
    time_.elapsed += 1801
    assert await post(other.payload["response_url"], text="late") == (
        404,
        '{"ok": false, "error": "expired_url"}',
    )
    assert (await post(slack.url("/response/actions/T0TEAM/1/x"), text="a"))[0] == 404


async def test_an_answer_replaces_or_deletes_its_message(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """replace_original edits the pressed message or the note before, delete_original takes it away."""
    posted = await client.chat_postMessage(channel=APPROVALS, text="card", blocks=BUTTONS)
    pressed = await slack.as_(OWNER).press(APPROVALS, posted["ts"], "approve")
    url = pressed.payload["response_url"]
    await post(url, text="done", replace_original=True)
    assert [(m.text, m.blocks) for m in slack.messages(APPROVALS, ORGANISER)] == [("done", [])]
    await post(url, delete_original=True)
    assert slack.messages(APPROVALS, ORGANISER) == []
    asked = await slack.as_(OWNER).say(APPROVALS, "/infra help")
    assert asked
    url = asked.payload["response_url"]
    await post(url, text="looking")
    await post(url, text="found", replace_original=True)
    await post(url, text="for all", response_type="in_channel")
    assert notes(slack, OWNER) == ["found"]
    assert [m.text for m in slack.messages(APPROVALS, ORGANISER)] == ["for all"]


async def test_a_bad_answer_is_refused_and_not_counted(slack: StandIn, listener: Listener) -> None:
    """Broken blocks or nothing at all are refused, and leave the five uses."""
    delivery = await slack.as_(OWNER).say(APPROVALS, "/infra help")
    assert delivery
    url = delivery.payload["response_url"]
    assert await post(url, blocks=[{"type": "marquee"}]) == (400, '{"ok": false, "error": "invalid_blocks"}')
    assert await post(url) == (400, '{"ok": false, "error": "no_text"}')
    assert [(await post(url, text="a"))[0] for _ in range(5)] == [200] * 5


async def test_a_note_can_be_acted_on(slack: StandIn, listener: Listener, client: AsyncWebClient) -> None:
    """A button in a private note works for its person, says so, and its answer can replace the note."""
    note = await client.chat_postEphemeral(channel=APPROVALS, user=OWNER, text="choose", blocks=BUTTONS)
    pressed = await slack.as_(OWNER).press(APPROVALS, note["message_ts"], "approve")
    assert pressed.payload["container"]["is_ephemeral"]
    assert "message" not in pressed.payload
    await post(pressed.payload["response_url"], text="chosen", replace_original="true")
    assert notes(slack, OWNER) == ["chosen"]


async def test_a_press_that_fails_is_told_where_it_was_made(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """A button the app does not acknowledge leaves a private note; in a form, Slack's words."""
    posted = await client.chat_postMessage(channel=APPROVALS, text="card", blocks=BUTTONS)
    pressed = await slack.as_(OWNER).press(APPROVALS, posted["ts"], "approve")
    form = await client.views_open(trigger_id=pressed.payload["trigger_id"], view=FORM)
    listener.answer = refuse
    await slack.as_(OWNER).press(APPROVALS, posted["ts"], "approve")
    await slack.as_(OWNER).submit(form["view"]["id"], {"reason": "x"})
    assert notes(slack, OWNER) == ['That did not work: the app failed with "dispatch_failed".']
    assert slack.views(OWNER)[0].trouble == "We had some trouble connecting. Try again?"


async def test_suggestions_are_asked_for_from_the_first_letter_that_counts(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """Too few letters ask nobody; a broken or failed answer offers nothing."""
    element = {"type": "external_select", "action_id": "repos", "min_query_length": 2}
    menu = [{"type": "actions", "block_id": "menu", "elements": [element]}]
    ts = (await client.chat_postMessage(channel=APPROVALS, text="card", blocks=menu))["ts"]
    owner = slack.as_(OWNER)
    assert await owner.type_ahead_in_message(APPROVALS, ts, "repos", "i") == []
    assert listener.received == []
    assert await owner.type_ahead_in_message(APPROVALS, ts, "repos", "ir") == []
    payload = json.loads(listener.received[0].form["payload"])
    assert (payload["type"], payload["action_id"], payload["value"]) == ("block_suggestion", "repos", "ir")
    listener.answer = refuse
    assert await owner.type_ahead_in_message(APPROVALS, ts, "repos", "iro") == []


# Socket Mode


class Socket:
    """Slack's own Socket Mode client, answering each frame with *payload*."""

    def __init__(self, slack: StandIn, *, ping_interval: float = 0.05) -> None:
        self.payload: dict[str, Any] | None = None
        self.silent = False
        self.frames: list[SocketModeRequest] = []
        web_client = AsyncWebClient(base_url=slack.url("/api/"))
        self.client = SocketModeClient("xapp-test", web_client=web_client, ping_interval=ping_interval)
        self.client.socket_mode_request_listeners.append(self._take)

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.frames.append(request)
        if not self.silent:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.payload))

    async def __aenter__(self) -> "Socket":
        await self.client.connect()  # type: ignore[no-untyped-call] # slack_sdk's own
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()  # type: ignore[no-untyped-call] # slack_sdk's own


@pytest.fixture
def in_socket_mode(slack: StandIn) -> StandIn:
    """Give a stand-in that delivers over Socket Mode."""
    slack.mode = "socket"
    return slack


async def test_a_command_goes_over_the_socket_and_its_answer_back(in_socket_mode: StandIn) -> None:
    """A frame carries the command, its acknowledgement carries the answer, nothing is signed."""
    slack = in_socket_mode
    async with Socket(slack) as socket:
        socket.payload = {"text": "here"}
        delivery = await slack.as_(OWNER).say(APPROVALS, "/infra help")
        assert delivery
        assert delivery.ok
        assert delivery.headers == {}
        assert (socket.frames[0].type, socket.frames[0].payload["text"]) == ("slash_commands", "help")
        assert notes(slack, OWNER) == ["here"]
        await slack.as_(OWNER).shortcut("request_access")
        assert socket.frames[1].type == "interactive"


async def test_without_a_link_or_an_ack_the_command_failed(in_socket_mode: StandIn) -> None:
    """Nobody connected is dispatch_failed, nobody answering is operation_timeout."""
    slack = in_socket_mode
    slack.ack_seconds = 0.1
    await slack.as_(OWNER).say(APPROVALS, "/infra help")
    async with Socket(slack) as socket:
        socket.silent = True
        await slack.as_(OWNER).say(APPROVALS, "/infra help")
    assert notes(slack, OWNER) == [
        '/infra failed with the error "dispatch_failed"',
        '/infra failed with the error "operation_timeout"',
    ]


async def test_events_come_again_over_the_socket(in_socket_mode: StandIn) -> None:
    """An unacknowledged event is sent again with its attempt; a frame can be repeated as it was."""
    slack = in_socket_mode
    slack.ack_seconds, slack.retry_delays = 0.1, (0.0,)
    async with Socket(slack) as socket:
        socket.silent = True
        await slack.as_(OWNER).open_home()
        await slack.until(lambda: len(slack.deliveries) == 2 and slack.deliveries[-1].done)
        assert [frame.retry_attempt for frame in socket.frames] == [0, 1]
        socket.silent = False
        again = await slack.redeliver(slack.deliveries[0])
        assert again.ok
        assert socket.frames[2].envelope_id == socket.frames[0].envelope_id


async def test_links_share_the_frames(in_socket_mode: StandIn) -> None:
    """With two links each gets its share, and none gets a frame of the other."""
    slack = in_socket_mode
    async with Socket(slack) as one, Socket(slack) as two:
        for _ in range(4):
            await slack.as_(OWNER).shortcut("request_access")
        assert (len(one.frames), len(two.frames)) == (2, 2)


async def test_a_deaf_link_is_replaced_by_the_client(in_socket_mode: StandIn) -> None:
    """A deaf link answers no ping and carries nothing; the client notices and its next link hears."""
    slack = in_socket_mode
    slack.ack_seconds = 0.1
    async with Socket(slack, ping_interval=0.25) as socket:
        slack.deaf = True
        lost = await slack.as_(OWNER).say(APPROVALS, "/infra help")
        assert lost
        assert (lost.error, socket.frames) == ("http_timeout", [])
        await slack.until(lambda: len(slack.links) == 1 and not slack.deaf, within=10)
        heard = await slack.as_(OWNER).say(APPROVALS, "/infra help")
        assert heard
        assert heard.ok


async def test_a_muffled_link_looks_alive(in_socket_mode: StandIn) -> None:
    """A muffled link answers pings and carries nothing, so the client keeps it."""
    slack = in_socket_mode
    slack.ack_seconds = 0.1
    async with Socket(slack, ping_interval=0.05) as socket:
        slack.links.muffled = True
        lost = await slack.as_(OWNER).say(APPROVALS, "/infra help")
        assert lost
        assert (lost.error, socket.frames) == ("http_timeout", [])
        before = socket.client.last_ping_pong_time
        await slack.until(lambda: socket.client.last_ping_pong_time != before)
        assert slack.links.muffled


async def test_a_refresh_makes_the_client_connect_again(in_socket_mode: StandIn) -> None:
    """After a disconnect frame the client comes back over a new link; a warning alone changes nothing."""
    slack = in_socket_mode
    async with Socket(slack) as socket:
        first = socket.client.current_session
        await slack.links.disconnect("warning")
        await slack.links.disconnect("refresh_requested")
        await slack.until(lambda: len(slack.links) == 1 and socket.client.current_session is not first)
        delivery = await slack.as_(OWNER).say(APPROVALS, "/infra help")
        assert delivery
        assert delivery.ok


async def test_links_are_counted_single_use_and_can_be_refused(
    slack: StandIn, client: AsyncWebClient
) -> None:
    """Ten links open, the eleventh is told so; a link's URL works once; refusing refuses."""
    app_client = AsyncWebClient("xapp-test", base_url=slack.url("/api/"))
    wrong = await refusal(client.apps_connections_open(app_token="xoxb-test"))
    assert wrong["error"] == "not_allowed_token_type"
    urls = [(await app_client.apps_connections_open(app_token="xapp-test"))["url"] for _ in range(12)]
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(url) for url in urls[:11]]
        first = [await socket.receive_json() for socket in sockets]
        assert [frame["type"] for frame in first] == ["hello"] * 10 + ["disconnect"]
        assert first[10]["reason"] == "too_many_websockets"
        for url, refused, status in ((urls[0], False, 404), (urls[11], True, 503)):
            slack.refuse_connections = refused
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(url)
            assert caught.value.status == status
        for socket in sockets:
            await socket.close()
