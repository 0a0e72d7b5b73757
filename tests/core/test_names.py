"""What people call things."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.core.errors import Refused
from bot.core.names import (
    Number,
    SlackId,
    by_login,
    called,
    lookalike,
    mention,
    myself,
    nearest,
    person,
    suggestion,
    this_year,
)
from bot.core.people import Actor, Person
from tests.core.samples import NOW, ORGANISER, PEOPLE

REPOSITORIES = ("2024.pyconuk.org", "2025.pyconuk.org", "2026.pyconuk.org", "2027.pyconuk.org", "ironcage")


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("ironcgae", "ironcage"),
        ("IRONCAGE", "ironcage"),
        ("2026", "2026.pyconuk.org"),
        ("20", None),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_found_or_none(word: str, found: str | None) -> None:
    """A misspelt or begun name suggests the one that was meant; nothing near suggests nothing."""
    assert nearest(word, REPOSITORIES) == found


def test_a_suggestion_asks_back() -> None:
    """A near miss is asked about, anything else says nothing."""
    assert suggestion("websit", ["website"]) == "Did you mean `website`?"
    assert suggestion("zzz", ["website"]) == ""


@given(st.text(max_size=50), st.lists(st.text(max_size=20), max_size=5))
def test_a_suggestion_is_always_one_of_the_known_names(word: str, known: list[str]) -> None:
    """Whatever is typed, only known names are suggested."""
    assert nearest(word, known) in {None, *known}


@pytest.mark.parametrize(
    ("said", "found"),
    [("<@U1>", "U1"), ("<@W9|helper>", "W9"), ("@helper", None), ("<@u1>", None), ("", None)],
)
def test_a_mention_holds_a_slack_id(said: str, found: str | None) -> None:
    """Only Slack's own form is a mention."""
    assert mention(said) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("cory", "Cory"),
        ("@Cory", "Cory"),
        ("<@U0CORY>", "Cory"),
        ("<@U0NOBODY>", None),
        ("organiser-1", "organiser-1"),
        ("somebody", None),
    ],
)
def test_a_person_is_found_by_name_mention_or_login(said: str, found: str | None) -> None:
    """Case and a leading @ do not matter."""
    somebody = person(said, PEOPLE)
    assert (somebody.name if somebody else None) == found


def test_logins_are_of_those_who_have_them() -> None:
    """Whoever has no login, or is called like one, is under none."""
    people = (Person(name="Ada", github="Lovelace"), Person(name="Lovelace"))
    assert by_login(people) == {"lovelace": "Ada"}


def test_our_people_are_called_by_our_name() -> None:
    """Whom a login means has our name; who is none of ours keeps their own."""
    assert called("organiser-1", PEOPLE) == ORGANISER.name
    assert called("stranger@example.org", PEOPLE) == "stranger@example.org"


def test_a_name_goes_before_a_login() -> None:
    """Who is called *ada* is meant by *ada*, not who has that login."""
    people = (Person(name="other", github="ada"), Person(name="ada", github="x"))
    assert person("ada", people) == people[1]
    assert person("x", people) == people[1]
    assert person("other", people) == people[0]


@pytest.mark.parametrize("login", ["0rganiser-1", "organiser-l", "organiser1", "organisser-1", "ORGANlSER-1"])
def test_a_lookalike_is_recognised(login: str) -> None:
    """A login that a hurried eye takes for one of ours is named."""
    assert lookalike(login, PEOPLE) == ORGANISER


@pytest.mark.parametrize("login", ["organiser-1", "Organiser-1", "organiser-7", "somebody"])
def test_one_of_ours_and_a_stranger_are_no_lookalikes(login: str) -> None:
    """The account itself, in any case, and plainly other names are not warned about."""
    assert lookalike(login, PEOPLE) is None


@pytest.mark.parametrize(
    ("now", "year"),
    [
        (NOW, "2026"),
        (datetime(2024, 1, 1, tzinfo=UTC), "2024"),
        (datetime(2030, 1, 1, tzinfo=UTC), "2027"),
        (datetime(2000, 1, 1, tzinfo=UTC), None),
    ],
)
def test_this_year_is_the_newest_site_that_is_not_in_the_future(now: datetime, year: str | None) -> None:
    """Next year's repository, made early, is not yet the website."""
    assert this_year(REPOSITORIES, "pyconuk.org", now) == year


def test_only_sites_of_our_domain_count() -> None:
    """A repository with a year in another name is no site."""
    assert this_year(["2026.pyconukxorg", "2026-notes", "12026.pyconuk.org"], "pyconuk.org", NOW) is None


def test_an_actor_is_found_in_our_people() -> None:
    """Who asks is a person of our list, or told who adds people."""
    assert myself(Actor.of(ORGANISER, "slack"), PEOPLE) == ORGANISER
    with pytest.raises(Refused, match="stranger is not in our people"):
        myself(Actor(name="stranger"), PEOPLE)


class Form(BaseModel):
    """A form with both kinds of value."""

    account: SlackId = "U1"
    number: Number = 1


def test_numbers_and_accounts_are_read_as_people_write_them() -> None:
    """#42 is 42, and a mention is its account."""
    assert Form(number="#42", account="<@U9|helper>") == Form(number=42, account="U9")


@pytest.mark.parametrize(
    "given", [{"number": "0"}, {"number": "x"}, {"account": "helper"}, {"account": "@helper"}]
)
def test_other_numbers_and_accounts_are_refused(given: dict[str, str]) -> None:
    """Anything else is refused."""
    with pytest.raises(ValidationError):
        Form(**given)
