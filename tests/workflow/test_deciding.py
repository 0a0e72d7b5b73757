"""Deciding: who may, about what was shown, once."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.change import Request
from bot.core.errors import AlreadyDecided, BotError, Expired, NotAllowed, Refused, Unavailable
from bot.core.event import Kind
from bot.core.people import Actor, Person, Role
from bot.core.policy import Policy
from bot.core.status import State
from bot.workflow.decisions import Verb
from tests.workflow.conftest import Build
from tests.workflow.world import ACTORS, OWNERS, START, World

SOLE = Policy(self_approval="sole-owner")


async def refusal(world: World, request: Request, verb: Verb, by: str, reason: str = "") -> BotError:
    """Return the refusal of a decision, after which nothing is different."""
    before = await world.lines(request)
    with pytest.raises(BotError) as error:
        await world.decide(request, verb, by, reason)
    assert await world.lines(request) == before
    assert (await world.refusals())[-1] == error.value.message
    return error.value


async def test_only_owners_approve(world: World) -> None:
    """An organiser's approval does nothing; the refusal names who can."""
    request = await world.asked("put box-1=apple")
    error = await refusal(world, request, "approve", "organiser-2")
    assert error.message == "Only an owner can approve #1."
    assert error.hint == "Nothing happened. Any of Charlie, Cory, George, Kristian, Owen or Peter can."


async def test_nobody_approves_what_they_asked_for(world: World) -> None:
    """An owner's own request is for another owner."""
    request = await world.asked("put box-1=apple", world.actor("George"))
    error = await refusal(world, request, "approve", "George")
    assert isinstance(error, NotAllowed)
    assert "another owner decides" in error.message


async def test_role_is_read_from_our_list(world: World) -> None:
    """What counts is the role in our list now, not the one that the click carries."""
    request = await world.asked("put box-1=apple")
    await world.demote("Cory")
    assert isinstance(await refusal(world, request, "approve", "Cory"), NotAllowed)


async def test_strangers_do_not_decide(world: World) -> None:
    """Somebody who is not in our list decides nothing."""
    request = await world.asked("put box-1=apple")
    with pytest.raises(NotAllowed, match="not in our list"):
        await world.service.decide(
            request.id, request.digest, "approve", Actor(name="stranger", role=Role.OWNER, via="slack")
        )


async def test_second_owner_is_told_who_decided(world: World) -> None:
    """Whoever comes second hears who decided, and when."""
    request = await world.asked("put box-1=apple")
    await world.decide(request, "approve", "Cory")
    error = await refusal(world, request, "approve", "Owen")
    assert isinstance(error, AlreadyDecided)
    assert error.message == "#1 was approved by Cory at 09:00."


async def test_other_card_is_not_approved(world: World) -> None:
    """A decision about anything but what was shown is refused."""
    request = await world.asked("put box-1=apple")
    for digest in ("", "0" * 12):
        with pytest.raises(Refused, match="not what #1 asks now"):
            await world.service.decide(request.id, digest, "approve", world.actor("Cory"))


async def test_one_deny_ends_it(world: World) -> None:
    """One deny ends a request, with its reason; nothing is approved after."""
    request = await world.asked("put box-1=apple")
    status = await world.decide(request, "deny", "Cory", "not now")
    assert (status.state, status.closed and status.closed.reason) == (State.DENIED, "not now")
    error = await refusal(world, request, "approve", "Owen")
    assert error.message == "#1 was denied by Cory at 09:00."
    assert isinstance(await refusal(world, request, "deny", "Peter"), AlreadyDecided)


async def test_only_owners_deny(world: World) -> None:
    """An organiser cannot end somebody else's request."""
    request = await world.asked("put box-1=apple")
    assert isinstance(await refusal(world, request, "deny", "organiser-2"), NotAllowed)


async def test_request_expires_exactly_then(world: World) -> None:
    """A moment before its end a request can be approved; at its end it cannot, swept or not."""
    early, late = await world.asked("put box-1=apple"), await world.asked("put box-2=pear")
    world.clock.now = early.expires_at - timedelta(microseconds=1)
    assert (await world.decide(early, "approve", "Cory")).state is State.APPROVED
    world.clock.now = late.expires_at
    error = await refusal(world, late, "approve", "Cory")
    assert isinstance(error, Expired)
    assert error.message == "#2 expired Thu 18 Jun, 09:00."
    await world.sweep()
    assert (await world.state(late), await world.state(early)) == (State.EXPIRED, State.APPLIED)
    assert isinstance(await refusal(world, late, "approve", "Cory"), Expired)


async def test_two_owners_are_two_people(world: World) -> None:
    """Of a protected change one approval is not enough, nor is the same owner's second."""
    request = await world.asked("put box-1=crown")
    assert (await world.decide(request, "approve", "Cory")).state is State.PENDING
    error = await refusal(world, request, "approve", "Cory")
    assert isinstance(error, AlreadyDecided)
    assert error.hint == "One more owner is needed: Charlie, George, Kristian, Owen or Peter."
    assert (await world.decide(request, "approve", "Owen")).state is State.APPROVED


