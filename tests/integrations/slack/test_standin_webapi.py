"""The stand-in Slack: its Web API, as Slack's own client finds it."""

import io
import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.standin import StandIn

from .workspace import (
    APPROVALS,
    BOT,
    BUTTONS,
    FORM,
    GENERAL,
    GUEST,
    OWNER,
    PRIVATE,
    STRANGER,
    Time,
    refusal,
)


async def test_auth_test_says_who_the_bot_is(client: AsyncWebClient) -> None:
    """The token leads to the team and the bot user, and names its scopes in a header."""
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0TEAM", BOT, "B0BOT")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]


async def test_wrong_tokens_and_methods_are_refused(slack: StandIn, client: AsyncWebClient) -> None:
    """No token, a wrong one, the other kind, a revoked one and an unknown method each have their word."""
    url = slack.url("/api/")
    errors = []
    for token in ("xoxb-wrong", "xapp-test"):
        errors.append((await refusal(AsyncWebClient(token, base_url=url).auth_test()))["error"])
    errors.append((await refusal(AsyncWebClient(base_url=url).auth_test()))["error"])
    errors.append((await refusal(client.api_call("chat.shout")))["error"])
    slack.revoked = True
    errors.append((await refusal(client.auth_test()))["error"])
    assert errors == [
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "unknown_method",
        "token_revoked",
    ]


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("api.test", {"error": "my_error"}, "my_error"),
    ("chat.postMessage", {"text": "a"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": APPROVALS, "text": "a", "blocks": "[{"}, "invalid_blocks_format"),
    (
        "chat.postMessage",
        {"channel": APPROVALS, "text": "a", "blocks": {"type": "x"}},
        "invalid_blocks_format",
    ),
    ("chat.postMessage", {"channel": APPROVALS, "text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
    ("chat.postMessage", {"channel": APPROVALS, "markdown_text": "b" * 12_001}, "msg_too_long"),
    (
        "chat.postMessage",
        {"channel": APPROVALS, "text": "a", "attachments": [{}] * 101},
        "too_many_attachments",
    ),
    ("chat.postMessage", {"channel": APPROVALS, "text": "a", "metadata": {}}, ""),
    (
        "chat.postMessage",
        {"channel": APPROVALS, "text": "a", "metadata": {"a": 1}},
        "invalid_metadata_format",
    ),
    ("chat.postMessage", {"channel": APPROVALS, "text": "a", "thread_ts": "1.0"}, "cannot_reply_to_message"),
    ("chat.postMessage", {"channel": "USLACKBOT", "text": "a"}, "cannot_dm_bot"),
    ("chat.postEphemeral", {"channel": APPROVALS, "user": STRANGER, "text": "a"}, "user_not_in_channel"),
    ("chat.getPermalink", {"channel": APPROVALS, "message_ts": "1.0"}, "message_not_found"),
    ("conversations.list", {"types": "rooms"}, "invalid_types"),
    ("conversations.list", {"types": "im"}, "missing_scope"),
    ("conversations.list", {"cursor": "abc"}, "invalid_cursor"),
    ("conversations.list", {"limit": 1001}, "invalid_limit"),
    ("conversations.info", {"channel": "C0NOWHERE"}, "channel_not_found"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
    ("conversations.history", {"channel": GENERAL}, "not_in_channel"),
    ("conversations.replies", {"channel": APPROVALS, "ts": "1.0"}, "thread_not_found"),
    ("conversations.join", {"channel": GENERAL}, "missing_scope"),
    ("conversations.invite", {"channel": APPROVALS, "users": OWNER}, "missing_scope"),
    ("files.getUploadURLExternal", {"filename": "a.png", "length": 0}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": []}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": [{"id": "F1"}]}, "file_not_found"),
    ("conversations.join", {"channel": GENERAL}, "missing_scope"),
    ("pins.add", {"channel": APPROVALS, "timestamp": "1.0"}, "message_not_found"),
    ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("views.publish", {"user_id": OWNER, "view": FORM}, "invalid_arguments"),
    ("views.update", {"external_id": "x", "view": FORM}, "not_found"),
    ("views.update", {"view_id": "V1", "view": FORM}, "not_found"),
]


@pytest.mark.parametrize(("method", "args", "error"), REFUSALS)
async def test_calls_that_cannot_be_done_have_their_word(
    client: AsyncWebClient, method: str, args: dict[str, Any], error: str
) -> None:
    """Each refusal is the documented error, with status 200; empty metadata is none at all."""
    if not error:
        assert (await client.api_call(method, json=args))["ok"]
        return
    answer = await refusal(client.api_call(method, json=args))
    assert (answer.status_code, answer["ok"], answer["error"]) == (200, False, error)


async def test_a_missing_scope_is_named(slack: StandIn, client: AsyncWebClient) -> None:
    """A method without its scope says what it needs and what there is."""
    slack.scopes = ("chat:write",)
    answer = await refusal(client.users_info(user=OWNER))
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "users:read",
        "chat:write",
    )


@pytest.mark.parametrize("as_json", [True, False])
async def test_json_and_forms_are_read_alike(slack: StandIn, as_json: bool) -> None:
    """The same message can be posted as JSON and as a form with JSON inside."""
    headers = {"Authorization": "Bearer xoxb-test"}
    args: dict[str, Any] = {"channel": APPROVALS, "text": "hello", "blocks": BUTTONS}
    body: dict[str, Any] = {"json": args} if as_json else {"data": {**args, "blocks": json.dumps(BUTTONS)}}
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.url("/api/chat.postMessage"), headers=headers, **body) as response,
    ):
        assert (await response.json())["ok"]
    assert slack.messages(APPROVALS, OWNER)[0].blocks[0]["block_id"] == "decide"


async def test_posting_says_where_the_bot_may_not(slack: StandIn, client: AsyncWebClient) -> None:
    """Unknown, unjoined and archived channels are told apart, and nothing is posted."""
    slack.channels["C0SHARED"].archived = True
    errors = [
        (await refusal(client.chat_postMessage(channel=channel, text="a")))["error"]
        for channel in ("C0NOWHERE", GENERAL, "C0SHARED")
    ]
    errors.append((await refusal(client.api_call("chat.postMessage", json={"channel": APPROVALS})))["error"])
    assert errors == ["channel_not_found", "not_in_channel", "is_archived", "no_text"]
    assert not any(channel.messages for channel in slack.channels.values())


async def test_an_update_without_blocks_drops_them_and_keeps_metadata(
    slack: StandIn, client: AsyncWebClient
) -> None:
    """Updating only the text leaves a message without buttons but with its metadata."""
    metadata = {"event_type": "request", "event_payload": {"id": "r1"}}
    posted = await client.chat_postMessage(channel=APPROVALS, text="a", blocks=BUTTONS, metadata=metadata)
    await client.chat_update(channel=APPROVALS, ts=posted["ts"], text="b")
    message = slack.messages(APPROVALS, OWNER)[0]
    assert (message.text, message.blocks, message.metadata) == ("b", [], metadata)
    assert message.edited


async def test_only_own_kept_messages_can_be_updated(slack: StandIn, client: AsyncWebClient) -> None:
    """A person's message, a private note and an unknown stamp cannot be updated."""
    await slack.as_(OWNER).say(APPROVALS, "hello")
    note = await client.chat_postEphemeral(channel=APPROVALS, user=OWNER, text="psst")
    said = slack.messages(APPROVALS, OWNER)[0]
    errors = [
        (await refusal(client.chat_update(channel=APPROVALS, ts=ts, text="x")))["error"]
        for ts in (said.ts, note["message_ts"], "1.000000")
    ]
    assert errors == ["cant_update_message", "message_not_found", "message_not_found"]


async def test_history_pages_and_shows_metadata_when_asked(slack: StandIn, client: AsyncWebClient) -> None:
    """History is newest first, in pages, with metadata only on request."""
    for number in range(3):
        metadata = {"event_type": "n", "event_payload": {"n": number}}
        await client.chat_postMessage(channel=APPROVALS, text=str(number), metadata=metadata)
    first = await client.conversations_history(channel=APPROVALS, limit=2, include_all_metadata=True)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=APPROVALS, limit=2, cursor=cursor)
    assert [m["metadata"]["event_payload"]["n"] for m in first["messages"]] == [2, 1]
    assert [m["text"] for m in rest["messages"]] == ["0"]
    assert "metadata" not in rest["messages"][0]
    assert (first["has_more"], rest["has_more"]) == (True, False)


async def test_replies_are_in_the_thread_alone(slack: StandIn, client: AsyncWebClient) -> None:
    """A reply is found by its thread, not in the channel's history."""
    parent = await client.chat_postMessage(channel=APPROVALS, text="card")
    await client.chat_postMessage(channel=APPROVALS, text="step", thread_ts=parent["ts"])
    history = await client.conversations_history(channel=APPROVALS)
    thread = await client.conversations_replies(channel=APPROVALS, ts=parent["ts"])
    assert [m["text"] for m in history["messages"]] == ["card"]
    assert [m["text"] for m in thread["messages"]] == ["card", "step"]


async def test_flags_of_users_are_told(client: AsyncWebClient) -> None:
    """Guests, strangers, bots and Slackbot carry the flags that give them away."""
    users = {each["id"]: each for each in (await client.users_list())["members"]}
    assert users[GUEST]["is_restricted"]
    assert (users[STRANGER]["is_stranger"], users[STRANGER]["team_id"]) == (True, "T0OTHER")
    assert users[BOT]["is_bot"]
    assert not users["USLACKBOT"]["is_bot"]
    found = await client.users_lookupByEmail(email="owner-1@example.org")
    assert found["user"]["id"] == OWNER
    assert (await refusal(client.users_lookupByEmail(email="x@y.z")))["error"] == "users_not_found"


async def test_conversations_are_listed_by_kind(client: AsyncWebClient) -> None:
    """Private channels come only when asked for, and members are named."""
    public = await client.conversations_list()
    both = await client.conversations_list(types="public_channel,private_channel")
    assert [c["name"] for c in public["channels"]] == ["general", "approvals", "venue"]
    assert PRIVATE in [c["id"] for c in both["channels"]]
    assert (await client.conversations_info(channel="C0SHARED"))["channel"]["is_ext_shared"]
    assert BOT in (await client.conversations_members(channel=APPROVALS))["members"]


async def test_joining_inviting_and_pinning(slack: StandIn, client: AsyncWebClient) -> None:
    """With their scopes the bot joins a channel, brings somebody in and pins a message, once."""
    slack.scopes += ("channels:join", "channels:manage", "pins:write")
    await client.conversations_join(channel=GENERAL)
    await client.conversations_invite(channel=GENERAL, users=[GUEST])
    again = await refusal(client.conversations_invite(channel=GENERAL, users=[GUEST]))
    posted = await client.chat_postMessage(channel=GENERAL, text="head of the journal")
    await client.pins_add(channel=GENERAL, timestamp=posted["ts"])
    repeated = await refusal(client.pins_add(channel=GENERAL, timestamp=posted["ts"]))
    assert {BOT, GUEST} <= set(slack.channels[GENERAL].members)
    assert (again["error"], repeated["error"]) == ("already_in_channel", "already_pinned")
    assert slack.channels[GENERAL].pins == [posted["ts"]]


async def test_a_permalink_names_channel_and_stamp(client: AsyncWebClient) -> None:
    """The link to a message has its channel and its stamp without the dot."""
    posted = await client.chat_postMessage(channel=APPROVALS, text="a")
    link = await client.chat_getPermalink(channel=APPROVALS, message_ts=posted["ts"])
    assert link["permalink"].endswith(f"/archives/{APPROVALS}/p{posted['ts'].replace('.', '')}")


async def test_deleting_takes_a_message_away(slack: StandIn, client: AsyncWebClient) -> None:
    """A deleted message is gone, and cannot be deleted twice."""
    posted = await client.chat_postMessage(channel=APPROVALS, text="a")
    await client.chat_delete(channel=APPROVALS, ts=posted["ts"])
    assert slack.messages(APPROVALS, OWNER) == []
    again = await refusal(client.chat_delete(channel=APPROVALS, ts=posted["ts"]))
    assert again["error"] == "message_not_found"


async def test_a_file_is_uploaded_in_three_steps(slack: StandIn, client: AsyncWebClient) -> None:
    """The SDK's upload leaves a message that holds the bytes."""
    await client.files_upload_v2(
        channel=APPROVALS, filename="sales.png", content=b"\x89PNG", title="Sales", initial_comment="June"
    )
    message = slack.messages(APPROVALS, OWNER)[0]
    assert (message.text, message.files[0].content) == ("June", b"\x89PNG")
    assert (message.files[0].name, message.files[0].title) == ("sales.png", "Sales")


async def test_a_file_arrives_whole_and_is_read_with_the_token(
    slack: StandIn, client: AsyncWebClient
) -> None:
    """Bytes of another length, or for another file, are refused; multipart works; reading needs the token."""
    announced = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    url = announced["upload_url"]
    async with aiohttp.ClientSession() as session:
        statuses = [
            (await session.post(address, data=content)).status
            for address, content in (
                (url, b"four"),
                (url + "X", b"abc"),
                (url, {"file": io.BytesIO(b"abc")}),
                (url, b"abc"),
            )
        ]
        done = await client.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": "A"}])
        address = done["files"][0]["url_private"]
        bearer = {"Authorization": "Bearer xoxb-test"}
        assert (await session.get(address)).status == 403
        assert await (await session.get(address, headers=bearer)).read() == b"abc"
    assert statuses == [400, 404, 200, 404]


async def test_messages_come_at_one_a_second_after_a_burst(
    slack: StandIn, client: AsyncWebClient, time_: Time
) -> None:
    """The sixth message at once waits a second; another channel does not; the switch lets all pass."""
    for _ in range(5):
        await client.chat_postMessage(channel=APPROVALS, text="a")
    answer = await refusal(client.chat_postMessage(channel=APPROVALS, text="a"))
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "1")
    await client.chat_postMessage(channel=PRIVATE, text="a")
    time_.elapsed += 1
    await client.chat_postMessage(channel=APPROVALS, text="a")
    slack.rate_limits = False
    await client.chat_postMessage(channel=APPROVALS, text="a")
    assert len(slack.messages(APPROVALS, OWNER)) == 7


async def test_updates_come_at_fifty_a_minute(client: AsyncWebClient, time_: Time) -> None:
    """The fifty-first update waits until the first is a minute old."""
    posted = await client.chat_postMessage(channel=APPROVALS, text="a")
    for _ in range(50):
        await client.chat_update(channel=APPROVALS, ts=posted["ts"], text="b")
    time_.elapsed += 20
    answer = await refusal(client.chat_update(channel=APPROVALS, ts=posted["ts"], text="c"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
    time_.elapsed += 40
    await client.chat_update(channel=APPROVALS, ts=posted["ts"], text="c")
