"""People press buttons: one effect each, and a private word where there is none."""

import asyncio
from datetime import timedelta

from bot.core.policy import Policy
from bot.core.status import State
from integrations.slack.standin import Message, StandIn
from tests.frontends.slack.office import (
    APPROVALS,
    CORY,
    GEORGE,
    ORGANISER,
    ORGANISER_2,
    OWEN,
    Office,
    buttons,
    opened,
    shown,
)
from tests.workflow.shelf import Box


async def approved(office: Office, line: str = "put a=pear") -> Message:
    """Have a plan asked for and approved, and return its applied card."""
    card = await office.asks(line)
    await office.presses(CORY, card, "approve")
    return await office.carded("*Applied.*")


async def test_an_owner_approves(office: Office) -> None:
    """One press carries it out; the card and the note say so, and by whom."""
    card = await approved(office)
    assert office.world.shelf.holds == {"a": "pear"}
    assert "✅ a holds pear" in shown(card)
    assert "*Applied.* Approved by Cory 09:00, checked on the shelf 09:00." in shown(card)
    assert buttons(card) == ["undo"]
    note = await office.noted(ORGANISER, "*Applied.*")
    assert buttons(note) == ["open"]
    assert len(office.cards) == 1


async def test_two_owners_press_at_once(office: Office) -> None:
    """One decides, the other is told who did; it is carried out once."""
    card = await office.asks()
    await asyncio.gather(office.presses(CORY, card, "approve"), office.presses(OWEN, card, "approve"))
    await office.carded("*Applied.*")
    await office.settled()
    late = [*office.private(CORY, APPROVALS), *office.private(OWEN, APPROVALS)]
    assert len(late) == 1
    assert "#1 was approved by" in shown(late[0])
    assert office.world.shelf.writes == ["a=pear"]


async def test_an_organiser_presses_approve(office: Office) -> None:
    """Who may not decide is told who can, and can have them asked in one tap."""
    card = await office.asks()
    await office.presses(ORGANISER, card, "approve")
    told = await office.told(ORGANISER, "*Only an owner can approve #1.* Nothing happened.", APPROVALS)
    await office.presses(ORGANISER, told, "remind")
    answer = await office.told(
        ORGANISER, "I asked Charlie, Cory, George, Kristian, Owen and Peter", APPROVALS
    )
    assert answer.ts == told.ts
    assert buttons(await office.noted(OWEN, "#1 needs an owner")) == ["open"]
    assert office.world.shelf.holds == {}


async def test_an_owner_presses_on_their_own_request(office: Office) -> None:
    """Who asked does not decide, and can withdraw."""
    card = await office.asks(who=GEORGE)
    await office.presses(GEORGE, card, "approve")
    told = await office.told(GEORGE, "*You asked for #1, so another owner decides.*", APPROVALS)
    assert buttons(told) == ["remind", "withdraw"]
    await office.presses(GEORGE, told, "withdraw")
    await office.told(GEORGE, "You withdrew #1.", APPROVALS)
    await office.carded("*Withdrawn by George")


async def test_an_owner_denies_with_a_reason(office: Office) -> None:
    """Deny asks why; the reason is on the card and in the requester's note."""
    card = await office.asks()
    await office.presses(CORY, card, "deny")
    form = await office.form(CORY)
    assert (await office.slack.as_(CORY).submit(form.id, {"reason": "not before the rota"})).ok  # type: ignore[union-attr] # the fields are filled in
    assert office.slack.views(CORY) == []
    card = await office.carded('*Denied by Cory 09:00*: "not before the rota". Nothing happened.')
    assert buttons(card) == []
    await office.noted(ORGANISER, "not before the rota")


async def test_a_deny_without_a_reason_is_not_sent(office: Office) -> None:
    """Blank is no reason: the form says so at once and stays open."""
    card = await office.asks()
    await office.presses(CORY, card, "deny")
    form = await office.form(CORY)
    await office.slack.as_(CORY).submit(form.id, {"reason": "   "})
    assert office.slack.views(CORY)[0].errors == {"reason": "Say why: it is required."}
    await office.settled()
    assert "*One owner decides:*" in shown(office.cards[0])


async def test_an_organiser_cannot_even_open_the_form(office: Office) -> None:
    """Who may not deny is told so before typing anything."""
    card = await office.asks()
    await office.presses(ORGANISER, card, "deny")
    await office.told(ORGANISER, "*Only an owner can deny #1.*", APPROVALS)
    assert office.slack.views(ORGANISER) == []


