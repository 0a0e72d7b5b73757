"""Asking: a line is answered, or becomes one request that its owners can decide about."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.change import Plan
from bot.core.errors import NotAllowed, Refused, Unavailable
from bot.core.event import Kind
from bot.core.policy import Policy, Rule
from bot.core.reply import Notice, Reply
from bot.core.status import State
from bot.store import Conflict
from bot.store.tables import NUMBERS
from bot.workflow.service import Filed, request_id
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import ORGANISER, OWNERS, READER, START, Killed, World


async def answer(world: World, line: str, key: str = "one") -> Notice:
    """Return the one notice that a line is answered with."""
    reply = await world.service.ask(line, ORGANISER, key)
    assert isinstance(reply, Reply)
    notice = reply.blocks[0]
    assert isinstance(notice, Notice)
    return notice


async def test_question_is_answered(world: World) -> None:
    """A command that answers files nothing."""
    reply = await world.service.ask("look", READER, "one")
    assert reply == Reply(title="0 requests")


async def test_a_number_is_never_used_twice(world: World) -> None:
    """Where the count of requests was set back, nothing is filed, and nobody is shown another's request."""
    await world.ask("put box-1=apple")
    async with world.store.write() as tx:
        await tx.execute(NUMBERS.update().values(last=0))
    with pytest.raises(Conflict, match="number 1 is filed already"):
        await world.ask("put box-2=apple")


async def test_plan_becomes_a_request(world: World) -> None:
    """A plan is filed as it was shown, open for as long as the policy says, with its reason."""
    filed = await world.ask("put box-1=apple because it is empty")
    request, status = filed.request, filed.status
    assert (request.number, request.needs, request.requested_by) == (1, 1, ORGANISER)
    assert (request.at, request.expires_at) == (START, START + timedelta(hours=72))
    assert (request.plan.reason, request.line) == ("it is empty", "put box-1=apple because it is empty")
    assert [change.words for change in request.plan.changes] == ["box-1 holds apple (now: nothing)"]
    assert (status.state, await world.state(request)) == (State.PENDING, State.PENDING)
    [line] = await world.lines(request)
    assert line.payload == {"request": request.model_dump(mode="json"), "digest": request.digest}


async def test_readers_do_not_ask_for_changes(world: World) -> None:
    """Who may not ask hears which role may, and who has it."""
    with pytest.raises(NotAllowed) as error:
        await world.ask("put box-1=apple", READER)
    assert error.value.message == "`put` is for organisers; you are reader."
    assert error.value.hint == (
        "Charlie, Cory, George, Kristian, organiser-1, organiser-2, Owen or Peter can ask for it."
    )


async def test_same_delivery_files_once(world: World) -> None:
    """A delivery that is repeated later finds the request it filed."""
    first = await world.ask("put box-1=apple", key="one")
    again = await world.ask("put box-1=apple", key="one")
    other = await world.ask("put box-1=fig", key="two")
    assert (again.request, again.new) == (first.request, True)
    assert other.request.number == first.request.number + 1


async def test_same_delivery_at_the_same_time_files_once(build: Build) -> None:
    """Two processes that work on one delivery at the same time file one request."""
    one = await build()
    other = await build(peer=one)
    filed = await asyncio.gather(*(w.ask("put box-1=apple", key="one") for w in (one, other) * 4))
    assert len({each.request.id for each in filed}) == 1
    assert [each.request.number for each in filed] == [filed[0].request.number] * 8
    assert await one.kinds(filed[0].request) == [Kind.FILED]


async def test_what_is_asked_already_is_not_filed_again(world: World) -> None:
    """While a request is not carried out, whoever asks the same is told of it, whatever their reason."""
    first = await world.ask("put box-1=apple --for 14d because it is empty")
    again = await world.ask("put box-1=apple --for 14d because we need it", world.actor("Cory"))
    assert (again.request, again.status, again.new) == (first.request, first.status, False)
    for other in ("put box-1=apple", "put box-1=apple --for 7d", "put box-1=apple --restore"):
        assert (await world.ask(other)).new
    world.shelf.boxes["box-1"] = Box(holds="pear")
    assert (await world.ask("put box-1=apple --for 14d")).new, "from another state it is another change"
    world.shelf.boxes.clear()
    await world.decide(first.request, "withdraw", "organiser-1")
    assert (await world.ask("put box-1=apple --for 14d")).request.number == 6


