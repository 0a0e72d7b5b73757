"""What a night's look found, told in the approvals channel."""

from datetime import timedelta

from bot.core.change import Change
from bot.core.leftover import Left
from bot.core.values import Json
from tests.frontends.slack.office import APPROVALS, BOT, Office, buttons, shown
from tests.workflow.world import START

CHANGE = Change(resource="shelf.box", target="a", before={"holds": "pear"}, after=None, words="a is emptied")
LEFT = Left(request="r1", number=1, ended_at=START - timedelta(hours=9), change=CHANGE, same=True)
FOUND: Json = {"at": START.isoformat(), "left": [LEFT.model_dump(mode="json")]}


async def test_it_is_told_once_with_a_button(office: Office) -> None:
    """The job may run twice: the channel has one message, whose button asks for the removal."""
    await office.frontend.leftovers(FOUND)
    await office.frontend.leftovers(FOUND)
    [message] = office.cards
    assert "*#1* · a is emptied · ended Mon 15 Jun, 00:00 · still as it was granted" in shown(message)
    assert buttons(message) == ["say:0"]


async def test_a_channel_that_refuses_it_is_left_in_peace(office: Office) -> None:
    """When Slack refuses the message, that is logged and the job is done."""
    office.slack.channels[APPROVALS].members.remove(BOT)
    await office.frontend.leftovers(FOUND)
    assert office.cards == []
