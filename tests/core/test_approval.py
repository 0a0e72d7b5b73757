"""Who decides."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import approval
from bot.core.change import Outcome
from bot.core.errors import AlreadyDecided, BotError, Expired, NotAllowed, Refused
from bot.core.event import Event, Kind
from bot.core.people import Actor, Person, Role
from bot.core.status import Reminder, State, Status, Step, fold
from bot.core.values import Json
from tests.core.samples import (
    JOIN,
    NOW,
    ORGANISER,
    OWNERS,
    PEOPLE,
    approved,
    event,
    plan,
    request,
    situation,
)

CHARLIE, CORY, GEORGE = OWNERS[:3]
DIGEST = request().short_digest
ALONE = Person(name="Cory", role=Role.OWNER)


def test_one_other_owner_is_enough() -> None:
    """An ordinary request waits for one owner, and any of them can."""
    assert approval.missing(request(), Status(), situation()) == 1
    assert approval.who_can(request(), Status(), situation()) == tuple(owner.name for owner in OWNERS)
    assert approval.approve(request(), Status(), CORY, DIGEST, situation())


def test_an_owner_does_not_approve_their_own_request() -> None:
    """Who asked is told who can instead."""
    own = request(CORY)
    assert "Cory" not in approval.who_can(own, Status(), situation())
    with pytest.raises(NotAllowed, match="You asked for #42, so another owner decides") as caught:
        approval.approve(own, Status(), CORY, own.digest, situation())
    assert caught.value.hint == "Nothing happened. Any of Charlie, George, Kristian, Owen or Peter can."


def test_an_organiser_does_not_approve() -> None:
    """Who may not decide is told who can, and who was asked when."""
    reminded = Status(reminders=(Reminder(stage="two", names=("Cory", "Owen"), at=NOW),))
    with pytest.raises(NotAllowed, match="Only an owner can approve #42") as caught:
        approval.approve(request(), reminded, ORGANISER, DIGEST, situation())
    assert caught.value.hint.endswith("can. Cory and Owen were asked at 09:00.")
    once = Status(reminders=(Reminder(stage="now", names=("Cory",), at=NOW),))
    assert approval.asked(request(), once, situation()).endswith("Cory was asked at 09:00.")


def test_a_protected_request_takes_two_owners() -> None:
    """The first approval does not complete it, the second by another does."""
    two = request(needs=2)
    assert not approval.approve(two, Status(), CORY, two.digest, situation())
    with pytest.raises(AlreadyDecided, match="You approved #42 at 09:00") as caught:
        approval.approve(two, approved(CORY), CORY, two.digest, situation())
    assert caught.value.hint == "One more owner is needed: Charlie, George, Kristian, Owen or Peter."
    assert approval.approve(two, approved(CORY), GEORGE, two.digest, situation())


def test_an_owner_who_asks_is_the_first_of_two() -> None:
    """A protected request by an owner waits for one more."""
    own = request(CORY, needs=2)
    assert approval.missing(own, Status(), situation()) == 1
    assert approval.approve(own, Status(), GEORGE, own.digest, situation())


def test_what_became_protected_meanwhile_takes_two() -> None:
    """Of filing and deciding the larger number counts."""
    assert not approval.approve(request(), Status(), CORY, DIGEST, situation(), needs=2)
    status = approved(CORY).model_copy(update={"needs": 2})
    assert approval.approve(request(), status, GEORGE, DIGEST, situation(), needs=1)


def test_an_approval_of_somebody_who_is_no_owner_any_more_does_not_count() -> None:
    """Who lost the role is not counted, and is named."""
    two = request(needs=2)
    left = situation(tuple(p for p in PEOPLE if p != CORY))
    assert not approval.approve(two, approved(CORY), GEORGE, two.digest, left)
    assert approval.void_approvals(approved(CORY, GEORGE), left) == ("Cory",)
    assert approval.void_approvals(approved(CORY, GEORGE), situation()) == ()


def test_approvals_stand_while_those_who_gave_them_are_owners() -> None:
    """Enough owners, one who acted alone, or a sole owner's second thought: else it waits again."""
    two, left = request(needs=2), situation(tuple(p for p in PEOPLE if p != CORY))
    assert approval.stands(two, approved(CORY, GEORGE), situation())
    assert not approval.stands(two, approved(CORY, GEORGE), left)
    assert approval.stands(request(ALONE), approved(ALONE, ALONE), situation((ALONE,)))
    broken = fold([event(Kind.APPROVED, {"alone": True}, by=CORY)])
    assert approval.stands(two, broken, situation())


