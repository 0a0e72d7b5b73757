"""An acknowledgement means kept: nothing that was acknowledged is lost, nothing is done twice."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from bot.frontends.slack import worker as working
from bot.store import StoreUnavailable, inbox
from integrations.slack.standin import StandIn
from tests.frontends.slack.faults import Faults
from tests.frontends.slack.office import APPROVALS, CORY, GENERAL, ORGANISER, Office, opened, shown

NOT_KEPT = (
    "I could not take that just now: my database is away. Nothing happened. Please try again in a minute."
)


def database_away(office: Office) -> None:
    """Make the inbox's writer fail, as it does when the disk is full."""

    def keep_nothing(batch: object) -> set[str]:
        raise OSError("no space left")

    office.inbox._writer.insert = keep_nothing  # type: ignore[method-assign] # the disk, not our code


async def waiting(office: Office) -> list[str]:
    """Return the keys of the deliveries that wait."""
    async with office.world.store.read() as tx:
        return [kept.key for kept in await inbox.waiting(tx, office.world.clock.now + timedelta(hours=9))]


async def test_a_command_that_cannot_be_kept_says_so(office: Office) -> None:
    """Who types a command while the database is away reads that it was not kept."""
    database_away(office)
    delivery = await office.slack.as_(ORGANISER).say(GENERAL, "/infra put a=pear")
    assert delivery is not None
    assert (delivery.status, delivery.answer) == (200, NOT_KEPT)


async def test_a_press_that_cannot_be_kept_says_so(office: Office) -> None:
    """Who presses a button while the database is away reads that it was not kept; the form stays open."""
    card = await office.asks()
    await office.presses(CORY, card, "deny")
    form = await office.form(CORY)
    database_away(office)
    await office.presses(CORY, card, "approve")
    await office.told(CORY, NOT_KEPT, APPROVALS)
    await office.slack.as_(CORY).submit(form.id, {"reason": "not now"})
    assert office.slack.views(CORY)[0].errors == {"reason": NOT_KEPT}


async def test_an_event_that_cannot_be_kept_comes_again(office: Office) -> None:
    """An event that is not kept is answered with 500, so that Slack repeats it."""
    office.slack.retry_delays = ()
    database_away(office)
    delivery = await office.slack.as_(ORGANISER).say(office.slack.direct(ORGANISER), "look")
    assert delivery is not None
    assert delivery.status == 500


async def test_what_was_acknowledged_before_a_crash_is_answered_after(
    database_url: str, slack: StandIn
) -> None:
    """A delivery that was kept and not worked on is worked on by the next process, once."""
    async with opened(database_url, slack, working=False) as office:
        office.frontend._worker.take = lambda delivery: None  # type: ignore[method-assign] # the process dies here
        await office.says(ORGANISER, "/infra put a=pear")
        assert len(await waiting(office)) == 1
        world = office.world
    world.clock.now += timedelta(seconds=11)
    async with opened(database_url, slack, peer=world) as office:
        await office.carded("Put a=pear")
        await office.settled()
        assert await waiting(office) == []
        assert len(office.cards) == 1


async def test_what_is_worked_on_is_left_to_who_does(database_url: str, slack: StandIn) -> None:
    """While a process works on a delivery no other takes it up; when it shows no life any more, one does."""
    async with AsyncExitStack() as stack:
        idle = await stack.enter_async_context(opened(database_url, slack))
        busy = await stack.enter_async_context(opened(database_url, slack, peer=idle.world, working=False))
        workers = [office.frontend._worker for office in (idle, busy)]
        for worker in workers:
            assert worker._sweeping is not None
            worker._sweeping.cancel()  # this test alone sweeps
        await busy.says(ORGANISER, "/infra wait")
        for _ in range(3):
            await workers[1].sweep()
            idle.world.clock.now += timedelta(seconds=5)
            await workers[0].sweep()
            assert not workers[0].unfinished
        idle.world.clock.now += timedelta(seconds=2)
        await workers[0].sweep()
        assert len(workers[0].unfinished) == 1
        for office in (idle, busy):
            office.switches.go_on.set()


