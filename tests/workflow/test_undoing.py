"""Undoing: one owner restores what was there, for a day, while nothing moved."""

import pytest

from bot.core.change import Plan, Request
from bot.core.errors import NotAllowed, Refused
from bot.core.people import Actor
from bot.core.reply import Notice, Reply
from bot.core.status import State
from bot.workflow.service import Filed, request_id
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box, Fault
from tests.workflow.world import OWNERS, World


async def undo(world: World, request: Request, by: str = "Cory", key: str = "undo") -> Filed:
    """Press *Undo*, and let what it leads to happen."""
    filed = await world.service.undo(request.id, world.actor(by), key)
    assert isinstance(filed, Filed), filed
    await world.drain()
    return filed


async def refusal(world: World, request: Request, by: str = "Cory") -> Refused:
    """Press *Undo*, and return why not."""
    writes = list(world.shelf.writes)
    with pytest.raises(Refused) as error:
        await undo(world, request, by, world.key())
    assert world.shelf.writes == writes
    return error.value


async def test_one_owner_undoes_in_one_tap(world: World) -> None:
    """An owner, also the one who approved, restores what was there before, the last change first."""
    world.shelf.boxes["box-1"] = Box(holds="old")
    request = await world.approved("put box-1=apple box-2=pear", by="Cory")
    filed = await undo(world, request, "Cory")
    assert filed.request.plan.title == f"Undo #1: {request.plan.title}"
    assert (filed.request.undoes, filed.request.line) == (request.id, "undo 1")
    assert await world.state(filed.request) is State.APPLIED
    assert world.shelf.writes[2:] == ["box-2=", "box-1=old"]
    assert world.shelf.holds == {"box-1": "old"}


async def test_protected_change_is_undone_by_one_owner(world: World) -> None:
    """What took two owners is taken back by one, without a pause: it restores what was there."""
    request = await world.approved("put box-1=crown", asker=world.actor("George"))
    filed = await undo(world, request, "George")
    assert (filed.request.needs, await world.state(filed.request)) == (1, State.APPLIED)
    assert world.shelf.holds == {}


async def test_organiser_asks_an_owner_to_undo(world: World) -> None:
    """An organiser's tap files the way back; one owner decides."""
    request = await world.approved("put box-1=apple")
    filed = await undo(world, request, "organiser-2")
    assert filed.status.state is State.PENDING
    await world.decide(filed.request, "approve", "Cory")
    await world.drain()
    assert world.shelf.holds == {}


async def test_readers_do_not_undo(world: World) -> None:
    """Who may only look cannot undo."""
    request = await world.approved("put box-1=apple")
    with pytest.raises(NotAllowed, match="Only organisers can undo #1"):
        await undo(world, request, "reader-1")


async def test_repeated_tap_undoes_once(world: World) -> None:
    """A repeated delivery of the tap, also one that was cut before the approval, leads to one undo."""
    request = await world.approved("put box-1=apple")
    first = await undo(world, request)
    again = await undo(world, request)
    assert (again.request, world.shelf.writes) == (first.request, ["box-1=apple", "box-1="])


async def test_tap_that_was_cut_in_the_middle_goes_on(world: World) -> None:
    """When the process died between filing the way back and approving it, the repeated tap approves it."""
    request = await world.approved("put box-1=apple")
    await undo(world, request, "organiser-1", key="undo")  # filed, not approved
    filed = await undo(world, request, "Cory", key="undo")
    assert await world.state(filed.request) is State.APPLIED


async def test_undo_is_for_a_day(world: World) -> None:
    """A moment before a day has passed one tap is enough; then it is asked for as any change."""
    request = await world.approved("put box-1=apple")
    await world.jump(hours=24)
    error = await refusal(world, request)
    assert (error.message, error.hint) == (
        "#1 can no longer be undone in one tap.",
        "Ask for it: `undo 1`.",
    )
    await world.jump(seconds=-1)
    await undo(world, request)
    assert world.shelf.holds == {}


