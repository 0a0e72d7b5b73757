"""The line that says what happened while the bot was away."""

from datetime import timedelta
from typing import Any

import pytest

from bot.frontends.slack.absence import line
from bot.workflow.absence import Absence
from tests.frontends.slack.office import APPROVALS, BOT, Office, shown
from tests.workflow.world import LONDON, START

GONE = Absence(since=START - timedelta(hours=6, minutes=50), until=START - timedelta(hours=2, minutes=20))
HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("did", "said"),
    [
        (
            {"late": (3 * HOURS,), "commands": 2},
            "Away 02:10 to 06:40: one grant ended 3 h late; 2 commands waited.",
        ),
        (
            {"late": (HOURS / 4, HOURS / 2), "unended": 1},
            "Away 02:10 to 06:40: 2 grants ended up to 30 min late; one grant has yet to end.",
        ),
        (
            {"since": START - 72 * HOURS, "late": (60 * HOURS,), "commands": 1},
            "Away Fri 12 Jun, 09:00 to Mon 15 Jun, 06:40: one grant ended 2 days late; one command waited.",
        ),
        ({"unended": 2}, "Away 02:10 to 06:40: 2 grants have yet to end."),
        ({}, "Away 02:10 to 06:40: nothing ended late, no command waited."),
    ],
)
def test_the_line(did: dict[str, Any], said: str) -> None:
    """It says when in local time, and what happened; days where there is more than one."""
    assert line(GONE.model_copy(update=did), LONDON) == said


async def test_it_is_posted_once(office: Office) -> None:
    """The job may run twice: the channel has one line."""
    payload = GONE.model_dump(mode="json")
    await office.frontend.absence(payload)
    await office.frontend.absence(payload)
    assert [shown(message) for message in office.cards] == [line(GONE, LONDON)]


async def test_what_is_not_worth_telling_is_not_told(office: Office) -> None:
    """Of a short absence that did nothing nobody hears."""
    short = Absence(since=START, until=START + timedelta(minutes=6))
    await office.frontend.absence(short.model_dump(mode="json"))
    assert office.cards == []


async def test_a_channel_that_refuses_it_is_left_in_peace(office: Office) -> None:
    """When Slack refuses the line, that is logged and the job is done."""
    office.slack.channels[APPROVALS].members.remove(BOT)
    await office.frontend.absence(GONE.model_dump(mode="json"))
    assert office.cards == []
