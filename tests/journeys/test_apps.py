"""Our apps at Heroku: one is built from its repository, a release is brought back, and that is taken back."""

from typing import Any

from bot.sandbox.scene import content
from tests.journeys.play import Play


async def test_a_rollback_waits_for_its_release_phase_and_is_taken_back(play: Play) -> None:
    """Owners read that old config vars come back; *Undo* brings the newer release."""
    standin: Any = play.world.standins["heroku"]  # loaded by name: no type comes with it
    app = standin.world.apps["pyconuk-voting"]
    await play.ask("organiser-1", "app voting-app", "pyconuk-voting: v33, 1 up")  # the service's name
    card = await play.asked("app rollback voting")
    assert "Its config vars of that time come back too" in card
    await play.press("Cory", "Approve", "#1")
    assert "*Started.*" in await play.card_says(1, "release phase, until")
    play.later(minutes=2)
    await play.wait(lambda: "release phase, until" not in _card(play), "the release phase over")
    await play.press("Owen", "Undo", "#1")
    await play.card_says(2, "release phase, until")
    play.later(minutes=2)
    await play.card_says(1, "Undone by #2")
    assert [each.text for each in app.releases[-2:]] == ["Rollback to v32", "Rollback to v33"]
    assert standin.world.config_reads == 0


async def test_an_app_is_built_from_the_commit_that_was_approved(play: Play) -> None:
    """What is merged after the plan was made is not in it; the card follows it until its release runs."""
    standin: Any = play.world.standins["heroku"]
    app, repo = standin.world.apps["pyconuk-voting"], play.world.github.world.repo("voting")
    card = await play.asked("deploy voting because the form was mended")
    commit = card.partition("/commit/")[2][:40]
    assert f"Heroku builds *pyconuk-voting* from PyconUK/voting at commit *{commit[:12]}*" in card
    assert "v33 runs now: Deploy 66acde4f" in card
    assert "Cannot be undone." in card
    repo.texts["README.md"] = "merged meanwhile"
    await play.press("Cory", "Approve", "#1")
    assert "is under way: building (https://dashboard.heroku.com/" in await play.card_says(1, "*Started.*")
    await play.ask("organiser-2", "deploy status", "under way")
    play.later(minutes=2)
    card = await play.card_says(1, "*Applied.*")
    assert "succeeded: v34 runs" in card
    assert "build-output" not in card
    (build,) = app.builds
    assert (build.blob["version"], app.releases[-1].text) == (commit, f"Deploy {commit[:8]}")


def _card(play: Play) -> str:
    card = play.card(1)
    return content(card) if card else ""
