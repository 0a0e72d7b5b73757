"""What goes out to Slack keeps its rates, and is neither lost nor doubled."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from time import monotonic

import pytest

from bot.frontends.slack import kit
from bot.frontends.slack.delivery import Delivery
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused
from bot.frontends.slack.pace import Pace, Rates
from bot.frontends.slack.posts import Posts
from bot.store import messages
from bot.store.jobs import Later
from bot.store.messages import Message as Sent
from integrations.slack.standin import StandIn
from integrations.slack.standin.state import ResponseUrl
from tests.frontends.slack.faults import Faults
from tests.frontends.slack.office import APPROVALS, AT_ONCE, CORY, GENERAL, ORGANISER, Office, opened, shown
from tests.workflow.world import START

SAID = ("r1", "share", GENERAL, kit.said("hello"))


@pytest.fixture
async def outgoing(slack: StandIn) -> AsyncIterator[Outgoing]:
    """Give the way out, unhurried."""
    out = Outgoing(slack.url("/api/"), "xoxb-test", Rates())
    await out.open()
    yield out
    await out.close()


async def test_a_pace_gives_a_burst_and_then_a_turn_each_interval() -> None:
    """Three turns come at once, the next ones spaced; after a rest there is a burst again."""
    pace, began = Pace(0.1, 3), monotonic()
    for _ in range(3):
        await pace.turn()
    assert monotonic() - began < 0.05
    await asyncio.gather(pace.turn(), pace.turn())
    assert 0.18 < monotonic() - began < 0.4
    pace.hold(0.2)
    held = monotonic()
    await pace.turn()
    assert monotonic() - held > 0.18


async def test_a_channel_gets_a_message_a_second(slack: StandIn, outgoing: Outgoing) -> None:
    """A burst of messages passes, and the rest comes at Slack's rate without one refusal."""
    slack.rate_limits = True
    began = monotonic()
    await asyncio.gather(*(outgoing.post(APPROVALS, kit.said(f"message {n}"), key=f"k{n}") for n in range(5)))
    assert 1.9 < monotonic() - began < 4
    assert len(slack.channels[APPROVALS].messages) == 5


async def test_slack_asks_to_wait(slack: StandIn, outgoing: Outgoing, faults: Faults) -> None:
    """A refused call is sent again after the time Slack asks for; it was not done before."""
    faults.limited["chat.postMessage"] = 1
    began = monotonic()
    await outgoing.post(APPROVALS, kit.said("hello"), key="k")
    assert monotonic() - began > 0.95
    assert len(slack.channels[APPROVALS].messages) == 1


async def test_an_endless_wait_ends(outgoing: Outgoing, faults: Faults) -> None:
    """A call that Slack keeps putting off is given up, for its job to try again."""
    faults.limited["chat.postMessage"], faults.retry_after = 99, "0"
    with pytest.raises(SlackAway) as caught:
        await outgoing.post(APPROVALS, kit.said("hello"), key="k")
    assert not caught.value.unsure
    assert faults.calls.count("chat.postMessage") == 5


@pytest.mark.parametrize("fault", ["lost", "broken"])
async def test_a_post_is_never_repeated_blindly(
    slack: StandIn, outgoing: Outgoing, faults: Faults, fault: str
) -> None:
    """When the answer to a post is lost, it is not sent again; its mark tells whether it arrived."""
    getattr(faults, fault)["chat.postMessage"] = 1
    with pytest.raises(SlackAway) as caught:
        await outgoing.post(APPROVALS, kit.said("hello"), key="k")
    assert caught.value.unsure
    assert faults.calls.count("chat.postMessage") == 1
    found = await outgoing.find(APPROVALS, "k", START)
    assert (found is not None) == (fault == "lost")
    assert await outgoing.find(APPROVALS, "another", START) is None


async def test_a_message_is_found_behind_many_others(slack: StandIn, outgoing: Outgoing) -> None:
    """The mark is looked for page by page."""
    _, ts = await outgoing.post(APPROVALS, kit.said("hello"), key="k")
    for n in range(450):
        slack.post(APPROVALS, CORY, f"chatter {n}")
    assert await outgoing.find(APPROVALS, "k", START) == ts


