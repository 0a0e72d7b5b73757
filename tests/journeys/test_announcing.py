"""An announcement to the attendees: owners read the very words, and it is posted once."""

from typing import Any

from tests.journeys.play import Play

WORDS = "Doors <!channel> open at 9:00"


async def test_an_announcement_whose_answer_is_lost_is_not_repeated(play: Play) -> None:
    """The card shows the words; the lost answer is looked after in the channel, and nobody is pinged."""
    attendees: Any = play.world.standins["slack_workspaces"]  # loaded by name: no type comes with it
    card = await play.asked(f"announce '{WORDS}'")
    assert f"This is posted to attendees: “{WORDS}”" in card
    assert "Everybody in #announcements of pyconuk-attendees reads it" in card
    channel = next(iter(attendees.channels.values()))
    assert channel.messages == []
    play.world.faults["slack_workspaces"].switch("lost answer", only="POST *", times=1)
    await play.press("Cory", "Approve", "#1")
    applied = await play.card_says(1, "*Applied.*")
    assert "pyconuk-attendees.slack.com/archives/C0000000091/p" in applied
    assert [each.text for each in channel.messages] == ["Doors &lt;!channel&gt; open at 9:00"]
    await play.ask("organiser-2", "workspaces", "pyconuk-attendees")
