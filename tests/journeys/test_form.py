"""The main job through the form alone, with names completed from GitHub as it is now."""

from bot.sandbox.faults import Kind
from tests.journeys.play import REPOSITORIES, SITE, Play

VENDORS = ("github",)


async def test_the_main_job_through_the_form(play: Play) -> None:
    """`/infra`, three fields and *Ask* file what the line would; names come from GitHub and our list."""
    world = play.world
    hand = world.slack.as_(world.person("organiser-2"))
    await hand.say("C0000000001", "/infra")
    view = await play.form("organiser-2")
    assert view.inputs["command"]["command"]["selected_option"]["value"] == "grant-push"
    assert await hand.type_ahead(view.id, "people", "organiser-1")
    repositories = [each["value"] for each in await hand.type_ahead(view.id, "repositories", "20")]
    assert SITE in repositories
    assert "2019.pyconuk.org" not in repositories
    assert (await hand.type_ahead(view.id, "repositories", "website"))[0]["value"] == "website"
    await play.fill("organiser-2", {"user": "organiser-1", "repo": "website", "reason": "looks after it"})
    await play.hears("organiser-2", "is with the owners")
    assert 'organiser-2 asks: "looks after it"' in await play.card_says(1, "One owner decides")
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "organiser-1 is invited and must accept by 22 Jun")
    await play.holds(REPOSITORIES, SITE, "Write")


async def test_names_while_github_is_away(play: Play) -> None:
    """With GitHub away the form offers our own names and what was typed, and says so."""
    world = play.world
    world.faults["github"].switch(Kind.ERROR)
    hand = world.slack.as_(world.person("organiser-2"))
    assert (await hand.shortcut("ask")).ok
    view = await play.form("organiser-2")
    offered = await hand.type_ahead(view.id, "repositories", "web")
    assert [each["value"] for each in offered] == ["website", "web"]
    assert "No answer from GitHub yet" in offered[0]["description"]["text"]
