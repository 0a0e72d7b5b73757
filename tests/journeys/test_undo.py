"""Undo: what was there before is there again."""

from tests.journeys.play import REPOSITORIES, SITE, Play

VENDORS = ("github",)

GRANT = "grant-push organiser-3 website"


async def test_undone_by_another_request(play: Play) -> None:
    """Undo on the card files what puts everything back, and one owner approves it."""
    before = play.world.github.pane()
    await play.approved(GRANT)
    await play.holds(REPOSITORIES, SITE, "Write")
    await play.press("organiser-2", "Undo", "#1")
    await play.card_says(2, "owner decides")
    await play.press("Cory", "Approve", "#2")
    await play.card_says(2, "*Applied.*")
    assert play.world.github.pane() == before


async def test_an_owners_press_approves_it_too(play: Play) -> None:
    """An owner who presses Undo needs nobody else."""
    await play.approved(GRANT)
    await play.press("George", "Undo", "#1")
    await play.card_says(2, "*Applied.*")
    await play.holds(REPOSITORIES, SITE, "Read")


async def test_what_moved_since_is_not_overwritten(play: Play) -> None:
    """When somebody changed it on GitHub meanwhile, undo says so and restores nothing unasked."""
    await play.approved(GRANT)
    play.world.github.world.set_team_repo("core", SITE, "admin")
    writes = len(play.writes())
    await play.press("George", "Undo", "#1")
    await play.wait(lambda: play.notes("George"), "George is answered")
    await play.holds(REPOSITORIES, SITE, "Admin")
    assert len(play.writes()) == writes


async def test_undone_by_a_line(play: Play) -> None:
    """The command does what the button does."""
    await play.approved(GRANT)
    await play.ask("organiser-2", "undo 1", "is with the owners")
    await play.press("Cory", "Approve", "#2")
    await play.card_says(2, "*Applied.*")
    await play.holds(REPOSITORIES, SITE, "Read")