def test_a_request_nobody_could_approve_is_refused_when_filed() -> None:
    """The remedy is named."""
    few = situation((CORY, GEORGE, ORGANISER))
    approval.check_fulfilled(request(needs=2), few)
    approval.check_fulfilled(request(CORY, needs=2), few)
    with pytest.raises(Refused, match="This needs 1 more owner than there are") as caught:
        approval.check_fulfilled(request(CORY), situation((CORY, ORGANISER)))
    assert "--role owner" in caught.value.hint
    with pytest.raises(Refused, match="This needs 2 more owners than there are"):
        approval.check_fulfilled(request(needs=2), situation((ORGANISER,)))


def test_a_card_of_another_digest_decides_nothing() -> None:
    """What was shown must be what is asked."""
    for digest in ("", "f" * 12):
        with pytest.raises(Refused, match="not what #42 asks now"):
            approval.approve(request(), Status(), CORY, digest, situation())


def test_after_its_time_a_request_is_expired() -> None:
    """Whether or not a timer has noticed."""
    late = situation(now=NOW + timedelta(hours=72))
    for status in (Status(), Status(state=State.EXPIRED)):
        with pytest.raises(Expired, match="expired Thu 18 Jun, 09:00"):
            approval.approve(request(), status, CORY, DIGEST, late)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (approved(CORY, state=State.APPLIED), "#42 was approved by Cory at 09:00."),
        (fold([event(Kind.DENIED, by=GEORGE)]), "#42 was denied by George at 09:00."),
        (fold([event(Kind.WITHDRAWN)]), "#42 was withdrawn by organiser-1 at 09:00."),
        (Status(state=State.APPLIED), "#42 needed no approval."),
    ],
)
def test_the_second_is_told_who_decided(status: Status, said: str) -> None:
    """Somebody who comes later learns who was first, without an accusation."""
    with pytest.raises(AlreadyDecided) as caught:
        approval.approve(request(), status, CHARLIE, DIGEST, situation())
    assert caught.value.message == said


def test_one_deny_ends_it_and_only_owners_deny() -> None:
    """Any owner may deny, also who asked."""
    approval.deny(request(CORY), Status(), CORY, request(CORY).digest, situation())
    with pytest.raises(NotAllowed, match="Only an owner can deny #42"):
        approval.deny(request(), Status(), ORGANISER, DIGEST, situation())


def test_an_approval_can_be_taken_back_while_another_is_awaited() -> None:
    """By who gave it, and by nobody else."""
    two = request(needs=2)
    approval.take_back(two, approved(CORY), CORY, situation())
    with pytest.raises(Refused, match="You have not approved #42"):
        approval.take_back(two, approved(CORY), GEORGE, situation())
    with pytest.raises(AlreadyDecided):
        approval.take_back(two, approved(CORY, GEORGE, state=State.APPROVED), CORY, situation())


def test_only_who_asked_withdraws() -> None:
    """And only while it is pending."""
    approval.withdraw(request(), Status(), ORGANISER, situation())
    with pytest.raises(NotAllowed, match="Only organiser-1 can withdraw #42"):
        approval.withdraw(request(), Status(), CORY, situation())
    with pytest.raises(AlreadyDecided):
        approval.withdraw(request(), approved(CORY, state=State.APPLYING), ORGANISER, situation())


def test_an_owner_may_apply_alone_with_a_reason() -> None:
    """Break-glass is for owners, wants a reason, and can be switched off."""
    approval.alone(request(CORY), Status(), CORY, request(CORY).digest, "nobody answers", situation())
    with pytest.raises(Refused, match="a reason is required"):
        approval.alone(request(), Status(), CORY, DIGEST, "  ", situation())
    with pytest.raises(NotAllowed, match="Only an owner can apply a request alone"):
        approval.alone(request(), Status(), ORGANISER, DIGEST, "x", situation())
    with pytest.raises(Refused, match="switched off"):
        approval.alone(request(), Status(), CORY, DIGEST, "x", situation(break_glass=False))


