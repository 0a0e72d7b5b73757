"""People ask in Slack, and are answered where they asked."""

import pytest

from bot.frontends.slack import kit
from tests.frontends.slack.office import (
    APPROVALS,
    CORY,
    GENERAL,
    GUEST,
    NEWCOMER,
    ORGANISER,
    ORGANISER_2,
    SHARED,
    STRANGER,
    Office,
    buttons,
    shown,
)

OWNERS = "Charlie, Cory, George, Kristian, Owen or Peter"


async def test_a_command_is_answered_privately(office: Office) -> None:
    """What a command answers is shown to the person who asked, where they asked."""
    await office.says(ORGANISER, "/infra look")
    answer = await office.told(ORGANISER, "0 requests")
    assert shown(answer) == "*0 requests*\n[Share here]"
    assert answer.channel == GENERAL


async def test_a_plan_becomes_a_card_a_line_and_a_note(office: Office) -> None:
    """A plan is put to the owners on a card; who asked has a private line and a direct message."""
    card = await office.asks("put a=pear because “it’s ripe”")
    assert card.channel == APPROVALS
    assert 'organiser-1 asks: "it\'s ripe"' in shown(card)
    assert "*What changes on the shelf*\n1. a holds pear (now: nothing)" in shown(card)
    assert buttons(card) == ["approve", "deny"]
    line = await office.told(ORGANISER, "#1 is with the owners.")
    assert buttons(line) == ["open"]
    note = await office.noted(ORGANISER, "#1: Put a=pear")
    assert buttons(note) == ["open", "withdraw"]


async def test_what_is_asked_already_is_not_asked_twice(office: Office) -> None:
    """Who asks the same as a request that waits is told of it, and who decides; there is one card."""
    await office.asks("put a=pear because it is ripe")
    await office.says(ORGANISER_2, "/infra put a=pear because I said so")
    told = await office.told(ORGANISER_2, "*#1 asks just this already:* organiser-1 asked at 09:00.")
    assert f"Nothing more was filed.\n*One owner decides:* {OWNERS}" in shown(told)
    assert buttons(told) == ["open"]
    await office.settled()
    assert len(office.cards) == 1


async def test_an_undo_that_waits_is_told_to_who_undoes_too(office: Office) -> None:
    """When somebody asked for an undo already, an owner's *Undo* is told of it instead of filing another."""
    card = await office.asks()
    await office.presses(CORY, card, "approve")
    applied = await office.carded("*Applied.*")
    await office.presses(ORGANISER, applied, "undo")
    await office.carded("Undo #1")
    await office.presses(CORY, applied, "undo")
    await office.told(CORY, "*#2 asks just this already:* organiser-1 asked at 09:00.", APPROVALS)
    assert buttons(office.cards[-1]) == ["approve", "deny"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/infra lok", "*I do not know `lok`.*\nDid you mean `look`?"),
        ("/infra put", "*The following arguments are required: BOX=THING.*"),
        ("/infra look 'at", "*A quotation mark is not closed.*\nClose it, or leave it out."),
        ("/infra " + "x" * 10_000, "That line has 10000 characters"),
        ("/infra 🍐🍐 <b>&amp;", "I do not know `🍐🍐`"),
    ],
)
async def test_what_is_not_understood_is_said(office: Office, typed: str, answer: str) -> None:
    """A line that cannot be read is answered with the problem and the next step."""
    await office.says(ORGANISER, typed)
    await office.told(ORGANISER, answer)


async def test_the_messages_tab_answers_too(office: Office) -> None:
    """What is written to the bot directly is understood like a command, with or without its name."""
    direct = office.slack.direct(ORGANISER)
    await office.says(ORGANISER, "`/infra look`", direct)
    await office.noted(ORGANISER, "0 requests")
    await office.says(ORGANISER, "infra put a=pear", direct)
    await office.carded("Put a=pear")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("could you help me please", "*I do not know `could`.*"),
        ("I can't push any more", "*I do not know `i`.*"),
    ],
)
async def test_a_sentence_is_answered_with_what_to_type(office: Office, typed: str, answer: str) -> None:
    """Plain text to the bot that is no command is told so, with a button for what is."""
    await office.says(ORGANISER, typed, office.slack.direct(ORGANISER))
    told = await office.noted(ORGANISER, answer)
    assert "`help` lists all." in shown(told)
    assert buttons(told) == ["say"]


