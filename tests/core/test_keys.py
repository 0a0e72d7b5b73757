"""Who can really get in: proofs of our people that are not too old, two of them at least."""

from datetime import date, timedelta

import pytest

from bot.core.board import Health, Line
from bot.core.keys import LASTS, Proof, Vault, door, doors, openings, spoken, standing_with
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


def test_the_board_says_which_places_there_are() -> None:
    """People log in wherever is not closed, the bot where it is set up; vaults name people as we do."""
    health = {"code": Health.FINE, "dns": Health.OFF, "old": Health.CLOSED}
    lines = [Line(name=name, title=name.upper(), health=each, why="") for name, each in health.items()]
    found = doors(lines, [proof("Cory", 1)], PEOPLE, {"code": ["Owen"]})
    assert [(each.title, each.unproved, len(each.proofs)) for each in found] == [
        ("CODE", ("Owen",), 0),
        ("DNS", (), 1),
    ]
    assert spoken(lines) == ["CODE"]
    vault = Vault(people=("cory", "somebody"), on=TODAY)
    assert openings({"Ours": vault}, PEOPLE) == {"Ours": ["Cory", "somebody"]}


@pytest.mark.parametrize(
    ("proofs", "unproved", "vault", "token", "said"),
    [
        (
            [proof("George", 999)],
            [],
            ["George", "Cory"],
            "the-bot",
            ["*DNS*: nobody else is known to get in."],
        ),
        (
            [proof("George", 1), proof("Cory", 999)],
            [],
            [],
            "Cory",
            ["*DNS*: nobody else is known to get in."],
        ),
        ([proof("George", 1), proof("Cory", 9)], [], ["Cory"], "", []),
        ([proof("George", 1)], ["Cory"], [], "", []),
        ([], ["George"], [], "", ["*DNS*: nobody else is known to get in."]),
        ([], [], ["George"], "", ["the vault *Ours*: nobody else opens it."]),
        ([], [], [], "George", ["*GitHub*: the bot's token was made in their account."]),
    ],
)
def test_what_would_go_with_somebody_is_moved_first(
    proofs: list[Proof], unproved: list[str], vault: list[str], token: str, said: list[str]
) -> None:
    """Where nobody else is known to get in, what nobody else opens, and the bot's token, each with how."""
    found = door("dns", "DNS", proofs, PEOPLE, unproved)
    told = standing_with("George", [found], {"Ours": vault}, {"GitHub": [token]}, TODAY)
    assert [f"{each.partition('. ')[0]}." for each in told] == said