async def test_what_moved_since_is_not_undone(world: World) -> None:
    """When the target is no longer as it was left, the tap is refused and says what is there."""
    request = await world.approved("put box-1=apple")
    world.shelf.boxes["box-1"] = Box(holds="fig")
    error = await refusal(world, request)
    assert error.message == (
        "#1 cannot simply be undone: something moved since. box-1 holds nothing (now: fig)."
    )


async def test_only_what_was_made_is_undone(world: World) -> None:
    """Of a request that was done in part, only that part is taken back; what was so before stays."""
    request = await world.asked("put box-1=apple box-2=pear box-3=plum")
    world.shelf.boxes["box-1"] = Box(holds="apple")
    world.shelf.faults.extend([Fault.NONE, Fault.REJECTED])
    await world.decide(request, "approve", "Cory")
    await world.drain()
    assert await world.state(request) is State.PARTIAL
    await undo(world, request)
    assert world.shelf.holds == {"box-1": "apple"}


async def test_nothing_made_is_nothing_to_undo(world: World) -> None:
    """A request that found everything as asked has nothing to take back."""
    request = await world.asked("put box-1=apple")
    world.shelf.boxes["box-1"] = Box(holds="apple")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    reply = await world.service.undo(request.id, world.actor("Cory"), "undo")
    assert reply == Reply(
        title="Already so.", blocks=(Notice(level="good", text="Nothing needs to change."),)
    )


async def test_invitation_is_undone_too(world: World) -> None:
    """What still waits to be accepted can be taken back."""
    world.shelf.invites = True
    request = await world.approved("put box-1=apple")
    await undo(world, request)
    assert world.shelf.holds == {}
    status = await world.status(request)
    assert (status.state, status.undone_by) == (State.APPLIED, 2)
    writes = list(world.shelf.writes)
    await world.later(days=8)
    assert (await world.state(request), world.shelf.writes) == (State.APPLIED, writes)


async def test_what_was_undone_says_so(world: World) -> None:
    """A request that was undone names the one that undid it, and cannot be undone once more."""
    request = await world.approved("put box-1=apple")
    filed = await undo(world, request)
    assert (await world.status(request)).undone_by == filed.request.number == 2
    error = await refusal(world, request)
    assert error.message == "#1 is undone already, by #2."


async def test_undo_that_failed_leaves_it_standing(world: World) -> None:
    """Only an undo that was applied counts."""
    request = await world.approved("put box-1=apple")
    world.shelf.faults.append(Fault.REJECTED)
    filed = await undo(world, request)
    assert await world.state(filed.request) is State.FAILED
    assert (await world.status(request)).undone_by == 0


async def test_undo_is_not_undone_in_one_tap(world: World) -> None:
    """To do again what was undone is a change like any other: an undo lowers no guard."""
    request = await world.approved("put box-1=crown", asker=world.actor("George"))
    back = await undo(world, request)
    error = await refusal(world, back.request)
    assert error.hint == "Ask for it: `undo 2`."


async def test_undo_lowers_no_guard(build: Build) -> None:
    """An undo that a guard forbids is refused: a key that is the second last is not taken back."""
    world = await build()
    for name in ("a", "b"):
        world.keys.boxes[name] = Box(holds="key")
    request = await world.approved("key c key")
    del world.keys.boxes["a"]
    with pytest.raises(Refused, match="That would leave 1 owner; at least 2 must stay"):
        await world.service.undo(request.id, world.actor("Cory"), "undo")


async def test_own_data_is_undone_at_once(world: World) -> None:
    """What needed nobody is taken back without anybody."""
    await world.service.ask("note door open", world.actor("organiser-1"), "note")
    reply = await world.service.undo(request_id("note"), world.actor("organiser-1"), "undo")
    assert isinstance(reply, Reply)
    assert world.notes.holds == {}


# the way back as a plan


