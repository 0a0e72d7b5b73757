"""Socket Mode: the same listeners, frames acknowledged when kept, links that are watched."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.frontends.slack import over_socket
from integrations.slack.standin import StandIn
from tests.frontends.slack.office import APPROVALS, CORY, GENERAL, ORGANISER, Office, opened
from tests.frontends.slack.test_keeping import NOT_KEPT, database_away


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look after the link often."""
    monkeypatch.setattr(over_socket, "PING_SECONDS", 0.5)
    monkeypatch.setattr(over_socket, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(over_socket, "DEAF_SECONDS", 1.0)


@pytest_asyncio.fixture
async def office(database_url: str, slack: StandIn) -> AsyncIterator[Office]:
    """Give the bot at work over a socket."""
    slack.mode = "socket"
    async with opened(database_url, slack, transport="socket") as office:
        await slack.until(lambda: len(slack.links))
        yield office


async def test_the_main_job_over_a_socket(office: Office) -> None:
    """A plan is asked for, approved, applied; a form is opened and sent."""
    assert office.frontend.routes == []
    card = await office.asks()
    await office.presses(CORY, card, "approve")
    await office.carded("*Applied.*")
    other = await office.asks("put b=fig")
    await office.presses(CORY, other, "deny")
    form = await office.form(CORY)
    await office.slack.as_(CORY).submit(form.id, {"reason": " "})
    assert office.slack.views(CORY)[0].errors
    await office.slack.as_(CORY).submit(form.id, {"reason": "no fig"})
    await office.carded('*Denied by Cory 09:00*: "no fig"')
    assert office.world.shelf.holds == {"a": "pear"}


async def test_a_repeated_frame_has_no_further_effect(office: Office) -> None:
    """The same frame again is acknowledged and does nothing."""
    await office.asks()
    await office.settled()
    frame = next(d for d in office.slack.deliveries if d.kind == "command")
    assert (await office.slack.redeliver(frame)).ok
    await office.settled()
    assert len(office.cards) == 1


async def test_a_frame_that_is_not_kept(office: Office) -> None:
    """A command that cannot be kept says so; an event is not acknowledged, so it comes again."""
    database_away(office)
    delivery = await office.slack.as_(ORGANISER).say(GENERAL, "/infra put a=pear")
    assert delivery is not None
    assert delivery.answer == {"text": NOT_KEPT}
    office.slack.ack_seconds, office.slack.retry_delays = 0.3, ()
    event = await office.slack.as_(ORGANISER).say(office.slack.direct(ORGANISER), "look")
    assert event is not None
    assert event.error == "http_timeout"


async def test_a_deaf_link_is_replaced(office: Office) -> None:
    """A link that answers no ping is replaced; what people ask then is heard."""
    office.slack.deaf = True
    await office.slack.until(lambda: len(office.slack.links) and not office.slack.deaf, within=20)
    await office.says(ORGANISER, "/infra look")
    await office.told(ORGANISER, "0 requests")


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_slack_renews_a_link(office: Office, reason: str) -> None:
    """When Slack says that it ends a link there is a new one."""
    await office.slack.links.disconnect(reason)
    await asyncio.sleep(0.5)
    await office.slack.until(lambda: len(office.slack.links) == 1, within=10)
    await office.says(ORGANISER, "/infra look")
    await office.told(ORGANISER, "0 requests")


async def test_links_overlap_when_they_are_renewed(
    database_url: str, slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new link is there before the old one goes: nothing said meanwhile is missed."""
    monkeypatch.setattr(over_socket.SocketMode.__init__, "__defaults__", (0.2,))
    slack.mode = "socket"
    async with opened(database_url, slack, transport="socket") as office:
        await slack.until(lambda: len(slack.links))
        fewest = 9
        for _ in range(20):
            fewest = min(fewest, len(slack.links))
            await office.says(ORGANISER, "/infra look")
            await asyncio.sleep(0.05)
        assert fewest >= 1
        await office.settled()
        assert len(office.private(ORGANISER)) == 20


async def test_slack_is_away_at_the_start(database_url: str, slack: StandIn) -> None:
    """The bot starts without Slack, and connects when it is there."""
    slack.mode, slack.refuse_connections = "socket", True
    async with opened(database_url, slack, transport="socket") as office:
        await asyncio.sleep(0.3)
        assert len(slack.links) == 0
        slack.refuse_connections = False
        await slack.until(lambda: len(slack.links), within=10)
        card = await office.asks()
        assert card.channel == APPROVALS