async def test_while_slack_is_away_nothing_is_lost(
    database_url: str, slack: StandIn, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked while Slack answers nobody is answered when it is back."""
    monkeypatch.setattr("bot.frontends.slack.worker.SWEEP_SECONDS", 0.05)
    monkeypatch.setattr("bot.frontends.slack.worker.FIRST_BACKOFF", 0.05)
    async with opened(database_url, slack) as office:
        faults.away = True
        await office.says(ORGANISER, "/infra put a=pear")
        await office.settled()
        assert len(await waiting(office)) == 1
        office.world.clock.now += timedelta(minutes=2)
        await asyncio.sleep(0.3)
        assert office.cards == []
        faults.away = False
        await office.carded("Put a=pear")
        await office.told(ORGANISER, "#1 is with the owners.")


async def test_a_bug_is_told_by_reference_and_tried_again(
    office: Office, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """When something breaks here the person gets a reference that is in the log, and the answer later."""
    office.switches.broken = 1
    await office.says(ORGANISER, "/infra fail")
    told = await office.told(ORGANISER, "*Something broke on my side*")
    reference = shown(told).split("`")[1]
    assert len(reference) == 6
    assert reference in capsys.readouterr().out + caplog.text
    office.world.clock.now += timedelta(seconds=11)
    await office.frontend._worker.sweep()
    await office.told(ORGANISER, "*Whole again*")


async def test_what_breaks_again_and_again_is_parked(office: Office) -> None:
    """After five attempts a delivery is left alone; the person was told once."""
    sweeping = office.frontend._worker._sweeping
    assert sweeping is not None
    sweeping.cancel()  # this test alone sweeps
    office.switches.broken = 99
    await office.says(ORGANISER, "/infra fail")
    for _ in range(8):
        await office.settled()
        office.world.clock.now += timedelta(seconds=11)
        await office.frontend._worker.sweep()
    await office.settled()
    assert office.switches.broken == 99 - 5
    assert await waiting(office) == []
    assert len(office.private(ORGANISER)) == 1


async def test_work_waits_for_the_database(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery that the database keeps from being worked on is worked on later."""
    true = office.world.service.ask

    async def away(*_args: object) -> object:
        raise StoreUnavailable("locked")

    monkeypatch.setattr(office.world.service, "ask", away)
    await office.says(ORGANISER, "/infra look")
    await office.settled()
    assert len(await waiting(office)) == 1
    assert office.private(ORGANISER) == []
    monkeypatch.setattr(office.world.service, "ask", true)
    office.frontend._worker._later.clear()
    office.world.clock.now += timedelta(seconds=11)
    await office.frontend._worker.sweep()
    await office.told(ORGANISER, "0 requests")


async def test_a_stop_lets_running_work_finish(database_url: str, slack: StandIn) -> None:
    """Asked to stop, the process answers what it is working on first."""
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(opened(database_url, slack))
        await office.says(ORGANISER, "/infra wait")
        asyncio.get_running_loop().call_later(0.2, office.switches.go_on.set)
        await stack.aclose()
    assert "Waited" in shown(office.private(ORGANISER)[0])


async def test_what_slack_forbids_is_told(office: Office) -> None:
    """When the bot lacks a right in Slack, who asked reads so and who can look."""
    office.slack.scopes = tuple(scope for scope in office.slack.scopes if scope != "users:read")
    await office.says(ORGANISER, "/infra look")
    told = await office.told(ORGANISER, "*Slack does not let me do that* (`missing_scope`).")
    assert "`infra check`" in shown(told)
    await office.settled()
    assert await waiting(office) == []


async def test_without_its_channel_people_are_still_told(office: Office) -> None:
    """When the card cannot be posted the requester is answered and told; the card comes when it can."""
    office.slack.channels[APPROVALS].archived = True
    await office.says(ORGANISER, "/infra put a=pear")
    await office.told(ORGANISER, "*Slack does not let me show its card yet* (`is_archived`)")
    await office.noted(ORGANISER, "#1: Put a=pear")
    assert office.cards == []
    await office.slack.until(lambda: office.world.failures)
    office.slack.channels[APPROVALS].archived = False
    office.world.clock.now += timedelta(seconds=30)
    await office.carded("Put a=pear")
    office.world.failures.clear()


async def test_what_nobody_could_answer_for_a_day_is_given_up(
    database_url: str, slack: StandIn, faults: Faults
) -> None:
    """After a day of trying, a delivery that cannot be answered is parked in the end."""
    async with opened(database_url, slack) as office:
        faults.away = True
        await office.says(ORGANISER, "/infra look")
        await office.settled()
        office.world.clock.now += timedelta(days=1, minutes=1)
        for _ in range(5):
            office.frontend._worker._later.clear()
            await office.frontend._worker.sweep()
            await office.settled()
        assert await waiting(office) == []


async def test_a_flood_is_kept_first(office: Office) -> None:
    """While deliveries keep coming, commands are let in one by one; in a lull all go on."""
    worker = office.frontend._worker
    with worker.arriving():
        for _ in range(3):
            await office.says(ORGANISER, "/infra wait")
        first = await office.told(ORGANISER, "Half way")
        assert [m for m in office.private(ORGANISER) if "Half way" in shown(m)] == [first]
    await office.slack.until(
        lambda: len([m for m in office.private(ORGANISER) if "Half way" in shown(m)]) == 3
    )
    office.switches.go_on.set()


async def test_what_finds_no_room_queues_while_presses_go_on(
    database_url: str, slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many commands are worked on at once; the next begins when one ends, a press waits for none."""
    monkeypatch.setattr(working, "CONCURRENCY", 2)
    async with opened(database_url, slack) as office:
        card = await office.asks()
        await office.says(ORGANISER, "/infra wait")
        await office.says(ORGANISER, "/infra wait")
        await office.slack.until(lambda: len(office.private(ORGANISER)) == 3)
        await office.says(ORGANISER, "/infra look")
        await office.presses(CORY, card, "deny")
        form = await office.form(CORY)
        await office.slack.as_(CORY).submit(form.id, {"reason": "not now"})
        await office.carded('*Denied by Cory 09:00*: "not now".')
        assert len(office.private(ORGANISER)) == 3
        office.switches.go_on.set()
        await office.told(ORGANISER, "1 request")
        await office.settled()
        assert await waiting(office) == []


async def test_a_moment_between_two_deliveries_is_no_lull(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deliveries that come one after the other are a flood too: whoever waits for a lull waits it out."""
    monkeypatch.setattr(working, "LULL_SECONDS", 0.05)
    worker, loop = office.frontend._worker, asyncio.get_running_loop()
    began, lull = loop.time(), asyncio.create_task(worker._lull())
    while not lull.done():
        with worker.arriving():
            pass
        await asyncio.sleep(0)
    assert loop.time() - began >= 0.05