def test_any_organiser_can_stop_what_has_not_started() -> None:
    """Between approval and start, and not after."""
    waiting = Status(state=State.APPROVED, start_at=NOW + timedelta(minutes=15))
    approval.stop(request(), waiting, ORGANISER, situation())
    with pytest.raises(NotAllowed, match="Only organisers can stop"):
        approval.stop(request(), waiting, Person(name="reader", role=Role.READER), situation())
    for status, now in (
        (waiting, NOW + timedelta(minutes=15)),
        (Status(), NOW),
        (Status(state=State.APPROVED), NOW),
    ):
        with pytest.raises(Refused, match="can no longer be stopped"):
            approval.stop(request(), status, ORGANISER, situation(now=now))


def test_a_sole_owner_confirms_twice_an_hour_apart() -> None:
    """Where the policy allows it, and only while the list has one owner."""
    own = request(ALONE)
    single = situation((ALONE, ORGANISER), self_approval="sole-owner")
    approval.check_fulfilled(own, single)
    assert approval.who_can(own, Status(), single) == ("Cory",)
    assert not approval.approve(own, Status(), ALONE, own.digest, single)
    with pytest.raises(Refused, match="confirm #42 again from 10:00"):
        approval.approve(own, approved(ALONE), ALONE, own.digest, single)
    later = situation((ALONE, ORGANISER), now=NOW + timedelta(hours=1), self_approval="sole-owner")
    assert approval.approve(own, approved(ALONE), ALONE, own.digest, later)
    two = situation((ALONE, GEORGE), now=NOW + timedelta(hours=1), self_approval="sole-owner")
    with pytest.raises(NotAllowed):
        approval.approve(own, Status(), ALONE, own.digest, two)


def test_an_undo_may_be_approved_by_who_asked_for_it() -> None:
    """It restores what was there, so one owner is enough, whoever it is."""
    back = request(CORY, undoes="r41")
    assert "Cory" in approval.who_can(back, Status(), situation())
    assert approval.approve(back, Status(), CORY, back.digest, situation())
    with pytest.raises(NotAllowed):
        approval.approve(
            request(undoes="r41"), Status(), ORGANISER, request(undoes="r41").digest, situation()
        )


def test_what_needs_nobody_misses_nobody() -> None:
    """Our own data is not approved."""
    assert approval.missing(request(needs=0), Status(), situation()) == 0


@pytest.mark.parametrize(
    ("status", "later", "possible"),
    [
        ({"state": State.APPLIED, "finished_at": NOW}, timedelta(hours=23), True),
        ({"state": State.WAITING, "finished_at": NOW}, timedelta(hours=1), True),
        ({"state": State.PARTIAL, "finished_at": NOW}, timedelta(hours=1), True),
        ({"state": State.APPLIED, "finished_at": NOW}, timedelta(hours=24), False),
        ({"state": State.APPLIED}, timedelta(0), False),
        ({"state": State.DRIFTED, "finished_at": NOW}, timedelta(0), False),
        ({"state": State.APPLIED, "finished_at": NOW, "ended_at": NOW}, timedelta(0), False),
    ],
)
def test_undo_is_one_tap_for_a_day(status: dict[str, Any], later: timedelta, possible: bool) -> None:
    """Of what was applied, has not ended, and is not older than a day."""
    assert approval.undoable(request(), Status(**status), NOW + later) is possible


def test_the_way_back_may_be_open_for_longer() -> None:
    """As long as the approved plan says."""
    asked, done = (
        request(plan=plan(back_within=timedelta(days=7))),
        Status(state=State.APPLIED, finished_at=NOW),
    )
    assert approval.undoable(asked, done, NOW + timedelta(days=6))
    assert not approval.undoable(asked, done, NOW + timedelta(days=7))


def test_only_what_was_really_done_is_taken_back() -> None:
    """Last step first, without steps that found everything so or did not happen."""
    changes = tuple(JOIN.model_copy(update={"target": f"core/{index}"}) for index in range(4))
    outcomes = (Outcome.DONE, Outcome.ALREADY_SO, Outcome.WAITING, None)
    steps = {f"apply:{index}": Step(outcome=outcome) for index, outcome in enumerate(outcomes) if outcome}
    made = approval.carried_out(request(plan=plan(changes=changes)), Status(steps=steps))
    assert [change.target for change in made] == ["core/2", "core/0"]


