"""Builds and deploys are started once, followed to their end, and never called applied when they are red."""

from tests.journeys.play import Play

BUILDS = "Builds of pyconuk-2016-internaldocs"
LINK = "https://app.readthedocs.org/projects/pyconuk-2016-internaldocs/builds/7104/"


async def test_the_documentation_is_built(play: Play) -> None:
    """Approved it is started once; the card shows how far it is, then how it came out, with the link."""
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
    play.world.standins["readthedocs"].failing = "Sphinx stopped"  # type: ignore[attr-defined] # loaded by name
    await play.asked("deploy docs", number=2)
    await play.press("Owen", "Approve", "#2")
    await play.card_says(2, "*Started.*")
    play.later(minutes=2)
    assert "Build 7105 failed: Sphinx stopped" in await play.card_says(2, "*Failed.*")
