"""What people are told directly."""

from datetime import timedelta

from bot.core.event import Event, Kind
from bot.core.status import Reminder
from bot.frontends.slack import note
from bot.frontends.slack.card import card
from tests.frontends.slack.drawing import (
    ASKED_AT,
    PLAN,
    approved,
    case,
    drawn,
    finished,
    happened,
    invited,
    outcome,
    pressed,
    request,
)

CARD = "https://example.slack.com/archives/C1/p1"
OWNERS = "Charlie, Cory, George, Kristian, Owen or Peter"
HEAD = "*#42: Push access for organiser-1: website*\n"
STEPS = """1. organiser-1 joins team *core* (now: not in it)
2. *2026.pyconuk.org* joins core with *Write* (now: Read)
"""


def reminded(stage: str, *names: str) -> Event:
    return happened(Kind.REMINDED, stage=stage, names=" ".join(names))


def test_the_requester_knows_whom_it_was_put_to() -> None:
    """While it is open, who asked reads who decides, until when and who was asked, and can withdraw."""
    message = note.to_requester(case(reminded("two", "Cory", "Owen")), CARD)
    assert drawn(message) == (
        f"{HEAD}{STEPS}*One owner decides:* {OWNERS}\nOpen until Thu 18 Jun, 09:05. "
        "Cory and Owen were asked at 09:41.\n[Open the card] [Withdraw #42]"
    )
    assert pressed(message, "Open the card")["url"] == CARD


def test_what_is_done_by_hand_is_told_until_nothing_came_of_it() -> None:
    """Owners read it on the card, who asked in their message, also once the rest is done; not when denied."""
    plan = PLAN.model_copy(update={"by_hand": ("*1Password*: George can share the vault",)})
    done = (approved(), outcome(0, "done"), outcome(1, "done"), finished("applied"))
    for events in ((), done):
        stands = case(*events, of=request(plan))
        for message in (note.to_requester(stands, CARD), card(stands)):
            assert "\n*By hand*\n• *1Password*: George can share the vault\n" in drawn(message)
    denied = case(happened(Kind.DENIED, "Cory"), of=request(plan))
    assert "By hand" not in drawn(card(denied)) + drawn(note.to_requester(denied, CARD))


def test_one_message_a_person_and_one_to_forward() -> None:
    """Who has several invitations reads of all in one message; who asked forwards those of others in one."""
    events = (approved(), invited(0, "helper-1"), invited(1, "helper-1"), finished("waiting"))
    one, two = case(*events).status.awaited
    assert drawn(note.to_invited(case(*events), [one, two])) == (
        "*You are invited, and not in yet.* Push access for organiser-1: website, asked for by organiser-2. "
        "Accept by Mon 22 Jun: https://vendor.example/0 and https://vendor.example/1"
    )
    other = one.model_copy(update={"account": "helper-2"})
    assert drawn(note.to_forward(case(*events), [one, other, two], CARD)) == (
        "*#42 waits for helper-1 and helper-2, whom I cannot reach in Slack.* Please forward to them:\n"
        "• helper-1, you are invited, and not in yet. Push access for organiser-1: website, asked for by "
        "organiser-2. Accept by Mon 22 Jun: https://vendor.example/0 and https://vendor.example/1\n"
        "• helper-2, you are invited, and not in yet. Push access for organiser-1: website, asked for by "
        "organiser-2. Accept by Mon 22 Jun: https://vendor.example/0\n[Open the card]"
    )


def test_what_nobody_accepted_is_asked_for_again() -> None:
    """Who asked reads that nobody accepted, and can ask once more; what was undone is over."""
    gone = invited(0, "helper-1", "It is gone again", "failed")
    events = (approved(), outcome(1, "done"), gone, finished("partial"))
    assert drawn(note.lapsed(case(*events), CARD)) == (
        "*helper-1 did not accept, so #42 ended:* Push access for organiser-1: website. It is gone again. "
        "*Invite again* asks the owners for it from today's state.\n[Invite again] [Open the card]"
    )
    assert "[Invite again]" in drawn(note.to_requester(case(*events), None))
    undone = case(*events, happened(Kind.UNDONE, by=43))
    assert "[Invite again]" not in drawn(note.to_requester(undone, None))