async def test_the_same_asked_at_once_is_filed_once(build: Build) -> None:
    """Of people who ask the same at the same time, in two processes, one files it; no number is spent."""
    one = await build()
    other = await build(peer=one)
    asked = await asyncio.gather(
        *(w.ask("put box-1=apple", key=str(n)) for n, w in enumerate((one, other) * 3))
    )
    assert [each.request.number for each in asked] == [1] * 6
    assert [each.new for each in asked].count(True) == 1
    assert (await one.ask("put box-1=fig")).request.number == 2


async def test_nothing_to_do_is_said(world: World) -> None:
    """What is so already is said, and nothing is filed."""
    world.shelf.boxes["box-1"] = Box(holds="apple")
    assert (await answer(world, "put box-1=apple")).text == "Nothing needs to change."


async def test_only_what_is_missing_is_planned(world: World) -> None:
    """Of several targets only those that are not so yet become changes."""
    world.shelf.boxes["box-1"] = Box(holds="apple")
    request = await world.asked("put box-1=apple box-2=pear")
    assert [change.target for change in request.plan.changes] == ["box-2"]


async def test_guard_refuses_at_filing(world: World) -> None:
    """What a guard forbids is refused before anything is filed."""
    with pytest.raises(Refused, match="Nobody touches the lamp"):
        await world.ask("put box-1=lamp")
    assert await world.service.ask("look", READER, "look") == Reply(title="0 requests")


async def test_protected_target_needs_two_owners(world: World) -> None:
    """A protected target needs two owners, and the request says why."""
    request = await world.asked("put box-1=crown")
    assert (request.needs, request.protected) == (2, ("a crown",))


async def test_request_that_nobody_could_approve_is_refused(world: World) -> None:
    """What the owners in our list could never approve is refused, with the remedy."""
    await world.everyone(without=OWNERS[1:])
    with pytest.raises(Refused) as error:
        await world.ask("put box-1=apple", world.actor("Charlie"))
    assert error.value.message == "This needs 1 more owner than there are to approve it."
    assert "--role owner" in error.value.hint


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("--until 2026-06-15T08:00:00+00:00", "That end, Mon 15 Jun, 09:00, has passed already."),
        (
            "--at 2026-06-20T08:00:00+00:00 --until 2026-06-19T08:00:00+00:00",
            "That end, Fri 19 Jun, 09:00, comes before the start.",
        ),
    ],
)
async def test_end_that_makes_no_sense_is_refused(world: World, options: str, why: str) -> None:
    """A grant that would end before it begins is refused."""
    with pytest.raises(Refused) as error:
        await world.ask(f"put box-1=apple {options}")
    assert (error.value.message, error.value.hint) == (why, "Say a later date.")


async def test_request_is_open_no_longer_than_what_it_grants(world: World) -> None:
    """A grant until tomorrow cannot be approved the day after."""
    request = await world.asked("put box-1=apple --until 2026-06-16T08:00:00+00:00")
    assert request.expires_at == START + timedelta(days=1)


async def test_unknown_request(world: World) -> None:
    """A request that does not exist is refused with a word, not a trace."""
    with pytest.raises(Refused, match="I do not know that request"):
        await world.service.view("nothing")


async def test_asking_again_starts_from_today(world: World) -> None:
    """Asking again for the same thing plans it from what is live now."""
    request = await world.asked("put box-1=apple because it is empty")
    world.shelf.boxes["box-1"] = Box(holds="pear")
    again = await world.service.ask_again(request.id, world.actor("organiser-2"), "again")
    assert isinstance(again, Filed)
    assert [c.words for c in again.request.plan.changes] == ["box-1 holds apple (now: pear)"]
    assert (again.request.plan.reason, again.request.requested_by.name) == ("it is empty", "organiser-2")