@pytest.mark.parametrize("verb", ["approve", "Deny", "withdraw"])
async def test_a_typed_decision_is_told_where_the_button_is(office: Office, verb: str) -> None:
    """Nobody decides by typing: the answer says so, who decides, and leads to the card."""
    await office.asks()
    await office.settled()
    await office.says(CORY, f"{verb} #1 please", office.slack.direct(CORY))
    told = await office.noted(CORY, "*Nobody decides by typing: decisions are buttons.* Nothing happened.")
    assert "#1 waits on its card in the approvals channel" in shown(told)
    assert f"*One owner decides:* {OWNERS}." in shown(told)
    assert buttons(told) == ["open"]
    assert buttons(office.cards[0]) == ["approve", "deny"]


async def test_who_typed_withdraw_has_the_button_at_once(office: Office) -> None:
    """Who asked has *Withdraw* in the answer; afterwards a typed decision is told how it stands."""
    await office.asks()
    await office.says(ORGANISER, "/infra withdraw 1")
    told = await office.told(ORGANISER, "Nobody decides by typing")
    assert buttons(told) == ["open", "withdraw"]
    await office.presses(ORGANISER, told, "withdraw")
    await office.carded("*Withdrawn by organiser-1")
    await office.says(CORY, "/infra approve 1")
    await office.told(CORY, "*#1:* *Withdrawn by organiser-1")


@pytest.mark.parametrize(("typed", "unknown"), [("approve", ""), ("deny 7", " There is no #7.")])
async def test_a_typed_decision_about_nothing_says_where_decisions_are(
    office: Office, typed: str, unknown: str
) -> None:
    """Without a request that exists, the answer says where buttons are."""
    await office.says(CORY, f"/infra {typed}")
    await office.told(CORY, f"Nothing happened.{unknown} Each card in the approvals channel has them")


async def test_a_mention_is_answered_privately_in_its_channel(office: Office) -> None:
    """Who mentions the bot is answered there, seen by nobody else."""
    await office.says(ORGANISER, "@infra look", GENERAL)
    answer = await office.told(ORGANISER, "0 requests")
    assert answer.ephemeral_to == ORGANISER


async def test_a_mention_in_a_thread_is_answered_in_the_thread(office: Office) -> None:
    """The private answer to a mention in a thread is in that thread."""
    parent = office.slack.post(GENERAL, CORY, "who may push?")
    await office.says(ORGANISER, "@infra look", GENERAL, thread=parent.ts)
    assert (await office.told(ORGANISER, "0 requests")).thread_ts == parent.ts


async def test_only_who_may_ask_can(office: Office) -> None:
    """A command above somebody's role names who can ask for it."""
    everyone = {person.name: person for person in (await office.world.service.situation()).people}
    reader = everyone["reader-1"].model_copy(update={"slack": (NEWCOMER,)})
    await office.world.everyone(reader)
    await office.says(NEWCOMER, "/infra put a=pear")
    await office.told(NEWCOMER, "`put` is for organisers; you are reader.")
    await office.settled()
    assert office.cards == []


async def test_a_newcomer_can_ask_to_be_added(office: Office) -> None:
    """Somebody unknown is told who can add them, and can have the owners asked, once."""
    await office.says(NEWCOMER, "/infra look")
    answer = await office.told(NEWCOMER, f"I do not know you yet, <@{NEWCOMER}>.")
    assert f"{OWNERS} can add you." in shown(answer)
    assert buttons(answer) == ["join"]
    await office.presses(NEWCOMER, answer, "join")
    await office.told(NEWCOMER, "I asked the owners to add you.")
    assert f"<@{NEWCOMER}> asks to be added" in shown(office.cards[-1])
    await office.says(NEWCOMER, "/infra look")
    again = await office.told(NEWCOMER, "I do not know you yet")
    await office.presses(NEWCOMER, again, "join")
    await office.settled()
    assert len(office.cards) == 1


async def test_a_guest_is_turned_away(office: Office) -> None:
    """A guest reads why, and who can help."""
    await office.says(GUEST, "/infra look")
    answer = await office.told(GUEST, "Sorry, you are a guest in this workspace, so I cannot help you here.")
    assert f"{OWNERS} can." in shown(answer)


