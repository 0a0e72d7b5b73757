"""Who can really get in: proofs of our people that are not too old, two of them at least."""

from datetime import date, timedelta

import pytest

from bot.core.keys import LASTS, Proof, door
from bot.core.people import Person

TODAY = date(2026, 6, 15)
PEOPLE = [Person(name=name) for name in ("Cory", "George", "Owen")]


def proof(person: str, days: int, vendor: str = "dns") -> Proof:
    """Return that somebody logged in some days ago."""
    return Proof(vendor=vendor, person=person, on=TODAY - timedelta(days=days))


@pytest.mark.parametrize(
    ("proofs", "able", "enough"),
    [
        ([], [], False),
        ([proof("Cory", 1)], ["Cory"], False),
        ([proof("Cory", 1), proof("George", 0)], ["George", "Cory"], True),
        ([proof("Cory", LASTS.days), proof("George", LASTS.days + 1)], ["Cory"], False),
        ([proof("Cory", 1), proof("George", 1, "code"), proof("Gone", 1)], ["Cory"], False),
    ],
)
def test_two_of_our_people_must_have_proved_it(proofs: list[Proof], able: list[str], enough: bool) -> None:
    """Elsewhere, too long ago, or by somebody who is no longer with us does not count."""
    found = door("dns", "DNS", proofs, PEOPLE, [])
    assert ([each.person for each in found.fresh(TODAY)], found.enough(TODAY)) == (able, enough)


def test_who_may_and_did_not_is_named() -> None:
    """Those on the vendor's own list who did not say so are apart; the newest proof comes first."""
    found = door("dns", "DNS", [proof("Cory", 9), proof("Owen", 1)], PEOPLE, ["George", "Cory", "a-login"])
    assert [each.person for each in found.proofs] == ["Owen", "Cory"]
    assert found.unproved == ("George", "a-login")
