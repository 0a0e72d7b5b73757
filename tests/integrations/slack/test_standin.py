"""The stand-in Slack: what people do and see in it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.standin import Message, NoSuchElement, NotThere, StandIn

from .workspace import (
    APPROVALS,
    BUTTONS,
    FORM,
    ORGANISER,
    OWNER,
    PRIVATE,
    STRANGER,
    Listener,
    Received,
    Time,
    notes,
    refusal,
    seed,
)

HOME = {"type": "home", "blocks": BUTTONS}


async def answer_json(slack: StandIn, listener: Listener, answer: Any) -> None:
    """Let the app answer everything with *answer*."""

    async def respond(_: Received) -> web.Response:
        return web.json_response(answer)

    listener.answer = respond


async def open_form(slack: StandIn, client: AsyncWebClient, view: dict[str, Any] = FORM) -> str:
    """Let the owner press a button and open *view* with its trigger; return its id."""
    posted = await client.chat_postMessage(channel=APPROVALS, text="a", blocks=BUTTONS)
    delivery = await slack.as_(OWNER).press(APPROVALS, posted["ts"], "approve")
    opened = await client.views_open(trigger_id=delivery.payload["trigger_id"], view=view)
    return str(opened["view"]["id"])


async def test_notes_are_for_one_person(slack: StandIn, client: AsyncWebClient) -> None:
    """An ephemeral message is seen by its person alone and is not in the history."""
    await client.chat_postEphemeral(channel=APPROVALS, user=OWNER, text="psst")
    history = await client.conversations_history(channel=APPROVALS)
    assert notes(slack, OWNER) == ["psst"]
    assert slack.messages(APPROVALS, ORGANISER) == []
    assert history["messages"] == []


async def test_stamps_grow_when_the_clock_goes_back(slack: StandIn, time_: Time) -> None:
    """Stamps of messages are unique and in order whatever the clock does; a reset follows it again."""
    stamps = [slack.post(APPROVALS, OWNER, "a").ts for _ in range(3)]
    time_.at -= timedelta(days=1)
    stamps.append(slack.post(APPROVALS, OWNER, "b").ts)
    assert stamps == sorted(set(stamps))
    assert stamps[0] == "1781510400.000000"
    slack.reset()
    assert slack.post(APPROVALS, OWNER, "c").ts == "1781424000.000000"


async def test_a_direct_message_reaches_its_person(slack: StandIn, client: AsyncWebClient) -> None:
    """Posting to a user's id and to the opened conversation is the same place."""
    opened = await client.conversations_open(users=ORGANISER)
    posted = await client.chat_postMessage(channel=ORGANISER, text="hello")
    channel = slack.direct(ORGANISER)
    assert opened["channel"]["id"] == posted["channel"] == channel
    assert slack.messages(channel, OWNER) == []
    assert [m.text for m in slack.messages(channel, ORGANISER)] == ["hello"]


async def test_external_ids_name_one_view(slack: StandIn, client: AsyncWebClient, listener: Listener) -> None:
    """A view can be updated by its external id, and no second one may carry it."""
    named = {**FORM, "external_id": "deny-r1"}
    await open_form(slack, client, named)
    await client.views_update(external_id="deny-r1", view={**named, "callback_id": "again"})
    assert slack.views(OWNER)[0].body["callback_id"] == "again"
    twice = await refusal(client.views_publish(user_id=OWNER, view={**HOME, "external_id": "deny-r1"}))
    assert twice["error"] == "duplicate_external_id"


async def test_choices_in_views_are_told_when_they_dispatch(
    slack: StandIn, client: AsyncWebClient, listener: Listener
) -> None:
    """A menu in the home is told at once, a form's field only with dispatch_action."""
    await client.views_publish(user_id=OWNER, view=HOME)
    home = slack.home(OWNER)
    assert home
    told = await slack.as_(OWNER).choose_in_view(home.id, "zone", "1")
    assert told
    assert told.payload["view"]["state"]["values"]["decide"]["zone"]["selected_option"]["value"] == "1"
    form = await open_form(slack, client)
    assert await slack.as_(OWNER).choose_in_view(form, "text", "because") is None
    assert slack.views(OWNER)[0].inputs["reason"]["text"]["value"] == "because"
    with pytest.raises(NoSuchElement, match="not a button"):
        await slack.as_(OWNER).press_in_view(form, "text")
    with pytest.raises(NotThere):
        await slack.as_(ORGANISER).submit(form)