async def test_a_stranger_is_turned_away(office: Office) -> None:
    """Somebody of another workspace is answered, and nothing is kept of what they asked."""
    delivery = await office.slack.as_(STRANGER).say(SHARED, "/infra put a=pear")
    assert delivery is not None
    assert delivery.answer == "I work for another workspace, so I cannot help you here. Nothing happened."
    await office.says(STRANGER, "@infra look", SHARED)
    await office.told(STRANGER, "you belong to another workspace", SHARED)


async def test_who_left_is_turned_away(office: Office) -> None:
    """A deactivated account has no say, even before a minute has passed."""
    await office.says(ORGANISER, "/infra look")
    await office.told(ORGANISER, "0 requests")
    await office.slack.change_user(ORGANISER, deleted=True)
    await office.says(ORGANISER, "/infra put a=pear")
    await office.told(ORGANISER, "this Slack account is deactivated")


async def test_a_repeated_delivery_has_no_further_effect(office: Office) -> None:
    """The same bytes twice file once, answer once."""
    await office.asks()
    await office.settled()
    command = next(d for d in office.slack.deliveries if d.kind == "command")
    for _ in range(3):
        assert (await office.slack.redeliver(command)).ok
    await office.settled()
    assert len(office.cards) == 1
    assert len(office.private(ORGANISER)) == 1


async def test_what_takes_long_shows_progress_where_it_was_asked(office: Office) -> None:
    """After a second there is a line that work goes on; the answer takes its place."""
    await office.says(ORGANISER, "/infra wait")
    await office.told(ORGANISER, "⏳ Half way")
    office.switches.go_on.set()
    await office.told(ORGANISER, "*Waited*")
    assert len(office.private(ORGANISER)) == 1


async def test_a_message_that_others_see_stays_while_a_press_on_it_takes_long(office: Office) -> None:
    """What goes on and the answer are shown to who pressed alone; the message keeps its words and buttons."""
    row = {"type": "actions", "block_id": "row", "elements": [kit.button("Wait", "say:0", "wait")]}
    for channel in (GENERAL, office.slack.direct(ORGANISER)):
        office.switches.go_on.clear()
        bot, us = office.slack.bot_user_id, office.slack.bot_id
        common = office.slack.post(channel, bot, bot_id=us, blocks=[kit.section("It was changed"), row])
        before = shown(common)
        await office.presses(ORGANISER, common, "say:0")
        await office.told(ORGANISER, "⏳ Half way", channel)
        office.switches.go_on.set()
        await office.told(ORGANISER, "*Waited*", channel)
        assert shown(common) == before
        assert len(office.private(ORGANISER, channel)) == 2


async def test_who_was_added_meanwhile_is_told(office: Office) -> None:
    """Who presses *Ask to be added* after an owner added them reads that they are in."""
    await office.says(NEWCOMER, "/infra look")
    answer = await office.told(NEWCOMER, "I do not know you yet")
    reader = next(p for p in (await office.world.service.situation()).people if p.name == "reader-1")
    await office.world.everyone(reader.model_copy(update={"slack": (NEWCOMER,)}))
    await office.presses(NEWCOMER, answer, "join")
    await office.told(NEWCOMER, "You are in our list already, reader-1.")


async def test_a_link_needs_no_work(office: Office) -> None:
    """Pressing a button that opens a link is acknowledged, and that is all."""
    await office.asks()
    line = await office.told(ORGANISER, "#1 is with the owners.")
    await office.settled()
    before = len(office.private(ORGANISER))
    await office.presses(ORGANISER, line, "open")
    await office.settled()
    assert len(office.private(ORGANISER)) == before


async def test_a_choice_goes_on_from_an_answer(office: Office) -> None:
    """A button of an answer asks its line, as if it had been typed."""
    await office.says(ORGANISER, "/infra choose")
    answer = await office.told(ORGANISER, "Which?")
    assert buttons(answer) == ["say:0", "say:1", "share"]
    await office.presses(ORGANISER, answer, "say:1")
    await office.told(ORGANISER, "0 requests")


async def test_a_picture_comes_directly(office: Office) -> None:
    """A picture comes in the direct conversation; its words are where it was asked."""
    await office.says(ORGANISER, "/infra draw")
    await office.told(ORGANISER, "120 of 400 sold")
    direct = office.slack.direct(ORGANISER)
    uploaded = await office.slack.until(
        lambda: [file for m in office.slack.messages(direct, ORGANISER) for file in m.files]
    )
    assert [file.content for file in uploaded] == [b"png"]
