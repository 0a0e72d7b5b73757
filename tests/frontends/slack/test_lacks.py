"""What a vendor does not let the bot do any more, told in the approvals channel."""

from bot.core.values import Json
from tests.frontends.slack.office import APPROVALS, BOT, Office, shown
from tests.workflow.world import START

FOUND: Json = {
    "vendor": "GitHub",
    "at": START.isoformat(),
    "lacks": ["The App lacks `Members (write)`. An owner gives it: on <GitHub>."],
}


async def test_it_is_told_once_with_the_remedy(office: Office) -> None:
    """The job may run twice: the channel has one message, and one more when all is well again."""
    for _ in range(2):
        await office.frontend.lacks(FOUND)
    [message] = office.cards
    assert "GitHub: the bot cannot do all that it must" in shown(message)
    assert "The App lacks `Members (write)`. An owner gives it: on &lt;GitHub&gt;." in shown(message)
    assert "ask again afterwards" in shown(message)
    await office.frontend.lacks(FOUND | {"lacks": [], "at": "2026-06-15T10:00:00Z"})
    assert "GitHub lets the bot do all that it must again." in shown(office.cards[-1])
    export = FOUND | {
        "vendor": "The export",
        "then": "I try again every hour.",
        "well": "It is written again.",
    }
    await office.frontend.lacks(export)
    assert "I try again every hour." in shown(office.cards[-1])
    await office.frontend.lacks(export | {"lacks": [], "at": "2026-06-15T11:00:00Z"})
    assert "It is written again." in shown(office.cards[-1])
    assert len(office.cards) == 4


async def test_a_lost_job_is_no_second_message(office: Office) -> None:
    """Where Slack lets us read no history, what was told is known from our own rows."""
    office.slack.scopes = tuple(each for each in office.slack.scopes if "history" not in each)
    for _ in range(2):
        await office.frontend.lacks(FOUND)
    assert len(office.cards) == 1


async def test_a_channel_that_refuses_it_is_left_in_peace(office: Office) -> None:
    """When Slack refuses the message, that is logged and the job is done."""
    office.slack.channels[APPROVALS].members.remove(BOT)
    await office.frontend.lacks(FOUND)
    assert office.cards == []
