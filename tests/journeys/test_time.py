"""What time does: reminders, expiry, grants that end."""

from tests.journeys.play import COLLABORATORS, OWNERS, REPOSITORIES, SITE, Play

VENDORS = ("github",)

FOR_A_TIME = "grant-push organiser-3 website --for 14d because sprints"


def reminded(play: Play) -> set[str]:
    """Return the owners whom the bot asked directly."""
    return {name for name in OWNERS if any("#1" in note for note in play.notes(name))}


async def test_owners_are_asked_again(play: Play) -> None:
    """Two owners are asked by name after two hours, all the next morning, and before the end."""
    await play.asked()
    play.later(hours=2, minutes=1)
    two = await play.wait(lambda: reminded(play) if len(reminded(play)) == 2 else None, "two are asked")
    await play.press("organiser-1", "Approve", "#1")
    told = await play.hears("organiser-1", "Only an owner can approve #1.")
    assert all(name in told for name in two)
    play.later(hours=22)
    await play.wait(lambda: reminded(play) == set(OWNERS), "all are asked")
    play.later(hours=46)
    await play.wait(lambda: any("Last call" in note for note in play.notes("Peter")), "a last call")


async def test_who_is_away_is_not_asked(play: Play) -> None:
    """An owner who is away is left out of the round."""
    await play.ask("Cory", "away until 2026-07-01", "away")
    await play.asked(number=2)
    play.later(hours=2, minutes=1)
    await play.wait(lambda: len(_reminded(play, 2)) == 2, "two are asked")
    play.later(hours=22)
    await play.wait(lambda: _reminded(play, 2) == set(OWNERS) - {"Cory"}, "all but Cory are asked")


def _reminded(play: Play, number: int) -> set[str]:
    return {name for name in OWNERS if any(f"#{number} needs" in note for note in play.notes(name))}


async def test_a_request_expires(play: Play) -> None:
    """After three days nothing happens any more; one tap asks again from today's state."""
    await play.asked()
    play.later(hours=73)
    await play.card_says(1, "*Expired")
    await play.press("organiser-2", "Ask again", "#1")
    await play.card_says(2, "One owner decides")
    await play.press("Charlie", "Approve", "#2")
    await play.card_says(2, "*Applied.*")
    await play.holds(REPOSITORIES, SITE, "Write")


async def test_too_late_to_approve(play: Play) -> None:
    """A press on a request whose time has passed does nothing and says so."""
    await play.asked()
    play.later(hours=72, seconds=1)
    await play.press("Cory", "Approve", "#1")
    await play.hears("Cory", "#1")
    await play.card_says(1, "*Expired")
    assert play.writes() == []


async def test_a_grant_for_a_time_ends(play: Play) -> None:
    """A grant for two weeks is warned of, then taken back, without anybody's doing."""
    card = await play.approved(FOR_A_TIME)
    assert "Ends Mon 29 Jun, 09:00." in card
    await play.holds(COLLABORATORS, SITE, "organiser-3", "Write")
    play.later(days=11, minutes=1)
    await play.hears("organiser-2", "ends in three days")
    play.later(days=2)
    await play.hears("organiser-2", "ends in one day")
    play.later(days=1)
    await play.lacks(COLLABORATORS, SITE, "organiser-3")
    await play.card_says(1, "*Ended Mon 29 Jun")


async def test_a_grant_is_extended(play: Play) -> None:
    """Extending asks for a new request; approved, the later end wins."""
    await play.approved(FOR_A_TIME)
    play.later(days=11, minutes=1)
    await play.press("organiser-2", "Extend", "ends in three days")
    await play.card_says(2, "One owner decides")
    await play.press("Owen", "Approve", "#2")
    await play.card_says(2, "*Applied.*")
    play.later(days=4)
    await play.wait(lambda: play.world.clock().day == 30, "the first end has passed")
    await play.holds(COLLABORATORS, SITE, "organiser-3", "Write")
    play.later(days=11)
    await play.lacks(COLLABORATORS, SITE, "organiser-3")


async def test_a_grant_is_ended_early(play: Play) -> None:
    """Who asked may end a grant before its time."""
    await play.approved(FOR_A_TIME)
    play.later(days=11, minutes=1)
    await play.press("organiser-2", "End now", "ends in three days")
    await play.lacks(COLLABORATORS, SITE, "organiser-3")


async def test_what_somebody_changed_is_left_at_the_end(play: Play) -> None:
    """At an end with drift nothing is taken away unasked, and the card says what is there."""
    await play.approved(FOR_A_TIME)
    play.world.github.world.set_collaborator(SITE, "organiser-3", "admin")
    play.later(days=14, minutes=1)
    card = await play.card_says(1, "*Its end came Mon 29 Jun")
    assert "Admin" in card
    await play.hears("organiser-2", "I took nothing away")
    await play.holds(COLLABORATORS, SITE, "organiser-3", "Admin")
