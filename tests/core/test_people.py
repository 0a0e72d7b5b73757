"""People, roles and lists of names."""

from datetime import date

import pytest
from pydantic import ValidationError

from bot.core.people import CLOCK, Actor, Person, Role, listed, owners
from tests.core.samples import ORGANISER, OWNERS, PEOPLE


def test_each_role_covers_the_lower_ones() -> None:
    """An owner may do what an organiser may, an organiser what a reader may, never the other way."""
    order = list(Role)
    assert order == [Role.READER, Role.ORGANISER, Role.OWNER]
    assert all(high.covers(low) == (order.index(high) >= order.index(low)) for high in order for low in order)


@pytest.mark.parametrize("name", ["", "two words", "<@U1>", "a*b", "x" * 41, "`code`"])
def test_a_name_cannot_pose_as_formatting_or_a_mention(name: str) -> None:
    """Names hold no spaces and nothing that Slack would draw."""
    with pytest.raises(ValidationError):
        Person(name=name)


@pytest.mark.parametrize("login", ["", "-", "a b", "ö", "x" * 40, "a_b", "оrganiser"])
def test_a_login_is_what_github_allows(login: str) -> None:
    """Logins are ASCII letters, digits and dashes, so no letter of another script slips in."""
    with pytest.raises(ValidationError):
        Person(name="somebody", github=login)


def test_somebody_is_away_up_to_and_including_the_last_day() -> None:
    """Away until Thursday means back on Friday."""
    person = Person(name="somebody", away_until=date(2026, 6, 18))
    assert person.is_away(date(2026, 6, 18))
    assert not person.is_away(date(2026, 6, 19))
    assert not ORGANISER.is_away(date(2026, 6, 18))


def test_an_actor_carries_the_accounts_of_a_person() -> None:
    """Who acts is known by name, role and accounts."""
    assert Actor.of(ORGANISER, "slack") == Actor(
        name="organiser-1", role=Role.ORGANISER, via="slack", slack="U0ORG1", github="organiser-1"
    )
    assert Actor.of(Person(name="somebody"), "terminal").slack is None
    assert CLOCK.role is Role.READER


def test_owners_come_by_name() -> None:
    """The owners are those of that role, in order."""
    assert owners(reversed(PEOPLE)) == OWNERS


@pytest.mark.parametrize(
    ("names", "said"),
    [([], "nobody"), (["Cory"], "Cory"), (["Charlie", "Cory"], "Charlie or Cory"), ("abc", "a, b or c")],
)
def test_names_are_listed_as_people_write_them(names: list[str], said: str) -> None:
    """A list of names ends in *or*."""
    assert listed(names) == said