async def planned(world: World, request: Request, by: Actor, *things: str) -> Filed:
    """File a plan that says it takes *request* back, putting *things* into its boxes."""
    changes = [
        await world.wiring.of(change).plan(change.target, Box(holds=thing) if thing else None)
        for change, thing in zip(request.plan.changes, things, strict=False)
    ]
    plan = Plan(title="Back", changes=tuple(changes), undoes=request.id)
    filed = await world.service.file(plan, by, world.key(), "undo 1")
    assert isinstance(filed, Filed)
    return filed


async def test_exact_way_back_needs_one_owner(world: World) -> None:
    """A plan that restores exactly what was there is an undo: one owner, who may be who asks."""
    request = await world.approved("put box-1=crown", asker=world.actor("George"))
    filed = await planned(world, request, world.actor("Owen"), "")
    assert (filed.request.needs, filed.request.undoes) == (1, request.id)
    assert (await world.decide(filed.request, "approve", "Owen")).state is State.APPROVED


async def test_other_way_back_is_a_plan_like_any(world: World) -> None:
    """A plan that restores something else, or more, is decided about as any other."""
    request = await world.approved("put box-1=crown", asker=world.actor("George"))
    filed = await planned(world, request, world.actor("Owen"), "pear")
    assert (filed.request.needs, filed.request.undoes) == (2, None)
    with pytest.raises(NotAllowed):
        await planned_and_approved(world, "put box-2=pear", "Owen")


async def planned_and_approved(world: World, line: str, name: str) -> None:
    """Ask and approve as one person."""
    await world.decide(await world.asked(line, world.actor(name)), "approve", name)


async def test_late_way_back_is_a_plan_like_any(world: World) -> None:
    """After a day even the exact way back needs as many owners as any change."""
    request = await world.approved("put box-1=crown", asker=world.actor("George"))
    await world.jump(hours=24)
    filed = await planned(world, request, world.actor("Owen"), "")
    assert (filed.request.needs, filed.request.undoes) == (2, None)


async def test_way_back_of_what_was_never_made_is_a_plan_like_any(world: World) -> None:
    """What the request found as asked was not its doing, so taking it away is no undo."""
    request = await world.asked("put box-1=crown box-2=pear", world.actor("George"))
    world.shelf.boxes["box-1"] = Box(holds="crown")
    await world.decide(request, "approve", "Cory")
    await world.drain()
    filed = await planned(world, request, world.actor("Owen"), "")
    assert (filed.request.needs, filed.request.undoes) == (2, None)


async def test_way_back_with_an_end_is_a_plan_like_any(world: World) -> None:
    """A plan that does more at a later time is no undo."""
    request = await world.approved("put box-1=crown", asker=world.actor("George"))
    change = await world.wiring.bound["shelf.box"].plan("box-1", None)
    plan = Plan(title="Back", changes=(change,), ending=request.plan.changes, undoes=request.id)
    filed = await world.service.file(plan, world.actor("Owen"), "r9", "undo 1")
    assert isinstance(filed, Filed)
    assert filed.request.needs == 2


async def test_undo_can_be_approved_by_anybody_who_owns(world: World) -> None:
    """All six owners can decide about an undo, the one who asked for the change included."""
    request = await world.approved("put box-1=apple", asker=world.actor("George"))
    filed = await undo(world, request, "organiser-1")
    _, status = await world.service.remind(filed.request.id, world.actor("organiser-1"))
    assert status.reminders[-1].names == OWNERS


async def test_what_took_too_long_is_undone_too(world: World) -> None:
    """When the patience with a later step ended, what it began is taken back with what was done before."""
    world.shelf.invites = True
    request = await world.approved("put box-1=apple box-2=pear")
    world.shelf.accept("box-1")
    await world.later(minutes=1)
    await world.jump(days=7, hours=1)
    assert await world.state(request) is State.PARTIAL
    await undo(world, request)
    assert world.shelf.holds == {}


async def test_what_somebody_took_back_by_hand_is_left(world: World) -> None:
    """The rest is undone; what is as it was before needs nothing."""
    request = await world.approved("put box-1=apple box-2=pear")
    del world.shelf.boxes["box-2"]
    await undo(world, request)
    assert (world.shelf.holds, world.shelf.writes[2:]) == ({}, ["box-1="])
