"""What is told of ticket sales: how much is sold, and the silence alarm."""

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


async def test_how_much_is_sold_is_told_once(office: Office) -> None:
    """In the channel of digests, and without one where requests are decided."""
    said: Json = {"key": "sales:2026/all:90", "text": "PyCon UK 2026: *All* is 90 % sold (18 of 20)."}
    await office.frontend.sold(said)
    await office.frontend.sold(said)
    [message] = office.cards
    assert shown(message).startswith("*PyCon UK 2026: All is 90 % sold (18 of 20).*\nThis is said once.")