async def test_without_the_right_to_read_history_nothing_is_found(slack: StandIn, outgoing: Outgoing) -> None:
    """Where the bot may read no history it cannot look, which is no error."""
    await outgoing.post(APPROVALS, kit.said("hello"), key="k")
    slack.scopes = ("chat:write",)
    assert await outgoing.find(APPROVALS, "k", START) is None


async def test_a_refusal_says_its_code(outgoing: Outgoing) -> None:
    """What Slack refuses is raised with Slack's word for it."""
    with pytest.raises(SlackRefused) as caught:
        await outgoing.post("C0NOWHERE", kit.said("hello"), key="k")
    assert caught.value.code == "channel_not_found"


async def test_slack_away(slack: StandIn, outgoing: Outgoing, faults: Faults) -> None:
    """Neither a wall of 503 nor a closed port raises anything but SlackAway."""
    faults.away = True
    for call in (
        outgoing.direct(CORY),
        outgoing.user(CORY),
        outgoing.respond(slack.url("/response/x"), None),
    ):
        with pytest.raises(SlackAway):
            await call
    elsewhere = Outgoing("http://127.0.0.1:9/api/", "xoxb-test", AT_ONCE)
    await elsewhere.open()
    with pytest.raises(SlackAway) as caught:
        await elsewhere.user(CORY)
    assert not caught.value.unsure
    with pytest.raises(SlackAway):
        await elsewhere.respond("http://127.0.0.1:9/response/x", None)
    await elsewhere.close()


async def test_edits_of_one_message_are_spaced_and_the_end_is_shown_at_once(
    database_url: str, slack: StandIn
) -> None:
    """Between two edits of a card three seconds pass; what came of it is shown without waiting."""
    rates = Rates(AT_ONCE.message, AT_ONCE.tier_3, AT_ONCE.tier_4, edits_apart=30.0)
    async with opened(database_url, slack, rates=rates) as office:
        card = await office.asks("put a=crown")
        await office.presses(CORY, card, "approve")
        await office.carded("Approved by Cory")
        await office.presses("U0OWEN", card, "approve")
        await office.carded("*Applied.* Approved by Cory 09:00 and Owen 09:00")
        await office.settled()


@pytest.mark.parametrize("lost", [True, False])
async def test_a_crash_between_posting_and_writing_down(
    database_url: str, slack: StandIn, faults: Faults, lost: bool
) -> None:
    """Whether or not the card arrived before the process died, there is one card after."""
    async with opened(database_url, slack, working=False) as office:
        filed = await office.world.ask("put a=pear")
        faults.lost["chat.postMessage"] = int(lost)
        faults.broken["chat.postMessage"] = int(not lost)
        with pytest.raises(SlackAway):
            await office.frontend.notify({"request": filed.request.id, "seq": 1})
        world = office.world
    world.clock.now += timedelta(seconds=16)
    async with opened(database_url, slack, peer=world) as office:
        await office.noted(ORGANISER, "Put a=pear")
        async with office.world.store.read() as tx:
            sent = await messages.get(tx, filed.request.id, "card")
        assert sent is not None
        assert [card.ts for card in office.cards] == [sent.ts]


async def test_a_peer_that_is_just_posting_is_given_time(database_url: str, slack: StandIn) -> None:
    """While another process may be posting the card, this one waits instead of posting a second."""
    async with opened(database_url, slack, working=False) as office:
        filed = await office.world.ask("put a=pear")
        async with office.world.store.write() as tx:
            intent = messages.Message(channel=APPROVALS, ts="", fingerprint=START.isoformat())
            await messages.put(tx, filed.request.id, "card", intent)
        with pytest.raises(Later) as caught:
            await office.frontend.notify({"request": filed.request.id, "seq": 1})
        assert caught.value.at == START + timedelta(seconds=15)
        assert office.cards == []


