"""Socket Mode: the same listeners, frames acknowledged when kept, links that are watched."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from time import monotonic

import pytest
import pytest_asyncio

from bot.core.errors import Unavailable
from bot.frontends.slack import over_socket
from integrations.slack.standin import StandIn
from tests.frontends.slack.faults import Faults
from tests.frontends.slack.office import APPROVALS, CORY, GENERAL, ORGANISER, Office, opened
from tests.frontends.slack.test_keeping import NOT_KEPT, database_away

HURRY = 20


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look after the link often."""
    for name in ("PING_SECONDS", "LOOK_SECONDS", "DEAF_SECONDS", "RETRY_SECONDS", "LINGER_SECONDS"):
        monkeypatch.setattr(over_socket, name, getattr(over_socket, name) / HURRY)


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


async def test_the_time_to_repair(
    office: Office, figure: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames that are dropped, a link half open, a reconnect that is refused: what is asked next is heard."""
    slack = office.slack
    monkeypatch.setattr(over_socket, "SILENT_SECONDS", over_socket.SILENT_SECONDS / HURRY)
    repaired = [
        f"{HURRY * await _repaired(office, broken):.0f} s for {fault}"
        for fault, broken in (
            ("dropped frames", lambda: setattr(slack.links, "muffled", True)),
            ("dropped frames and pings", lambda: setattr(slack, "deaf", True)),
            ("a half-open link", slack.links.vanish),
        )
    ]
    slack.refuse_connections = True
    await slack.links.drop()
    await asyncio.sleep(over_socket.DEAF_SECONDS)
    assert len(slack.links) == 0
    again = await _repaired(office, lambda: setattr(slack, "refuse_connections", False))
    repaired.append(f"{HURRY * again:.0f} s after refused reconnects")
    figure(f"a deaf socket is repaired within: {', '.join(repaired)} (measured {HURRY} times quicker)")


async def _repaired(office: Office, begin: Callable[[], None]) -> float:
    """Return how long after *begin* it takes until somebody is heard."""
    slack, before = office.slack, len(office.private(ORGANISER))
    began = monotonic()
    begin()
    await slack.until(lambda: len(slack.links) and not (slack.deaf or slack.links.muffled), within=30)
    seconds = monotonic() - began
    await office.says(ORGANISER, "/infra look")
    await slack.until(lambda: len(office.private(ORGANISER)) > before)
    return seconds


def test_a_link_is_heard_again_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answered ping seen late, silence, a late look and a slow connect add up to less than 60 s."""
    monkeypatch.undo()
    assert over_socket.DEAF_SECONDS > 2 * over_socket.PING_SECONDS
    parting = over_socket.CONNECT_SECONDS + over_socket.LINGER_SECONDS + over_socket.FAREWELL_SECONDS
    assert over_socket.DEAF_SECONDS + 2 * over_socket.LOOK_SECONDS + parting < 60
    assert over_socket.SILENT_SECONDS + over_socket.LOOK_SECONDS + parting < 60


@pytest.mark.parametrize(
    ("why", "token", "refuse"),
    [("invalid_auth", "xapp-other", False), ("took no link within", "xapp-test", True)],
)
async def test_a_link_that_cannot_be_rebuilt(
    why: str, token: str, refuse: bool, database_url: str, slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a dead token, or refused for too long, the bot gives up on a silent link, and says why."""
    monkeypatch.setattr(over_socket, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(over_socket, "SILENT_SECONDS", 0.5)
    slack.mode = "socket"
    patience = timedelta(seconds=2)
    async with opened(database_url, slack, transport="socket", give_up_after=patience) as office:
        await slack.until(lambda: len(slack.links))
        slack.app_token, slack.refuse_connections = token, refuse
        if refuse:
            await slack.links.drop()
        with pytest.raises(Unavailable, match=f"No link to Slack .*{why}.*started again"):
            await asyncio.wait_for(office.frontend.listening(), 30)


async def test_two_processes_share_the_work(database_url: str, slack: StandIn) -> None:
    """Each of two processes has a link; whatever comes by either, and again by the other, is done once."""
    slack.mode = "socket"
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(opened(database_url, slack, transport="socket"))
        two = await stack.enter_async_context(
            opened(database_url, slack, transport="socket", peer=one.world, working=False)
        )
        await slack.until(lambda: len(slack.links) == 2)
        for _ in range(5):
            await one.says(ORGANISER, "/infra look")
        card = await one.asks()
        await one.presses(CORY, card, "approve")
        await one.carded("*Applied.*")
        sent = list(slack.deliveries)
        assert len(sent) % 2, "an odd number, so that each comes by the other link the second time"
        for delivery in sent:
            assert (await slack.redeliver(delivery)).ok
        for office in (one, two):
            await office.settled()
        assert len(one.private(ORGANISER)) == 6  # five answers, and where the card is
        assert len(one.cards) == 1
        assert one.world.shelf.holds == {"a": "pear"}


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_slack_renews_a_link(office: Office, reason: str) -> None:
    """When Slack says that it ends a link there is a new one."""
    await office.slack.links.disconnect(reason)
    await asyncio.sleep(0.5)
    await office.slack.until(lambda: len(office.slack.links) == 1, within=10)
    await office.says(ORGANISER, "/infra look")
    await office.told(ORGANISER, "0 requests")


async def test_a_link_that_carries_something_stays(
    office: Office, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is heard proves that the link is well: then it is not renewed."""
    await office.says(ORGANISER, "/infra look")  # the link is as old as the office
    monkeypatch.setattr(over_socket, "SILENT_SECONDS", 2.0)
    faults.calls.clear()
    for _ in range(6):
        await asyncio.sleep(0.4)
        await office.says(ORGANISER, "/infra look")
    assert "apps.connections.open" not in faults.calls


async def test_slack_puts_a_new_link_off(
    office: Office, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Slack says that links are asked for too often, the present one goes on carrying."""
    monkeypatch.setattr(over_socket, "CONNECT_SECONDS", 0.2)
    faults.limited["apps.connections.open"] = 3
    monkeypatch.setattr(over_socket, "SILENT_SECONDS", 0.0)
    await office.slack.until(lambda: faults.calls.count("apps.connections.open") > 1)
    monkeypatch.setattr(over_socket, "SILENT_SECONDS", 60.0)
    await office.says(ORGANISER, "/infra look")
    await office.told(ORGANISER, "0 requests")


async def test_links_overlap_when_they_are_renewed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """While there is a new link beside the old one, what comes by either is heard."""
    monkeypatch.setattr(over_socket, "LINGER_SECONDS", 1.0)
    await _renewed(office, monkeypatch)
    for _ in range(2):
        await office.says(ORGANISER, "/infra look")
    await office.slack.until(lambda: len(office.private(ORGANISER)) == 2)
    assert len(office.slack.links) == 2
    assert [delivery.error for delivery in office.slack.deliveries] == [None, None]
    await office.slack.until(lambda: len(office.slack.links) == 1)


async def test_a_frame_that_crosses_our_goodbye(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Slack sent by a link before it heard that we close it is worked on."""
    monkeypatch.setattr(over_socket, "LINGER_SECONDS", 0.0)
    office.slack.links.delay()
    office.slack.ack_seconds = 2.0
    asked = asyncio.create_task(office.slack.as_(ORGANISER).say(GENERAL, "/infra look"))
    await _renewed(office, monkeypatch)
    await office.told(ORGANISER, "0 requests")
    await asked


async def _renewed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the link replaced once."""
    monkeypatch.setattr(over_socket, "SILENT_SECONDS", 0.0)
    await office.slack.until(lambda: len(office.slack.links) == 2)
    monkeypatch.setattr(over_socket, "SILENT_SECONDS", 60.0)


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
