"""Trouble at vendors and in Slack: nothing is lost, nothing is doubled, people are told."""

import asyncio

import pytest

from tests.journeys.play import ASK, INVITATIONS, REPOSITORIES, SITE, SITE_GRANT, Play

VENDORS = ("github",)


@pytest.mark.parametrize("kind", ["500", "malformed", "cut", "429"])
async def test_github_fails_while_asking(play: Play, kind: str) -> None:
    """When GitHub fails, who asked is told that nothing changed; nothing is filed; later it works."""
    play.world.faults["github"].switch(kind, seconds=1)
    await play.ask("organiser-2", ASK, "GitHub")
    assert play.card(1) is None
    play.world.faults["github"].clear()
    await asyncio.sleep(1.1)  # what Retry-After asked for
    await play.approved()
    assert len(play.writes()) == 2


async def test_github_is_slow(play: Play) -> None:
    """While GitHub takes its time Slack is answered at once, and the answer comes later."""
    play.world.faults["github"].switch("slow", seconds=0.4)
    delivery = await play.say("organiser-2", f"/infra {ASK}")
    assert delivery
    assert delivery.seconds < 1
    await play.hears("organiser-2", "is with the owners")


async def test_the_answer_to_a_write_is_lost(play: Play) -> None:
    """A write whose answer is lost is looked at, and counts as done."""
    await play.asked()
    play.world.faults["github"].switch("lost answer", only=f"PUT {SITE_GRANT}", times=1)
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "*Applied.*")
    assert play.writes().count(f"PUT {SITE_GRANT}") == 1


async def test_a_write_that_did_not_happen_is_tried_again(play: Play) -> None:
    """A write that fails is looked at, then tried again after a while; the card says so meanwhile."""
    await play.asked()
    play.world.faults["github"].switch("cut", only=f"PUT {SITE_GRANT}", times=1)
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "Nothing is lost; I keep trying.")
    await play.holds(REPOSITORIES, SITE, "Read")
    play.later(seconds=30)
    await play.card_says(1, "*Applied.*")
    await play.holds(REPOSITORIES, SITE, "Write")
    await play.holds(INVITATIONS, "organiser-1")
    assert play.writes().count(f"PUT {SITE_GRANT}") == 1


async def test_github_moved_after_the_approval_was_asked(play: Play) -> None:
    """Where GitHub is not as shown any more nothing is applied, and one tap asks again."""
    await play.asked()
    play.world.github.world.set_team_repo("core", SITE, "admin")
    await play.press("Cory", "Approve", "#1")
    card = await play.card_says(1, "GitHub changed meanwhile")
    assert "Admin" in card
    assert play.writes() == []
    await play.press("organiser-2", "Ask again from today's state", "#1")
    await play.card_says(2, "One owner decides")


async def test_slack_is_away_when_the_card_changes(play: Play) -> None:
    """Slack may fail when the card should be edited: GitHub changes all the same, the card follows later."""
    await play.asked()
    play.world.faults["slack"].switch("500", only="POST /api/chat.update")
    await play.press("Cory", "Approve", "#1")
    await play.holds(REPOSITORIES, SITE, "Write")
    play.world.faults["slack"].clear()
    play.later(minutes=1)
    await play.card_says(1, "*Applied.*")


async def test_slack_loses_the_answer_to_the_card(play: Play) -> None:
    """A card whose answer is lost is found again by its mark: there is one."""
    play.world.faults["slack"].switch("lost answer", only="POST /api/chat.postMessage", times=1)
    await play.say("organiser-2", f"/infra {ASK}")
    await play.wait(lambda: play.card(1), "the card is there")
    play.later(minutes=1)
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "*Applied.*")
    headers = [
        message
        for message in play.world.slack.messages("C0000000001", play.world.person("george"))
        if any(block["type"] == "header" for block in message.blocks)
    ]
    assert len(headers) == 1


async def test_a_delivery_that_comes_twice(play: Play) -> None:
    """What Slack delivers again has no second effect."""
    first = await play.say("organiser-2", f"/infra {ASK}")
    assert first
    await play.card_says(1, "One owner decides")
    slack = play.world.slack
    again = await slack.redeliver(first)
    assert again.ok
    pressed = await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "*Applied.*")
    assert (await slack.redeliver(pressed)).ok
    await asyncio.sleep(0.5)
    assert play.card(2) is None
    assert len(play.writes()) == 2
