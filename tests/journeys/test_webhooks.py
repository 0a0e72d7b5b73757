"""What happens on GitHub shows at once, without the time at which the bot would have looked."""

from tests.journeys.play import CORE, INVITATIONS, Play

VENDORS = ("github",)


async def waits(play: Play) -> None:
    """Have a request wait for organiser-1 to accept."""
    await play.asked()
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "organiser-1 is invited and must accept by 22 Jun; no push until then")


async def test_an_acceptance_shows_at_once(play: Play) -> None:
    """Who accepts the invitation is in: the card says so and the asker hears it, with no time passing."""
    await waits(play)
    await play.holds(INVITATIONS, "organiser-1", "organisation and core")
    play.world.github.accept("organiser-1")
    await play.card_says(1, "✅ organiser-1 joins team *core*")
    await play.card_says(1, "*Applied.*")
    await play.holds(CORE, "organiser-1", "member", "active")
    assert len(play.writes()) == 2


async def test_a_refusal_shows_at_once(play: Play) -> None:
    """Who is taken out of what waits for them shows on the card too, as what was not done."""
    await waits(play)
    play.world.github.decline("organiser-1")
    play.world.github.world.set_team_member("pydata", "organiser-1")  # a refusal itself is not told by GitHub
    await play.card_says(1, "It was under way and is gone again: declined, taken back or expired.")


async def test_without_webhooks_the_sweep_sees_it(play: Play) -> None:
    """A delivery that GitHub could not bring, which it never repeats, is made up for by the next look."""
    await waits(play)
    play.world.github.hooks.point("http://127.0.0.1:9/nobody", "lost")
    play.world.github.accept("organiser-1")
    play.later(minutes=2)
    await play.card_says(1, "✅ organiser-1 joins team *core*")