async def test_owner_who_asks_is_the_first_of_two(world: World) -> None:
    """An owner who asks for a protected change needs one other."""
    request = await world.asked("put box-1=crown", world.actor("George"))
    assert (await world.decide(request, "approve", "Cory")).state is State.APPROVED


async def test_approval_can_be_taken_back(world: World) -> None:
    """While another approval is awaited, one can be taken back; it then counts no more."""
    request = await world.asked("put box-1=crown")
    await world.decide(request, "approve", "Cory")
    assert (await world.decide(request, "take_back", "Cory")).approvals == ()
    assert (await world.decide(request, "approve", "Owen")).state is State.PENDING
    assert (await world.decide(request, "approve", "Cory")).state is State.APPROVED


async def test_only_what_was_given_is_taken_back(world: World) -> None:
    """Who has not approved takes nothing back; a complete approval is not taken back."""
    request = await world.asked("put box-1=apple")
    assert (await refusal(world, request, "take_back", "Cory")).message == "You have not approved #1."
    await world.decide(request, "approve", "Cory")
    assert isinstance(await refusal(world, request, "take_back", "Cory"), AlreadyDecided)


async def test_only_who_asked_withdraws(world: World) -> None:
    """Who asked may withdraw, nobody else."""
    request = await world.asked("put box-1=apple")
    error = await refusal(world, request, "withdraw", "Cory")
    assert error.message == "Only organiser-1 can withdraw #1."
    assert (await world.decide(request, "withdraw", "organiser-1")).state is State.WITHDRAWN
    await world.later(hours=80)
    assert (await world.state(request), world.shelf.writes) == (State.WITHDRAWN, [])


async def test_owner_who_is_none_elsewhere_does_not_decide(build: Build) -> None:
    """An owner of our list whom a vendor knows as none is refused; silence there refuses nobody."""
    known: dict[str, bool | None] = {"Cory": False, "Owen": None}

    async def elsewhere(person: Person) -> bool | None:
        return known.get(person.name)

    world = await build(standing=(elsewhere,))
    request = await world.asked("put box-1=apple")
    assert isinstance(await refusal(world, request, "approve", "Cory"), NotAllowed)
    assert (await world.decide(request, "approve", "Owen")).state is State.APPROVED


async def test_guards_are_asked_again_when_deciding(world: World) -> None:
    """What has become protected since it was filed needs two owners from then on."""
    request = await world.asked("put box-1=apple")
    world.shelf.precious = True
    assert (await world.decide(request, "approve", "Cory")).state is State.PENDING
    world.shelf.precious = False
    assert (await world.decide(request, "approve", "Owen")).state is State.APPROVED


async def test_silent_vendor_does_not_stop_a_decision(world: World) -> None:
    """While a vendor is down, what was found at filing counts."""
    request = await world.asked("put box-1=apple")
    world.shelf.down = Unavailable("shelf", "The shelf does not answer.")
    assert (await world.decide(request, "approve", "Cory")).state is State.APPROVED


# alone


async def test_owner_may_apply_alone(world: World) -> None:
    """With a reason an owner may go on alone: all owners are told, and it starts 15 minutes later."""
    request = await world.asked("put box-1=crown", world.actor("George"))
    status = await world.decide(request, "alone", "George", "the site is down")
    assert (status.state, status.start_at) == (State.APPROVED, START + timedelta(minutes=15))
    assert [(r.stage, r.names) for r in status.reminders] == [("alone", OWNERS)]
    assert [(d.alone, d.reason) for d in status.approvals] == [(True, "the site is down")]
    await world.later(minutes=14)
    assert world.shelf.writes == []
    await world.later(minutes=1)
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, ["box-1=crown"])


async def test_organiser_may_stop_what_somebody_does_alone(world: World) -> None:
    """Within the 15 minutes any organiser may stop it, with a reason; nothing is written then."""
    request = await world.asked("put box-1=crown", world.actor("George"))
    await world.decide(request, "alone", "George", "the site is down")
    await world.later(minutes=14)
    assert isinstance(await refusal(world, request, "stop", "reader-1"), NotAllowed)
    status = await world.decide(request, "stop", "organiser-2", "it is up")
    assert (status.state, status.closed and status.closed.reason) == (State.WITHDRAWN, "it is up")
    await world.later(hours=1)
    assert (await world.state(request), world.shelf.writes) == (State.WITHDRAWN, [])


async def test_what_has_begun_is_not_stopped(world: World) -> None:
    """From its start on, and before any approval, a request cannot be stopped."""
    request = await world.asked("put box-1=crown")
    assert (await refusal(world, request, "stop", "Owen")).message == (
        "#1 is pending; it can no longer be stopped."
    )
    await world.decide(request, "alone", "George", "the site is down")
    world.clock.now += timedelta(minutes=15)
    assert isinstance(await refusal(world, request, "stop", "Owen"), Refused)


