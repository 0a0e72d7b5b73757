"""A season's end: everybody is asked whether they still help, and what nobody confirms is planned."""

from bot.core.people import Actor
from tests.journeys.play import CORE, OWNERS, Play

VENDORS = ("github",)

EVERYBODY = (*OWNERS, "organiser-1", "organiser-2")


async def test_a_review_from_the_question_to_what_follows(play: Play) -> None:
    """All are asked, once reminded; the plan waits for owners, shows a late yes, takes the rest."""
    told = await play.ask("George", "people review", "8 people are asked")
    assert "Closes Mon 29 Jun, 23:59." in told
    assert "`people review --stop` stops it" in told
    await play.wait(lambda: all(_asked(play, who) for who in EVERYBODY), "all are asked")
    for who in ("organiser-1", "Cory"):
        await play.press(who, "Yes, still helping", "Still helping?")
    review = await play.app.core.reviews.newest()
    assert review is not None
    for who in ("Charlie", "George", "Kristian", "Owen"):  # as their buttons do
        await play.app.core.reviews.answer(review.id, who, True, Actor(name=who))
    await play.press("organiser-2", "No, remove me", "Still helping?")
    await play.hears("organiser-2", "you want to be removed")
    await play.ask("Cory", "people review", "7 of 8 people answered")
    play.later(days=7, hours=8)
    await play.wait(lambda: any("A reminder" in note for note in play.notes("Peter")), "Peter is reminded")
    assert not any("A reminder" in note for note in play.notes("Cory"))
    play.later(days=7, hours=8)
    card = await play.card_says(2, "One more owner decides")
    assert "organiser-2 (wants to be removed) loses" in card
    assert "Peter (did not answer) loses: owner in our list" in card
    await play.holds(CORE, "organiser-2")
    await play.press("Peter", "Yes, still helping", "#2 asks the owners")
    await play.card_says(2, "Peter said since that they still help")
    await play.press("Cory", "Deny…", "#2")
    await play.fill("Cory", {"reason": "Peter stays"})
    await play.told(until="denied")
    await play.asked("people unconfirmed", "George", 3)
    await play.press("Cory", "Approve", "#3")
    await play.told(until="finished")
    await play.lacks(CORE, "organiser-2")
    await play.holds(CORE, "peter")
    await play.ask("organiser-1", "people", "7 people in our list")


def _asked(play: Play, who: str) -> bool:
    return any("Still helping?" in note and "in our list of people" in note for note in play.notes(who))


async def test_what_a_grant_left_over_is_found_at_night(play: Play) -> None:
    """Access that somebody gave again after its end is told the next night; one press plans its removal."""
    await play.approved("grant-push organiser-3 website --for 1d")
    play.later(days=1, minutes=1)
    await play.card_says(1, "*Ended")
    play.world.github.world.set_collaborator("2026.pyconuk.org", "organiser-3", "push")
    play.later(days=1)
    await play.press("organiser-1", "Plan the removal", "Access is left over from #1")
    await play.card_says(2, "One owner decides")
    await play.press("Owen", "Approve", "#2")
    await play.lacks("Collaborators", "2026.pyconuk.org", "organiser-3")
