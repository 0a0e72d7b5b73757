"""Private refusals: the rule, who could, the next step."""

import pytest

from bot.core import approval
from bot.core.errors import BotError, Refused
from bot.core.event import Kind
from bot.core.people import Role
from bot.frontends.slack.refusals import refusal, trouble
from bot.frontends.slack.wording import Case
from tests.frontends.slack.drawing import approved, case, drawn, happened, person, request

OTHERS = "Charlie, Cory, Kristian, Owen or Peter"


def refused(press: Case, name: str, role: Role = Role.OWNER) -> str:
    """Return what *name* reads after pressing Approve."""
    who, filed = person(name, role), press.request
    with pytest.raises(BotError) as caught:
        approval.approve(filed, press.status, who, filed.short_digest, press.situation)
    return drawn(refusal(caught.value, press, who))


def test_an_organiser_presses_approve() -> None:
    """Somebody who may not decide reads who can, who was asked, who is asked next, and can ask them now."""
    asked = happened(Kind.REMINDED, stage="two", names="Cory Owen", minutes=120)
    assert refused(case(asked, minutes=130), "organiser-1", Role.ORGANISER) == (
        "*Only an owner can approve #42.* Nothing happened. "
        "Any of Charlie, Cory, George, Kristian, Owen or Peter can. "
        "Cory and Owen were asked at 11:05. All owners are asked at 09:00.\n[Ask now]"
    )


def test_an_owner_presses_on_their_own_request() -> None:
    """An owner who asked reads that another one decides, and can ask them or withdraw."""
    assert refused(case(of=request(asker="George")), "George") == (
        f"*You asked for #42, so another owner decides.* Nothing happened. Any of {OTHERS} can. "
        "Two owners are asked at 11:05.\n[Ask them] [Withdraw #42]"
    )


def test_late_in_a_request_no_round_is_left_to_announce() -> None:
    """After the last call nothing is promised; a round on another day has its date."""
    assert "asked at" not in refused(case(minutes=71 * 60), "organiser-1", Role.ORGANISER)
    assert "All owners are asked Thu 18 Jun, 06:05." in refused(
        case(minutes=26 * 60), "organiser-1", Role.ORGANISER
    )


def test_a_second_press() -> None:
    """Who approved already reads who is still needed, and can take it back."""
    text = refused(case(approved("Cory", start_at=None), of=request(needs=2)), "Cory")
    assert text == (
        "*You approved #42 at 09:41.* One more owner is needed: Charlie, George, Kristian, Owen or Peter.\n"
        "[Take back my approval]"
    )


def test_the_second_of_two_owners_is_told_who_decided() -> None:
    """Who comes second reads who decided, and has nothing to press."""
    assert refused(case(approved("Cory")), "Owen") == (
        "*#42 was approved by Cory at 09:41.* Nothing more is needed."
    )


def test_too_late() -> None:
    """Who presses after the end can ask again."""
    assert (
        refused(case(minutes=73 * 60), "Owen") == "*#42 expired Thu 18 Jun, 09:05.* Ask again.\n[Ask again]"
    )


def test_another_refusal_has_no_buttons() -> None:
    """A guard's refusal says what it is, and no more."""
    error = Refused("That would leave 1 owner.", "Nothing was changed.")
    assert drawn(refusal(error, case(), person("Owen"))) == "*That would leave 1 owner.* Nothing was changed."


def test_trouble() -> None:
    """An error without a request says what happened and the next step."""
    assert drawn(trouble(BotError("I do not know `grnt`.", "Did you mean `grant-push`?"))) == (
        "*I do not know `grnt`.*\nDid you mean `grant-push`?"
    )
    assert drawn(trouble(BotError("Nobody knows."))) == "*Nobody knows.*"