def test_the_requester_sees_how_it_ended() -> None:
    """When it is applied the message says so and needs nothing more."""
    done = case(approved(), outcome(0, "done"), outcome(1, "done"), finished("applied"))
    assert drawn(note.to_requester(done, None)) == (
        f"{HEAD}✅ organiser-1 joins team *core* (was: not in it)\n"
        "✅ *2026.pyconuk.org* joins core with *Write* (was: Read)\n"
        "*Applied.* Approved by Cory 09:41, checked on GitHub 09:41."
    )


def test_an_owner_who_asks_may_apply_alone() -> None:
    """Only an owner is offered to apply alone, and only where policy allows it."""
    filed = request(asker="George")
    assert "[Withdraw #42] [Apply alone…]" in drawn(note.to_requester(case(of=filed), None))
    assert "[Apply alone…]" not in drawn(note.to_requester(case(of=filed, break_glass=False), None))
    assert "[Apply alone…]" not in drawn(note.to_requester(case(), None))


def test_what_moved_can_be_asked_again_from_today() -> None:
    """A drifted request says that nothing changed and offers today's state."""
    moved = case(
        approved(), outcome(0, "drifted", "Now: core has Admin on 2026.pyconuk.org"), finished("drifted")
    )
    assert drawn(note.to_requester(moved, None)).endswith(
        "*#42 was approved but not applied: GitHub changed meanwhile.* We changed nothing. "
        "Now: core has Admin on 2026.pyconuk.org. Still want it?\n[Ask again from today's state] [Leave it]"
    )


def test_what_expired_can_be_asked_again() -> None:
    """An expired request offers to ask again in one tap."""
    text = drawn(note.to_requester(case(happened(Kind.EXPIRED)), None))
    assert text.endswith("nothing happened.\n[Ask again] [Leave it]")


def test_filed() -> None:
    """The private answer to a command says that the request waits, and where."""
    assert drawn(note.filed(case(), CARD)) == (
        f"*#42 is with the owners.* *One owner decides:* {OWNERS}. I tell you here how it goes.\n"
        "[Open the card]"
    )
    assert "*#42:* *Applying.*" in drawn(note.filed(case(approved()), None))


def test_an_owner_is_asked_by_name() -> None:
    """An owner's reminder says who gets what, until when, and links to the card."""
    asked = Reminder(stage="two", names=("Cory",), at=ASKED_AT)
    assert drawn(note.to_owner(case(), asked, CARD)) == (
        "#42 needs an owner: organiser-1: Write on 9 repositories, this one included; 23 people in core: "
        "Write on this repository. Asked by organiser-2. Open until Thu 18 Jun, 09:05.\n[Open the card]"
    )
    last = Reminder(stage="last", names=("Cory",), at=ASKED_AT)
    assert drawn(note.to_owner(case(), last, None)).startswith("*Last call.* #42 needs an owner")


def test_owners_learn_that_one_applies_alone() -> None:
    """All owners are told who applies alone and why, and can stop it."""
    start = (ASKED_AT + timedelta(minutes=51)).isoformat()
    lonely = case(approved("George", start_at=start, alone=True, reason="the site is down"))
    told = drawn(note.to_owner(lonely, Reminder(stage="alone", names=("Cory",), at=ASKED_AT), CARD))
    assert told.startswith(
        '*George applies this alone* (09:41): "the site is down". *Starts 09:56*; any organiser'
    )
    assert told.endswith("[Open the card] [Stop]")


def test_a_grant_that_ends_soon() -> None:
    """Before its end a grant can be extended or ended."""
    plan = PLAN.model_copy(update={"lasts": timedelta(days=14)})
    done = case(approved(), finished("applied"), of=request(plan))
    told = note.ending_soon(done, "three days", CARD)
    assert drawn(told) == (
        "*#42 ends in three days*, Mon 29 Jun, 09:41: Push access for organiser-1: website.\n"
        "[Open the card] [Extend] [End now]"
    )
    assert pressed(told, "End now")["confirm"]["title"]["text"] == "End #42 now?"


def test_the_first_of_two_owners_can_take_back() -> None:
    """Who approved first reads who is still needed and can take it back."""
    half = case(approved("Cory", start_at=None), of=request(needs=2))
    assert drawn(note.half_approved(half)) == (
        "You approved #42. Approved by Cory 09:41. "
        "*One more owner decides:* Charlie, George, Kristian, Owen or Peter.\n"
        "[Take back my approval]"
    )
