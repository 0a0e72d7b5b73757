"""A review in Slack: its card, and what each person is asked."""

from datetime import timedelta

from bot.core.review import Answer, Review, Terms
from bot.frontends.slack.reviewing import card, question
from tests.frontends.slack.drawing import drawn
from tests.frontends.slack.office import APPROVALS, GEORGE, ORGANISER, ORGANISER_2, Office, shown
from tests.workflow.world import LONDON, START

FORTNIGHT = timedelta(days=14)
TERMS = Terms(
    by="George",
    asks_at=START,
    reminds_at=START + timedelta(days=7),
    closes_at=START + FORTNIGHT,
    holds={
        "organiser-1": ("organiser in our list of people", "Write on 9 repositories (team core)"),
        "organiser-2": ("organiser in our list of people",),
        "reader-1": ("reader in our list of people",),
    },
    strangers=("helper-9",),
)
BEGUN = Review(id="review:1", seq=1, at=START, terms=TERMS)
ASKED = BEGUN.model_copy(update={"asked_at": START})
YES, NO = Answer(helps=True, by="organiser-1", at=START), Answer(helps=False, by="organiser-2", at=START)
UNREACHED = {"reader-1": "no Slack account in our list"}
CLOSED = ASKED.model_copy(update={"closed_at": START + FORTNIGHT, "answers": {"organiser-1": YES}})


def test_the_card_says_how_far_it_is() -> None:
    """Who said what, who cannot be asked, with a button for owners, and what follows when."""
    review = ASKED.model_copy(
        update={"answers": {"organiser-1": YES, "organiser-2": NO}, "unreached": UNREACHED}
    )
    assert drawn(card(review, LONDON)) == (
        "*Who still helps?* 2 of 3 people said whether they still help. George asks; it closes Mon 29 Jun, "
        "09:00. What nobody confirms by then becomes one plan for the owners; nothing happens by itself.\n"
        "*Still help:* organiser-1\n"
        "*Want to be removed:* organiser-2\n"
        "*Not reached in Slack, so an owner answers for them:* reader-1 (no Slack account in our list)\n"
        "*Can push, but not in our people, so not asked:* helper-9\n"
        "[reader-1 still helps]"
    )
    assert "They are asked Mon 15 Jun, 09:00." in drawn(card(BEGUN, LONDON))


def test_the_card_says_how_it_ended() -> None:
    """Stopped, closed with a plan, or closed without one and why."""
    stopped = ASKED.model_copy(update={"stopped_at": START, "unreached": UNREACHED})
    assert "*Stopped Mon 15 Jun, 09:00.* George had begun it." in drawn(card(stopped, LONDON))
    assert "[" not in drawn(card(stopped, LONDON))
    planned = CLOSED.model_copy(update={"number": 12, "planned": ("organiser-2",)})
    assert "#12 asks the owners to take away what nobody confirmed." in drawn(card(planned, LONDON))
    why = CLOSED.model_copy(update={"said": "Everybody still helps"})
    assert "No plan was filed: Everybody still helps" in drawn(card(why, LONDON))


def test_the_question_says_what_is_held_and_what_follows() -> None:
    """With both answers; after one, what was said and the other one."""
    assert drawn(question(ASKED, "organiser-1", LONDON)) == (
        "*Still helping?* George asks everybody who has access.\n"
        "You hold:\n• organiser in our list of people\n• Write on 9 repositories (team core)\n"
        "Please answer by *Mon 29 Jun, 09:00*. What nobody confirms becomes one plan for the owners; "
        "nothing is taken away by itself.\n"
        "[Yes, still helping] [No, remove me]"
    )
    review = ASKED.model_copy(update={"answers": {"organiser-1": YES, "organiser-2": NO, "reader-1": YES}})
    yes, no, other = (drawn(question(review, name, LONDON)) for name in TERMS.holds)
    assert yes.endswith("*You said Mon 15 Jun, 09:00 that you still help. Thank you!*\n[No, remove me]")
    assert no.endswith("that you want to be removed. The owners decide at the close.*\n[Yes, still helping]")
    assert "*organiser-1 said Mon 15 Jun, 09:00 that you still help." in other


def test_the_question_after_the_end() -> None:
    """Who is in the plan can still say yes; else nothing is left to press."""
    planned = CLOSED.model_copy(update={"number": 12, "planned": ("organiser-2",)})
    asked = drawn(question(planned, "organiser-2", LONDON))
    assert "#12 asks the owners to take this away.* Say so if you still help.\n[Yes, still helping]" in asked
    assert drawn(question(planned, "reader-1", LONDON)).endswith("*It is closed.*")
    stopped = ASKED.model_copy(update={"stopped_at": START})
    assert drawn(question(stopped, "reader-1", LONDON)).endswith("*It was stopped: nothing more is needed.*")


async def test_people_are_asked_and_answer(office: Office) -> None:
    """Each is asked once; an answer shows in the question and on the card, and who is silent is reminded."""
    world = office.world
    await world.review_lines.begin(TERMS)
    await world.timers.sweep()
    asked = await office.noted(ORGANISER, "Still helping?")
    await office.noted(ORGANISER_2, "Still helping?")
    sure = await office.carded("reader-1 (no Slack account in our list)")
    await office.presses(ORGANISER, asked, "helps")
    await office.presses(ORGANISER, asked, "helps")
    await office.noted(ORGANISER, "You said Mon 15 Jun, 09:00 that you still help")
    await office.carded("*Still help:* organiser-1")
    await office.presses(ORGANISER_2, sure, "helps:0")
    await office.told(ORGANISER_2, "Only reader-1 or an owner can say that.", APPROVALS)
    await office.presses(GEORGE, sure, "helps:0")
    await office.slack.until(lambda: "Still help:* organiser-1 and reader-1" in shown(office.cards[0]))
    world.clock.now += timedelta(days=7)
    await world.timers.sweep()
    await office.noted(ORGANISER_2, "A reminder")
    assert [len(office.direct(who)) for who in (ORGANISER, ORGANISER_2)] == [1, 2]
    assert len(office.cards) == 1


async def test_who_cannot_be_reached_is_said(office: Office) -> None:
    """A deactivated account is told as such, and keeps nobody else from being asked."""
    office.slack.users[ORGANISER].deleted = True
    await office.world.review_lines.begin(TERMS)
    await office.world.timers.sweep()
    await office.carded("organiser-1 (no active member in Slack)")
    await office.noted(ORGANISER_2, "Still helping?")
