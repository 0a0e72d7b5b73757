"""Builds and deploys are started once, followed to their end, and never called applied when they are red."""

from datetime import timedelta

from tests.journeys.play import Play

SITE = "2026.pyconuk.org"
BUILDS = "Builds of pyconuk-2016-internaldocs"
LINK = "https://app.readthedocs.org/projects/pyconuk-2016-internaldocs/builds/7104/"


async def test_the_documentation_is_built(play: Play) -> None:
    """At once or at its time it is started once; the card shows how far it is, and how it came out."""
    card = await play.asked("deploy docs because a page was corrected")
    assert "Read the Docs builds *pyconuk-2016-internaldocs*, version latest" in card
    assert "Cannot be undone." in card
    await play.press("Cory", "Approve", "#1")
    card = await play.card_says(1, "*Started.* Approved by Cory")
    assert f"Build 7104 is under way: triggered ({LINK})" in card
    play.later(minutes=1, seconds=1)
    await play.card_says(1, "under way: building")
    await play.ask("organiser-2", "deploy status", "under way")
    play.later(minutes=1, seconds=1)
    card = await play.card_says(1, "*Applied.*")
    assert f"Build 7104 succeeded ({LINK})" in card
    assert "[Undo]" not in card
    await play.holds(BUILDS, "7104", "latest", "passed", vendor="readthedocs")
    await play.ask("organiser-2", "undo 1", "cannot be taken back")
    known = len(play.world.readthedocs.builds)
    play.world.readthedocs.failing = "Sphinx stopped"
    card = await play.asked("deploy docs --at 09:45", number=2)
    assert "posts dated until then included. Starts Mon 15 Jun, 09:45 at the earliest." in card
    await play.press("Owen", "Approve", "#2")
    await play.card_says(2, "*Starts 09:45*")
    assert len(play.world.readthedocs.builds) == known
    play.later(minutes=45)
    await play.card_says(2, "*Started.*")
    play.later(minutes=2)
    assert "Build 7105 failed: Sphinx stopped" in await play.card_says(2, "*Failed.*")


async def test_the_website_is_deployed(play: Play) -> None:
    """Its workflow is started once, found by its mark, and followed; that it is over comes by webhook."""
    play.world.github.world.tells_runs = False  # so that it is found by the mark that the workflow carries
    card = await play.asked("deploy website because the schedule is out")
    assert f"GitHub runs *jekyll.yml* of *{SITE}* on the branch main" in card
    assert play.world.github.world.runs == {}
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "Run 1 of jekyll is under way: queued")
    await play.ask("organiser-2", "deploy status", "under way")
    (run,) = play.world.github.world.runs.values()
    assert run.title.startswith("infra-1-")
    run.created_at -= timedelta(minutes=1)  # it is over, and no look is due for a minute: GitHub must say so
    card = await play.card_says(1, "*Applied.*")
    assert f"Run 1 of jekyll succeeded (https://github.com/PyconUK/{SITE}/actions/runs/" in card
    await play.holds("Workflow runs", SITE, "jekyll.yml #1", "success")