async def test_a_form_that_came_too_late_is_offered_again(office: Office) -> None:
    """When the trigger is spent there is a button that opens the form."""
    card = await office.asks()
    mint = office.slack.mint_trigger
    office.slack.mint_trigger = lambda user: "1.2.spent"  # type: ignore[method-assign] # the three seconds are over
    await office.presses(CORY, card, "deny")
    told = await office.told(CORY, "The form for #1 did not open in time.", APPROVALS)
    office.slack.mint_trigger = mint  # type: ignore[method-assign] # and begin anew
    await office.presses(CORY, told, "deny")
    assert (await office.form(CORY)).body["callback_id"] == "deny"


async def test_a_form_about_something_decided_is_refused(office: Office) -> None:
    """Who sends the form after another decided is told so where the button was."""
    card = await office.asks()
    await office.presses(CORY, card, "deny")
    form = await office.form(CORY)
    await office.presses(OWEN, card, "approve")
    await office.carded("*Applied.*")
    await office.slack.as_(CORY).submit(form.id, {"reason": "too late"})
    await office.told(CORY, "#1 was approved by Owen at 09:00.", APPROVALS)


async def test_who_asked_withdraws(office: Office) -> None:
    """The button in the note withdraws the request."""
    await office.asks()
    note = await office.noted(ORGANISER, "#1: Put a=pear")
    await office.presses(ORGANISER, note, "withdraw")
    await office.carded("*Withdrawn by organiser-1 09:00*. Nothing happened.")
    assert "withdraw" not in buttons(await office.noted(ORGANISER, "*Withdrawn by"))


async def test_two_owners_for_what_is_protected(office: Office) -> None:
    """The first of two can take it back; two different owners carry it out."""
    card = await office.asks("put a=crown")
    assert "⚠️ *Two owners are needed:* a crown." in shown(card)
    await office.presses(CORY, card, "approve")
    told = await office.told(CORY, "You approved #1.", APPROVALS)
    await office.carded("Approved by Cory 09:00. *One more owner decides:*")
    await office.presses(CORY, told, "take_back")
    await office.told(CORY, "You took your approval of #1 back.", APPROVALS)
    await office.carded("*Two owners decide:*")
    await office.presses(OWEN, card, "approve")
    await office.carded("Approved by Owen 09:00. *One more owner decides:*")
    await office.presses(GEORGE, card, "approve")
    await office.carded("*Applied.* Approved by Owen 09:00 and George 09:00")


async def test_an_owner_applies_alone_and_an_organiser_stops_it(office: Office) -> None:
    """Applying alone needs a reason, is told to all owners at once, and can be stopped in its pause."""
    await office.asks("put a=crown", GEORGE)
    note = await office.noted(GEORGE, "#1: Put a=crown")
    await office.presses(GEORGE, note, "alone")
    form = await office.form(GEORGE)
    await office.slack.as_(GEORGE).submit(form.id, {"reason": "the site is down"})
    card = await office.carded('*George applies this alone* (09:00): "the site is down". *Starts 09:15*')
    for owner in (CORY, OWEN):
        assert buttons(await office.noted(owner, "*George applies this alone*")) == ["open", "stop"]
    await office.presses(ORGANISER_2, card, "stop")
    await office.carded("*Stopped by organiser-2 09:00*. Nothing happened.")
    assert office.world.shelf.holds == {}


async def test_undo(office: Office) -> None:
    """Undo restores what was there with one owner's press."""
    card = await approved(office)
    await office.presses(CORY, card, "undo")
    await office.carded("# Undo #1: Put a=pear")
    await office.slack.until(lambda: office.world.shelf.holds == {})
    await office.told(CORY, "*#2:*", APPROVALS)
    assert buttons(await office.carded("*Undone by #2.*")) == []


async def test_what_moved_is_asked_again_from_todays_state(office: Office) -> None:
    """When the live state moved nothing is applied, and one tap asks from what is there now."""
    card = await office.asks()
    office.world.shelf.boxes["a"] = Box(holds="fig")
    await office.presses(CORY, card, "approve")
    await office.carded("*Not applied: the shelf changed meanwhile.* We changed nothing.")
    note = await office.noted(ORGANISER, "*#1 was approved but not applied: the shelf changed meanwhile.*")
    assert buttons(note) == ["open", "ask_again", "leave"]
    await office.presses(ORGANISER, note, "ask_again")
    again = await office.sees(lambda: office.cards[1:], "a holds pear (now: fig)")
    assert buttons(again) == ["approve", "deny"]