async def test_a_trigger_works_once_and_soon(
    slack: StandIn, listener: Listener, client: AsyncWebClient, time_: Time
) -> None:
    """A trigger opens one view within three seconds; a second use, a late one and a made-up one do not."""
    delivery = await slack.as_(OWNER).say(APPROVALS, "/infra")
    assert delivery
    trigger = delivery.payload["trigger_id"]
    await client.views_open(trigger_id=trigger, view=FORM)
    errors = [(await refusal(client.views_open(trigger_id=trigger, view=FORM)))["error"]]
    late = await slack.as_(OWNER).say(APPROVALS, "/infra")
    assert late
    time_.elapsed += 3.1
    for trigger in (late.payload["trigger_id"], "1.2.3"):
        errors.append((await refusal(client.views_open(trigger_id=trigger, view=FORM)))["error"])
    assert errors == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]
    assert len(slack.views(OWNER)) == 1


async def test_views_stack_three_high_and_hashes_guard_them(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """Two views fit above the first; an update with an old hash is refused."""
    opened = await open_form(slack, client)
    for _ in range(2):
        sent = await slack.as_(OWNER).say(APPROVALS, "/infra")
        assert sent
        await client.views_push(trigger_id=sent.payload["trigger_id"], view=FORM)
    sent = await slack.as_(OWNER).say(APPROVALS, "/infra")
    assert sent
    fourth = await refusal(client.views_push(trigger_id=sent.payload["trigger_id"], view=FORM))
    old = slack.views(OWNER)[0].hash
    await client.views_update(view_id=opened, view=FORM, hash=old)
    stale = await refusal(client.views_update(view_id=opened, view=FORM, hash=old))
    assert (fourth["error"], stale["error"]) == ("push_limit_reached", "hash_conflict")
    assert [v.previous_id for v in slack.views(OWNER)] == [None, *[v.id for v in slack.views(OWNER)[:2]]]


async def test_the_home_is_published_and_opened(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """A published home is somebody's own, arrives with the opening event, and its buttons work."""
    await client.views_publish(user_id=OWNER, view=HOME)
    view = slack.home(OWNER)
    assert view
    assert slack.home(ORGANISER) is None
    opened = await slack.as_(OWNER).open_home()
    pressed = await slack.as_(OWNER).press_in_view(view.id, "approve")
    assert opened.payload["event"]["view"]["id"] == view.id
    assert pressed.payload["container"] == {"type": "view", "view_id": view.id}
    assert "response_url" not in pressed.payload


async def test_a_form_is_filled_in_and_sent(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """What is typed arrives under block and action, and an empty answer closes the form."""
    view_id = await open_form(slack, client)
    offered = [{"text": {"type": "plain_text", "text": "ironcage"}, "value": "ironcage"}]
    await answer_json(slack, listener, {"options": offered})
    assert await slack.as_(OWNER).type_ahead(view_id, "repos", "iron") == offered
    await answer_json(slack, listener, {})
    sent = await slack.as_(OWNER).submit(view_id, {"reason": "not now", "repos": "ironcage"})
    assert sent
    assert sent.payload["view"]["state"]["values"] == {
        "reason": {"text": {"type": "plain_text_input", "value": "not now"}},
        "repo": {"repos": {"type": "external_select", "selected_option": offered[0]}},
    }
    assert slack.views(OWNER) == []


async def test_slack_itself_complains_about_empty_and_long_fields(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """A required field left empty, or too long a text, is not sent to the app."""
    view_id = await open_form(slack, client)
    sent_before = len(slack.deliveries)
    assert await slack.as_(OWNER).submit(view_id) is None
    assert slack.views(OWNER)[0].errors == {"reason": "Please complete this required field."}
    assert await slack.as_(OWNER).submit(view_id, {"reason": "x" * 21}) is None
    assert len(slack.deliveries) == sent_before


async def test_the_app_answers_a_form(slack: StandIn, listener: Listener, client: AsyncWebClient) -> None:
    """Errors are shown under fields, an update replaces, a push stacks, clear closes all."""
    view_id = await open_form(slack, client)
    owner = slack.as_(OWNER)
    await answer_json(slack, listener, {"response_action": "errors", "errors": {"reason": "Why?"}})
    await owner.submit(view_id, {"reason": "x"})
    assert slack.views(OWNER)[0].errors == {"reason": "Why?"}
    second = {**FORM, "callback_id": "second"}
    await answer_json(slack, listener, {"response_action": "update", "view": second})
    await owner.submit(view_id)
    assert slack.views(OWNER)[0].body["callback_id"] == "second"
    assert slack.views(OWNER)[0].inputs["reason"]["text"]["value"] == "x"
    await answer_json(slack, listener, {"response_action": "push", "view": FORM})
    await owner.submit(view_id)
    assert len(slack.views(OWNER)) == 2
    await answer_json(slack, listener, {"response_action": "clear"})
    await owner.submit(slack.views(OWNER)[1].id, {"reason": "x"})
    assert slack.views(OWNER) == []


async def test_a_form_stays_open_when_the_answer_is_bad(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """Errors on a block that takes none, or a broken view, leave the form open with Slack's words."""
    view_id = await open_form(slack, client)
    for answer in (
        {"response_action": "errors", "errors": {"elsewhere": "?"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ):
        await answer_json(slack, listener, answer)
        await slack.as_(OWNER).submit(view_id, {"reason": "x"})
        assert slack.views(OWNER)[0].trouble == "We had some trouble connecting. Try again?"


async def test_closing_is_told_when_asked_for(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """A form with notify_on_close tells the app, one without does not."""
    closed = await slack.as_(OWNER).close(await open_form(slack, client))
    assert closed
    assert (closed.payload["type"], closed.payload["is_cleared"]) == ("view_closed", False)
    quiet = await open_form(slack, client, {**FORM, "notify_on_close": False})
    assert await slack.as_(OWNER).close(quiet, everything=True) is None
    assert slack.views(OWNER) == []


async def test_a_button_arrives_as_slack_sends_it(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """Pressing names person, team, message and value; each press has a fresh trigger and response URL."""
    posted = await client.chat_postMessage(channel=APPROVALS, text="card", blocks=BUTTONS)
    first, second = [
        await slack.as_(ORGANISER).press(APPROVALS, posted["ts"], "approve", value="r1") for _ in range(2)
    ]
    payload = first.payload
    assert json.loads(listener.received[0].form["payload"]) == payload
    assert payload["user"] == {
        "id": ORGANISER,
        "username": "organiser-1",
        "name": "organiser-1",
        "team_id": "T0TEAM",
    }
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": APPROVALS,
        "is_ephemeral": False,
    }
    action = payload["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("approve", "decide", "r1")
    assert payload["message"]["text"] == "card"
    assert payload["trigger_id"] != second.payload["trigger_id"]
    assert payload["response_url"] != second.payload["response_url"]


async def test_a_choice_is_in_the_action_and_stays_in_the_state(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """A menu's choice arrives as the action and is still there when a button is pressed."""
    posted = await client.chat_postMessage(channel=APPROVALS, text="card", blocks=BUTTONS)
    chosen = await slack.as_(OWNER).choose(APPROVALS, posted["ts"], "zone", "2")
    pressed = await slack.as_(OWNER).press(APPROVALS, posted["ts"], "approve")
    other = await slack.as_(ORGANISER).press(APPROVALS, posted["ts"], "approve")
    assert chosen.payload["actions"][0]["selected_option"]["value"] == "2"
    state = pressed.payload["state"]["values"]["decide"]["zone"]
    assert state["selected_option"]["text"]["text"] == "Two"
    assert other.payload["state"]["values"]["decide"]["zone"]["selected_option"] is None


async def test_nobody_presses_what_is_not_there(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """A missing button, another value, a missing option, an unseen message: clear refusals, nothing sent."""
    card = (await client.chat_postMessage(channel=APPROVALS, text="card", blocks=BUTTONS))["ts"]
    hidden = (await client.chat_postMessage(channel=PRIVATE, text="card", blocks=BUTTONS))["ts"]
    organiser = slack.as_(ORGANISER)
    with pytest.raises(NoSuchElement, match="approve=r1"):
        await organiser.press(APPROVALS, card, "deny")
    with pytest.raises(NoSuchElement):
        await organiser.press(APPROVALS, card, "approve", value="r2")
    with pytest.raises(NoSuchElement):
        await organiser.choose(APPROVALS, card, "zone", "3")
    with pytest.raises(NotThere):
        await organiser.press(PRIVATE, hidden, "approve")
    with pytest.raises(NotThere):
        await organiser.say(PRIVATE, "hello")
    assert slack.deliveries == []


async def test_a_stranger_carries_the_other_team(
    slack: StandIn, listener: Listener, client: AsyncWebClient
) -> None:
    """In a shared channel a person of another workspace can press, and the payload shows whose they are."""
    posted = await client.chat_postMessage(channel="C0SHARED", text="card", blocks=BUTTONS)
    pressed = await slack.as_(STRANGER).press("C0SHARED", posted["ts"], "approve")
    assert (pressed.payload["team"]["id"], pressed.payload["user"]["team_id"]) == ("T0OTHER", "T0OTHER")
    mention = await slack.as_(STRANGER).say("C0SHARED", "hello @infra")
    assert mention
    assert mention.payload["is_ext_shared_channel"]


async def test_a_reset_goes_back_to_the_seed(slack: StandIn, listener: Listener) -> None:
    """After a reset messages, people and deliveries are as they were, and the switches stay."""
    slack.rate_limits = False
    await slack.as_(OWNER).say(APPROVALS, "/infra help")
    await slack.change_user(ORGANISER, deleted=True)
    slack.reset()
    assert slack.messages(APPROVALS, OWNER) == []
    assert not slack.users[ORGANISER].deleted
    assert slack.deliveries == []
    assert (slack.rate_limits, slack.request_url is not None) == (False, True)


async def test_waiting_ends_with_a_change(slack: StandIn) -> None:
    """The page waits for the next version; a test waits for what it expects, but not forever."""
    version = slack.version
    assert await slack.changed(version, within=0.01) == version
    slack.post(APPROVALS, OWNER, "a")
    assert await slack.changed(version) > version
    found: list[Message] = await slack.until(lambda: slack.messages(APPROVALS, OWNER))
    assert found[0].text == "a"
    with pytest.raises(TimeoutError):
        await slack.until(lambda: None, within=0.01)


async def test_the_pane_shows_conversations_and_deliveries(slack: StandIn, listener: Listener) -> None:
    """People see what was said where, and what the bot was sent."""
    await slack.as_(OWNER).say(APPROVALS, "/infra help")
    rows = {section["title"]: section["rows"] for section in slack.pane()["sections"]}
    assert ["#approvals", 0, 0, ""] in rows["Conversations"]
    assert rows["Sent to the bot"][0][:2] == ["command", "/infra"]
    assert rows["Sent to the bot"][0][3] == "acknowledged"


def test_the_seed_may_name_other_scopes_and_commands(time_: Time) -> None:
    """Scopes and slash commands come from the seed when it has them."""
    standin = StandIn(seed(scopes=["chat:write"], commands=["/ops"]), time_.clock)
    assert (standin.scopes, standin.commands) == (("chat:write",), ("/ops",))
