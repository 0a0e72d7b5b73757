"""An invitation, followed to its end: asked for again, run out, and asked for once more."""

from tests.journeys.play import INVITATIONS, Play

VENDORS = ("github",)

LINK = "/orgs/PyconUK/invitation"


async def test_an_invitation_that_runs_out(play: Play) -> None:
    """In eight days it is asked for twice, on the seventh it ends, and one press asks anew."""
    await play.approved()
    play.later(days=2)
    assert "Accept by Mon 22 Jun" in await play.hears("organiser-1", LINK)
    await play.ask("organiser-2", "invitations", "2 days ago by organiser-2 (#1)")
    play.later(days=3)
    await play.card_says(1, "Next: runs out Mon 22 Jun.")
    play.later(days=3)
    await play.hears("organiser-2", "organiser-1 did not accept, so #1 ended")
    await play.card_says(1, "*Only partly applied: organiser-1 did not accept.*")
    assert sum(LINK in note for note in play.notes("organiser-1")) == 2
    for _ in range(2):
        await play.press("organiser-2", "Invite again", "so #1 ended")
        await play.hears("organiser-2", "#2 is with the owners")
    await play.press("Cory", "Approve", "#2")
    await play.holds(INVITATIONS, "organiser-1")