async def test_two_processes_post_once(office: Office) -> None:
    """Of two processes that post the same at the same time one does; the other finds it when it is there."""
    out, world = office.frontend._outgoing, office.world
    one, two = (Posts(world.store, out, world.clock) for _ in range(2))
    said = await asyncio.gather(
        *(posts.once(*SAID) for posts in (one, two)),
        return_exceptions=True,
    )
    assert all(isinstance(each, Later | tuple) for each in said)
    assert [(await posts.once(*SAID))[1] for posts in (one, two)] == [False, False]
    assert len(office.slack.channels[GENERAL].messages) == 1


async def test_what_another_process_posted_after_it_was_looked_for(office: Office) -> None:
    """Who looked before another process posted finds that out before it posts too."""
    out, world = office.frontend._outgoing, office.world
    one = Posts(world.store, out, world.clock)

    class Overtaken(Posts):
        async def _row(self, id_: str, place: str) -> Sent | None:
            row = await super()._row(id_, place)
            await one.once(*SAID)
            return row

    two = Overtaken(world.store, out, world.clock)
    with pytest.raises(Later):
        await two.once(*SAID)
    assert not (await two.once(*SAID))[1]
    assert len(office.slack.channels[GENERAL].messages) == 1


async def test_a_card_that_somebody_deleted_is_posted_again(office: Office) -> None:
    """A request whose card is gone gets a new one when there is something to show."""
    card = await office.asks()
    note = await office.noted(ORGANISER, "#1: Put a=pear")
    office.slack.remove(card)
    await office.presses(ORGANISER, note, "withdraw")
    await office.carded("*Withdrawn by organiser-1")
    assert len(office.cards) == 1


async def test_whom_slack_cannot_reach_keeps_nobody_waiting(office: Office) -> None:
    """A requester whose account is gone is skipped; the card is brought up to date."""
    card = await office.asks()
    await office.settled()
    office.slack.users[ORGANISER].deleted = True
    office.frontend._outgoing._directs.clear()
    await office.presses(CORY, card, "approve")
    assert "*Applied.*" in shown(await office.carded("*Applied.*"))


async def test_an_answer_finds_another_way(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the response URL is spent the answer is whispered; when that fails it comes directly."""
    spent = office.slack.url("/response/spent")
    monkeypatch.setattr(office.slack, "mint_response_url", lambda *_args: spent)
    office.slack.responses["spent"] = ResponseUrl(ORGANISER, GENERAL, 0.0)
    await office.says(ORGANISER, "/infra look")
    assert (await office.told(ORGANISER, "0 requests")).ephemeral_to == ORGANISER
    office.slack.channels[GENERAL].archived = True
    await office.says(ORGANISER, "/infra look")
    await office.noted(ORGANISER, "0 requests")


async def test_progress_without_a_response_url_is_edited(office: Office) -> None:
    """In the messages tab the line that work goes on becomes the answer."""
    await office.says(ORGANISER, "wait", office.slack.direct(ORGANISER))
    note = await office.noted(ORGANISER, "⏳ Half way")
    office.switches.go_on.set()
    assert (await office.noted(ORGANISER, "*Waited*")).ts == note.ts
    assert len(office.direct(ORGANISER)) == 1


async def test_an_answer_that_arrived_before_a_crash_is_not_doubled(office: Office) -> None:
    """A direct answer that was posted, and whose delivery is worked on again, stays one message."""
    await office.says(ORGANISER, "look", office.slack.direct(ORGANISER))
    await office.noted(ORGANISER, "0 requests")
    await office.settled()
    said = next(d for d in office.slack.deliveries if d.kind == "event")
    key = f"event:{said.payload['event_id']}"
    await office.frontend._worker._desk.work(Delivery(key, "event", said.payload, START, again=True))
    assert len(office.direct(ORGANISER)) == 1


async def test_active(office: Office, faults: Faults) -> None:
    """Somebody is active, or not, or nobody can say; without an account in Slack they are not."""
    people = {person.name: person for person in (await office.world.service.situation()).people}
    assert await office.frontend.active(people["Cory"]) is True
    assert await office.frontend.active(people["reader-1"]) is False
    gone = people["Owen"].model_copy(update={"slack": ("U0NOBODY",)})
    assert await office.frontend.active(gone) is False
    faults.away = True
    assert await office.frontend.active(people["George"]) is None
