"""What the silence alarm says in the approvals channel."""

from bot.core.values import Json
from tests.frontends.slack.office import Office, shown

FOUND: Json = {"key": "2026-06-15", "texts": ["Nobody has bought a ticket for 4.0 days."]}


async def test_it_is_told_once_a_day(office: Office) -> None:
    """However often the job runs that day, whatever it says; the next day it is told again."""
    await office.frontend.silent(FOUND)
    await office.frontend.silent(FOUND | {"texts": ["Nobody has bought a ticket for 4.1 days."]})
    [message] = office.cards
    assert "⚠️ Nobody has bought a ticket for 4.0 days." in shown(message)
    await office.frontend.silent(FOUND | {"key": "2026-06-16"})
    assert len(office.cards) == 2