async def test_what_moved_is_left(office: Office) -> None:
    """Leaving it takes the buttons away."""
    card = await office.asks()
    office.world.shelf.boxes["a"] = Box(holds="fig")
    await office.presses(CORY, card, "approve")
    note = await office.noted(ORGANISER, "Still want it?")
    await office.presses(ORGANISER, note, "leave")
    assert buttons(await office.noted(ORGANISER, "(Left as it is.)")) == []
    assert office.world.shelf.holds == {"a": "fig"}


async def test_an_altered_button_has_no_effect(office: Office) -> None:
    """A button that carries another digest, or an unknown request, is refused."""
    card = await office.asks()
    true = card.blocks[-1]["elements"][0]["value"]
    for forged in (f"{true.split()[0]} 000000000000", "unknown 000000000000", "", "   "):
        card.blocks[-1]["elements"][0]["value"] = forged
        await office.presses(CORY, card, "approve")
        await office.settled()
    said = [shown(message) for message in office.private(CORY, APPROVALS)]
    assert len(said) == 4
    assert said[0] == "*This card is not what #1 asks now.* Open the card again and decide there."
    assert "I do not know that request." in said[1]
    assert office.world.shelf.holds == {}


async def test_an_owner_who_was_deactivated_cannot_decide(office: Office) -> None:
    """A press by an account that Slack no longer has as a member counts for nothing."""
    card = await office.asks()
    await office.slack.change_user(CORY, is_restricted=True)
    await office.presses(CORY, card, "approve")
    await office.told(CORY, "you are a guest in this workspace", APPROVALS)
    assert office.world.shelf.holds == {}


async def test_reminders_reach_owners_by_name(office: Office) -> None:
    """After two hours two owners are told directly, once each; the note says who."""
    await office.asks()
    await office.settled()
    office.world.clock.now += timedelta(hours=2, minutes=1)
    await office.world.timers.sweep()
    note = await office.noted(ORGANISER, "were asked at 11:01")
    named = [
        owner for owner in (CORY, GEORGE, OWEN, "U0CHARLIE", "U0KRISTIAN", "U0PETER") if office.direct(owner)
    ]
    assert len(named) == 2
    assert "#1 needs an owner" in shown(office.direct(named[0])[0])
    await office.presses(ORGANISER, note, "withdraw")
    await office.carded("*Withdrawn")
    assert [len(office.direct(owner)) for owner in named] == [1, 1]


async def test_a_grant_is_warned_of_and_ended_early(office: Office) -> None:
    """Before its end the requester is told directly, and can end it at once."""
    await approved(office, "put a=pear --for 14d")
    office.world.clock.now += timedelta(days=11, minutes=1)
    await office.world.timers.sweep()
    warning = await office.noted(ORGANISER, "*#1 ends in three days*, Mon 29 Jun, 09:00: Put a=pear.")
    assert buttons(warning) == ["open", "extend", "end_now"]
    await office.presses(ORGANISER, warning, "end_now")
    direct = office.slack.direct(ORGANISER)
    await office.told(ORGANISER, "#1 ends now", direct)
    await office.carded("*Ended Fri 26 Jun, 09:01.*")
    assert office.world.shelf.holds == {}


async def test_the_policy_may_forbid_to_apply_alone(database_url: str, slack: StandIn) -> None:
    """Where applying alone is off there is no button, and a forged press is refused."""
    async with opened(database_url, slack, policy=Policy(break_glass=False)) as office:
        card = await office.asks("put a=crown", GEORGE)
        note = await office.noted(GEORGE, "#1: Put a=crown")
        assert "alone" not in buttons(note)
        card.blocks[-1]["elements"][0]["action_id"] = "alone"
        await office.presses(GEORGE, card, "alone")
        await office.told(GEORGE, "Applying alone is switched off", APPROVALS)
        request = (await office.world.service.view(card.blocks[-1]["elements"][0]["value"].split()[0]))[0]
        assert await office.world.state(request) is State.PENDING