def test_what_was_made_for_a_while_only_is_not_taken_back() -> None:
    """A step that a later one took back is as if neither had been; one that nothing took back is."""
    changes = (JOIN, JOIN.model_copy(update={"before": JOIN.after, "after": JOIN.before}))
    steps = {f"apply:{index}": Step(outcome=Outcome.DONE) for index in range(2)}
    asked = request(plan=plan(changes=changes))
    assert approval.carried_out(asked, Status(steps=steps)) == ()
    assert approval.carried_out(asked, Status(steps={"apply:0": steps["apply:0"]})) == (JOIN,)


def test_what_took_too_long_is_taken_back_too() -> None:
    """A step that failed is: when it was under way before, since it may be there; not when it never was."""
    late, never = Step(outcome=Outcome.FAILED, waited=True), Step(outcome=Outcome.FAILED)
    assert (late.made, never.made) == (True, False)


def test_the_way_back_is_one_plan() -> None:
    """What is as it was is left out, what stays is noted, and what moved is named."""
    back = JOIN.model_copy(update={"words": "away"})
    same = JOIN.model_copy(update={"before": None, "after": None, "words": "gone already"})
    stays = same.model_copy(update={"words": "it stays"})
    asked = request()
    found = [(back, True), (same, False), (stays, True)]
    expected = plan(title=f"Undo #{asked.number}: {asked.plan.title}", changes=(back,), notes=("it stays",))
    made, moved = approval.way_back(asked, found)
    assert (made.title, made.changes, made.notes, moved) == (
        expected.title,
        expected.changes,
        expected.notes,
        (),
    )
    assert approval.way_back(asked, [(back, False)])[1] == ("away",)


clicks = st.lists(
    st.tuples(
        st.sampled_from(["approve", "deny", "take_back", "withdraw"]),
        st.sampled_from([*OWNERS[:3], ORGANISER]),
    ),
    max_size=8,
)


@given(asker=st.sampled_from([*OWNERS[:3], ORGANISER]), needs=st.sampled_from([1, 2]), said=clicks)
def test_any_number_of_clicks_yields_one_verdict(
    asker: Person, needs: int, said: list[tuple[str, Person]]
) -> None:
    """Whatever is pressed by whom in any order: one verdict at most, and never by the requester alone."""
    asked, held = request(asker, needs=needs), situation()
    lines: list[Event] = []
    verdicts = []
    for verb, by in said:
        status = fold(lines)
        payload: Json = {}
        try:
            match verb:
                case "approve":
                    kind = Kind.APPROVED
                    if approval.approve(asked, status, by, asked.digest, held):
                        payload["start_at"] = NOW.isoformat()
                case "deny":
                    kind = Kind.DENIED
                    approval.deny(asked, status, by, asked.digest, held)
                case "take_back":
                    kind, payload["name"] = Kind.TAKEN_BACK, by.name
                    approval.take_back(asked, status, by, held)
                case _:
                    kind = Kind.WITHDRAWN
                    approval.withdraw(asked, status, by, held)
        except BotError:
            continue
        lines.append(event(kind, payload, by, len(lines) + 1))
        if fold(lines).state is not State.PENDING:
            verdicts.append(fold(lines))
    assert len(verdicts) <= 1
    for verdict in verdicts:
        if verdict.state is State.APPROVED:
            behind = {decision.by.name for decision in verdict.approvals}
            assert behind <= {owner.name for owner in OWNERS}
            assert behind - {asker.name}
            assert len(behind | ({asker.name} if asker.role is Role.OWNER else set())) >= needs


def test_people_count_not_accounts() -> None:
    """A second account of the same person is the same person."""
    twice = CORY.model_copy(update={"slack": ("U0OTHER",)})
    two = request(needs=2)
    with pytest.raises(AlreadyDecided):
        approval.approve(two, approved(CORY), twice, two.digest, situation())
    assert Actor.of(twice, "slack").name == Actor.of(CORY, "slack").name
