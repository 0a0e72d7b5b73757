"""A year's website comes to be, visitors are sent there and back; what half fails goes on, or is undone."""

import pytest

from tests.journeys.play import Play

ASK = "new-year 2027 because the call for proposals opens soon"
LAST, SITE, ZONE = "2026.pyconuk.org", "2027.pyconuk.org", "pyconuk.org"
APEX = ("pyconuk.org URL", "https://2027.pyconuk.org")


async def certifying(play: Play) -> str:
    """Let the new year be asked for and approved; return the card once it waits for the certificate."""
    asked = await play.asked(ASK)
    assert f"*Who loses what*\n• organiser-3: no Write of their own on *{LAST}* any more" in asked
    assert "ti.to has no event of 2027 yet" in asked
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, f"The contents of {SITE} have not arrived yet")
    play.later(minutes=1, seconds=1)
    return await play.card_says(1, f"GitHub has no certificate for {SITE} yet (new)")


async def test_a_new_year_and_the_switch_to_it(play: Play) -> None:
    """Everything is made in order, waits for its certificate, and works; two owners send visitors there."""
    play.world.github.world.set_collaborator(LAST, "organiser-3", "push")
    last = play.world.github.world.repo(LAST)
    assert last is not None
    assert last.pages is not None
    last.pages.build_type = "workflow"
    await play.ask("organiser-2", "new-year 2027 --dry-run", "Nothing was filed.")
    card = await certifying(play)
    assert f"✅ *{LAST}* may be copied as a template (was: it may not)" in card
    assert f"✅ organiser-3 loses their own grant on *{LAST}*" in card
    assert f"✅ *{SITE}* CNAME" in card
    assert "▫️ GitHub Pages serves" in card
    play.later(minutes=7)
    await play.holds("Pages", SITE, SITE, "approved", "enforced")
    await play.holds("Team core: repositories", SITE, "Read")
    assert not last.is_template
    await play.card_says(1, "Run 1 of jekyll is under way")
    play.later(minutes=3)
    assert f"✅ GitHub runs *jekyll.yml* of *{SITE}*" in await play.card_says(1, "Works from outside")
    made = play.world.dnsimple.pane()
    card = await play.asked("switch-year 2027 --at 09:45", number=2)
    assert "any two of" in card
    assert "the apex, pyconuk.org itself" in card
    assert "Starts Mon 15 Jun, 09:45 at the earliest." in card
    await play.press("Cory", "Approve", "#2")
    await play.press("Owen", "Approve", "#2")
    assert play.world.dnsimple.pane() == made
    play.later(minutes=45)
    await play.holds(ZONE, *APEX, vendor="dnsimple")
    await play.ask("organiser-2", "access website", SITE)
    await play.press("George", "Undo", "#2")
    await play.wait(lambda: play.world.dnsimple.pane() == made, "visitors are sent where they were before")


@pytest.mark.faults
async def test_a_certificate_that_never_comes(play: Play) -> None:
    """The card says what is done and what is not; the rest is asked for, or what was done is taken back."""
    play.world.github.world.set_collaborator(LAST, "organiser-3", "push")
    dns = play.world.dnsimple.pane()
    await certifying(play)
    play.world.github.world.break_certificate(SITE)
    play.later(minutes=1, seconds=1)
    await play.card_says(1, f"GitHub got no certificate for {SITE} (bad_authz)")
    play.later(days=1)
    card = await play.card_says(1, "*Only partly applied.*")
    assert "It did not happen in time." in card
    await play.press("organiser-2", "Continue with what is left", "#1")
    card = await play.card_says(2, "One owner decides")
    assert "(now: certificate bad_authz)" in card
    assert "joins core" not in card
    await play.press("Cory", "Undo", "#1")
    github = play.world.github.world
    await play.holds("Collaborators", LAST, "organiser-3", "Write")
    await play.wait(lambda: github.repo(SITE).pages is None, "the site is published no longer")
    assert play.world.dnsimple.pane() == dns