@pytest.mark.parametrize(
    ("by", "reason", "why"),
    [
        ("organiser-2", "the site is down", "Only an owner can apply a request alone."),
        ("George", " ", "Say why nobody else can decide: a reason is required."),
    ],
)
async def test_alone_takes_an_owner_and_a_reason(world: World, by: str, reason: str, why: str) -> None:
    """Nobody but an owner, and no owner without a reason, goes on alone."""
    request = await world.asked("put box-1=crown")
    assert (await refusal(world, request, "alone", by, reason)).message == why


async def test_alone_can_be_switched_off(build: Build) -> None:
    """The policy can forbid going on alone."""
    world = await build(policy=Policy(break_glass=False))
    request = await world.asked("put box-1=crown")
    error = await refusal(world, request, "alone", "George", "the site is down")
    assert "switched off" in error.message


async def test_alone_by_somebody_who_lost_the_role_is_void(world: World) -> None:
    """Who is no owner any more when the 15 minutes end has approved nothing."""
    request = await world.asked("put box-1=crown", world.actor("George"))
    await world.decide(request, "alone", "George", "the site is down")
    await world.demote("George")
    await world.later(minutes=20)
    assert (await world.state(request), world.shelf.writes) == (State.PENDING, [])


async def test_only_owner_confirms_twice(build: Build) -> None:
    """Where the policy allows it, a list's only owner confirms their own request again an hour later."""
    world = await build(policy=SOLE)
    await world.everyone(without=OWNERS[1:])
    request = await world.asked("put box-1=apple", world.actor("Charlie"))
    assert (await world.decide(request, "approve", "Charlie")).state is State.PENDING
    world.clock.now += timedelta(minutes=59)
    error = await refusal(world, request, "approve", "Charlie")
    assert error.message == "You are the only owner: confirm #1 again from 10:00."
    world.clock.now += timedelta(minutes=1)
    assert (await world.decide(request, "approve", "Charlie")).state is State.APPROVED
    await world.drain()
    assert await world.state(request) is State.APPLIED


async def test_only_owner_confirms_protected_changes_twice_too(build: Build) -> None:
    """The only owner's two confirmations are enough for a protected change."""
    world = await build(policy=SOLE)
    await world.everyone(without=OWNERS[1:])
    request = await world.asked("put box-1=crown", world.actor("Charlie"))
    await world.decide(request, "approve", "Charlie")
    world.clock.now += timedelta(hours=1)
    await world.decide(request, "approve", "Charlie")
    await world.drain()
    assert await world.state(request) is State.APPLIED


async def test_only_owner_does_not_decide_alone_by_default(world: World) -> None:
    """Without that policy an only owner cannot even file what nobody could approve."""
    await world.everyone(without=OWNERS[1:])
    with pytest.raises(Refused):
        await world.asked("put box-1=apple", world.actor("Charlie"))


# asking the owners


async def test_anyone_may_have_the_owners_asked(world: World) -> None:
    """Asking now names all who can decide, each time anew."""
    request = await world.asked("put box-1=apple", world.actor("George"))
    for _ in range(2):
        _, status = await world.service.remind(request.id, world.actor("organiser-1"))
        assert status.reminders[-1].names == tuple(name for name in OWNERS if name != "George")
    assert await world.kinds(request) == [Kind.FILED, Kind.REMINDED, Kind.REMINDED]


async def test_nobody_is_asked_about_what_is_decided(world: World) -> None:
    """Once a request is decided, nobody is asked about it."""
    request = await world.approved("put box-1=apple")
    with pytest.raises(AlreadyDecided):
        await world.service.remind(request.id, world.actor("organiser-1"))


# at once


async def click(world: World, request: Request, verb: Verb, by: str) -> str:
    """Return what a click led to."""
    try:
        await world.service.decide(request.id, request.short_digest, verb, ACTORS[by])
    except BotError as error:
        return type(error).__name__
    return verb


@pytest.mark.parametrize("needs", [1, 2])
async def test_all_owners_click_at_once(build: Build, needs: int) -> None:
    """Many clicks in two processes at once: as many approvals as needed, the rest told, one execution."""
    one = await build()
    other = await build(peer=one)
    request = await one.asked("put box-1=crown" if needs == 2 else "put box-1=apple")
    said = await asyncio.gather(
        *(click(world, request, "approve", name) for name in OWNERS * 2 for world in (one, other))
    )
    assert sorted(said) == ["AlreadyDecided"] * (24 - needs) + ["approve"] * needs
    await asyncio.gather(one.drain(), other.drain())
    await one.later(minutes=1)
    assert one.shelf.writes == [request.plan.title.removeprefix("Put ")]
    assert (await one.kinds(request)).count(Kind.APPLYING) == 1


async def test_opposite_clicks_at_once(build: Build) -> None:
    """Approve, deny and withdraw at once: exactly one of them counts."""
    one = await build()
    other = await build(peer=one)
    for number in range(5):
        request = await one.asked(f"put box-{number}=apple")
        said = await asyncio.gather(
            click(one, request, "approve", "Cory"),
            click(other, request, "deny", "Owen"),
            click(one, request, "withdraw", "organiser-1"),
            click(other, request, "approve", "Peter"),
        )
        assert said.count("AlreadyDecided") == 3
        assert len(await one.lines(request)) == 2