async def test_slack_account_names_a_person(world: World) -> None:
    """A Slack account belongs to one of our people, or to nobody."""
    person = await world.service.person_by_slack("U0CORY")
    assert person is not None
    assert person.name == "Cory"
    assert await world.service.person_by_slack("U0NOBODY") is None


# our own data


async def test_own_data_is_changed_at_once(world: World) -> None:
    """A change of our own data needs nobody: it is done, written down and answered at once, and told once."""
    notice = await answer(world, "note door open")
    assert notice == Notice(level="good", text="door holds open (now: nothing)")
    assert world.notes.holds == {"door": "open"}
    request, status = await world.service.view(request_id("one"))
    assert (status.state, status.approvals, request.needs) == (State.APPLIED, (), 0)
    await world.drain()
    assert world.told == [(request.id, status.seq)]


async def test_same_delivery_changes_own_data_once(world: World) -> None:
    """A repeated delivery of such a change gets the same answer, without a second effect."""
    first = await answer(world, "note door open")
    assert await answer(world, "note door open") == first
    assert world.notes.writes == ["door=open"]


async def test_own_data_is_changed_once_by_two_processes(build: Build) -> None:
    """Two processes that work on one such delivery at the same time write once."""
    one = await build()
    other = await build(peer=one)
    await asyncio.gather(*(answer(world, "note door open") for world in (one, other) * 3))
    await one.later(minutes=1)
    assert one.notes.writes == ["door=open"]
    assert await one.state((await one.service.view(request_id("one")))[0]) is State.APPLIED


async def test_own_data_that_cannot_be_changed(world: World) -> None:
    """A failed change of our own data is answered with the reason."""
    world.notes.faults.append(Fault.REJECTED)
    notice = await answer(world, "note door open")
    assert notice == Notice(level="bad", text="The shelf says no. Ask it nicely.")


async def test_own_data_that_is_held_up(world: World) -> None:
    """A change of our own data that is held up says so, and is done by itself later."""
    world.notes.faults.append(Fault.UNAVAILABLE)
    notice = await answer(world, "note door open")
    assert notice.level == "warning"
    assert notice.text == "#1: The shelf asks us to wait. Nothing is lost; I keep trying."
    await world.later(minutes=1)
    assert world.notes.holds == {"door": "open"}


async def test_own_data_after_a_death(world: World) -> None:
    """When the process dies between filing and doing, a job does it within a minute."""
    world.life.left = 4  # the look of the plan, and three steps of the transaction that files
    with pytest.raises(Killed):
        await answer(world, "note door open")
    assert world.notes.holds == {}
    await world.restart()
    await world.later(minutes=1)
    assert world.notes.writes == ["door=open"]
    assert (await answer(world, "note door open")).level == "good"


async def test_rule_may_ask_an_owner_about_own_data(build: Build) -> None:
    """A rule of the policy can ask for an owner where none is needed otherwise."""
    world = await build(policy=Policy(rules=(Rule(resource="notes.*", needs=1), Rule(resource="notes.*"))))
    assert (await answer(world, "note door open")).level == "good"
    world = await build(policy=Policy(rules=(Rule(resource="notes.*", needs=2),)))
    assert (await world.asked("note window open")).needs == 2


async def test_pause_before_own_data_changes(build: Build) -> None:
    """A rule's pause holds for our own data too."""
    world = await build(policy=Policy(rules=(Rule(resource="notes.*", wait=timedelta(hours=1)),)))
    notice = await answer(world, "note door open")
    assert notice.text == "#1: It is not done yet; it goes on by itself."
    await world.later(minutes=59)
    assert world.notes.holds == {}
    await world.later(minutes=1)
    assert world.notes.holds == {"door": "open"}


async def test_vendor_that_is_down_files_nothing(world: World) -> None:
    """When the guards cannot look, nothing is filed and the vendor's error is told."""
    plan = Plan(title="Later", changes=(await world.change("box-1", "apple"),))
    world.shelf.down = Unavailable("shelf", "The shelf does not answer.")
    with pytest.raises(Unavailable):
        await world.service.file(plan, ORGANISER, "r1", "")
    assert await world.service.ask("look", READER, "look") == Reply(title="0 requests")
