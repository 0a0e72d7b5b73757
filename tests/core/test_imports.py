"""Importing past years: what is right is read whole, what is wrong is named by its line."""

from datetime import date

import pytest

from bot.core.errors import UsageError
from bot.core.imports import EXAMPLE, Row, contradictions, decoded, gathered, read
from bot.core.money import Money
from bot.core.tickets import Kind, Season, Sold

DATED = """year,ticket,sold,price,date,first_day
2025,Regular,3,150,2025-03-02,2025-09-19
2025,Regular,4,150,2025-03-01,
2025,Shirt,9,15,2025-03-01,
"""


def test_the_example_of_the_hint_is_read() -> None:
    """Whoever copies it has a file that works."""
    assert read(EXAMPLE) == (
        Season(year=2015, kinds=(Kind(title="Regular", sold=112, price=Money.of(165, "GBP")),)),
    )


def test_a_year_is_read_day_by_day() -> None:
    """Days are put in order and add up; the first day need stand once."""
    (season,) = read(DATED)
    assert season.first_day == date(2025, 9, 19)
    assert [kind.sold for kind in season.kinds] == [7, 9]
    assert season.days[0] == Sold(day=date(2025, 3, 1), kind="Regular", sold=4)
    assert season.curve is not None


@pytest.mark.parametrize("text", [EXAMPLE.replace(",", ";"), EXAMPLE.replace(",", ", "), EXAMPLE + "\n\n"])
def test_other_spreadsheets_are_read_too(text: str) -> None:
    """Semicolons, blanks after commas and empty lines at the end."""
    assert read(text) == read(EXAMPLE)


def test_what_is_left_out_is_unknown() -> None:
    """An empty cell is no zero; a ticket beside the conference says so."""
    (season,) = read("year,ticket,sold,price,currency,counted\n2016,Day,,36,EUR,\n2016,Young,100,,,no\n")
    assert season.kinds == (
        Kind(title="Day", price=Money.of(36, "EUR")),
        Kind(title="Young", sold=100, counted=False),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are_are_read(encoding: str) -> None:
    """As a spreadsheet saves them."""
    assert decoded("Bücher".encode(encoding)) == "Bücher"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("year\nBücher".encode("latin-1"), "Line 2 is not UTF-8"),
        ("year\nBücher".encode("utf-16")[:-1], "Line 2 is not UTF-16"),  # cut on its way
    ],
)
def test_another_encoding_is_refused_with_its_line(content: bytes, why: str) -> None:
    """Guessed letters would be wrong for good."""
    with pytest.raises(UsageError, match=why) as told:
        decoded(content)
    assert "CSV UTF-8" in told.value.hint


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Line 1: the column `year` is missing"),
        ("year,ticket\n", "no row"),
        ("year,tickets\n2015,A", "Line 1: `tickets` is no column"),
        ("year,colour of it\n2015,A", "Line 1: `colour of it` is no column"),
        ("year,sold\n2015,1", "Line 1: the column `ticket` is missing"),
        ("year,ticket,year\n2015,A,2015", "Line 1: the column `year` is there twice"),
        ("year,ticket\n2015,A,B", "Line 2: it has more cells"),
        ('year,ticket\n2015,"A', "Line 2: "),
        ("year,ticket\n,A", "Line 2: `year`"),
        ("year,ticket\n1015,A", "Line 2: `year`"),
        ("year,ticket,sold\n2015,A,-1", "Line 2: `sold`: must be greater than or equal to 0, not '-1'"),
        ("year,ticket,sold\n2015,A,1000001", "Line 2: `sold`"),
        ("year,ticket,sold\n2015,A,many", "Line 2: `sold`"),
        ("year,ticket,price\n2015,A,1e9", "Line 2: `price`"),
        ("year,ticket,price\n2015,A,NaN", "Line 2: `price`"),
        ("year,ticket,currency\n2015,A,pounds", "Line 2: `currency`"),
        ("year,ticket,sold,date\n2015,A,1,31/03/2015", "Line 2: `date`"),
        ("year,ticket,sold,date\n2015,A,1,2015-02-29", "Line 2: `date`"),
        ("year,ticket,sold,date\n2015,A,,2015-02-28", "Line 2: `sold`: a day needs a number"),
        ("year,ticket,sold\n2015,A,1\n2015,A,2", "Line 3: it is the same ticket and day as line 2"),
        ("year,ticket,sold,date\n2015,A,1,\n2015,A,2,2015-03-01", "Line 3: it is about a day"),
        ("year,ticket,price,date,sold\n2015,A,1,2015-03-01,1\n2015,A,2,2015-03-02,1", "another price"),
        ("year,ticket,first_day\n2015,A,2015-09-18\n2015,B,2015-09-19", "another first day than line 2"),
        ("year,ticket,counted,date,sold\n2015,A,no,2015-03-01,1\n2015,A,,2015-03-02,1", "counted otherwise"),
    ],
)
def test_mistakes_are_named_by_their_line(text: str, why: str) -> None:
    """Whatever is wrong, nothing is imported, and the next step is said."""
    with pytest.raises(UsageError) as told:
        read(text)
    assert why in told.value.message
    assert "Nothing was imported" in told.value.message
    assert told.value.hint


def test_many_mistakes_are_told_at_once() -> None:
    """The first ten, and how many more there are."""
    with pytest.raises(UsageError) as told:
        read("year,ticket,sold\n" + "2015,A,-1\n" * 12)
    assert told.value.message.count("Line ") == 10
    assert told.value.message.endswith("… and 2 more.")


def test_rows_of_the_configuration_are_the_same_rows() -> None:
    """They are checked alike, and their mistakes named by their number."""
    rows = (Row(year=2015, ticket="A", sold=1), Row(year=2016, ticket="A", sold=2))
    assert [season.total for season in gathered(rows)] == [1, 2]
    twice = {1: rows[0], 2: rows[0]}
    assert list(contradictions(twice, "row")) == [(2, "it is the same ticket and day as row 1.")]


def test_there_is_a_limit() -> None:
    """No file is so large by honest means."""
    with pytest.raises(UsageError, match="more than 50,000 rows"):
        read("year,ticket\n" + "2015,A\n" * 50_001)
