"""Durations and moments as people write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.duration import day, duration, end_of, hour, moment, spell, starting, time_ahead
from bot.core.errors import UsageError
from tests.core.samples import LONDON, NOW


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("14d", timedelta(days=14)),
        (" 72H ", timedelta(hours=72)),
        ("2w", timedelta(weeks=2)),
        ("1d12h", timedelta(hours=36)),
        ("90m", timedelta(minutes=90)),
        (timedelta(days=1), timedelta(days=1)),
    ],
)
def test_a_duration_is_read(text: object, span: timedelta) -> None:
    """Days, hours, minutes and weeks are understood, also together."""
    assert duration(text) == span


@pytest.mark.parametrize("text", ["", "14", "d", "14x", "-1d", "1d ago", "two weeks", "9999999d"])
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    """Anything else says what to write."""
    with pytest.raises(ValueError, match="write for example 14d"):
        duration(text)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(days=14), "14 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=3), "3 hours"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=49), "2 days"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(0), "0 minutes"),
    ],
)
def test_a_duration_is_said(span: timedelta, said: str) -> None:
    """A duration reads in its largest plain unit."""
    assert spell(span) == said


@given(st.integers(1, 999), st.sampled_from("mhd"))
def test_what_is_written_is_read_back(count: int, unit: str) -> None:
    """A count of a unit is exactly that long."""
    assert duration(f"{count}{unit}") == count * duration(f"1{unit}")


def test_moments_are_said_in_the_local_zone() -> None:
    """A moment reads as the organisers' clocks show it."""
    assert moment(NOW, LONDON) == "Mon 15 Jun, 09:00"
    assert hour(NOW, LONDON) == "09:00"
    assert day(date(2026, 6, 18)) == "18 Jun 2026"


@pytest.mark.parametrize(
    ("on", "end"),
    [
        (date(2026, 6, 18), datetime(2026, 6, 18, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, 0, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_local_midnight(on: date, end: datetime) -> None:
    """The end of a day is right on the days when clocks change, too."""
    assert end_of(on, LONDON) == end


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-12-01T09:00", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("2026-07-01 09:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-07-01T09:00+02:00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("23:30", datetime(2026, 6, 15, 22, 30, tzinfo=UTC)),
        ("0:30", datetime(2026, 6, 15, 23, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_on_the_local_clocks(text: str, at: datetime) -> None:
    """A time of day is the next one; what says its own offset is taken at its word."""
    assert time_ahead(text, datetime(2026, 6, 15, 9, tzinfo=UTC), LONDON) == at


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("soon", "`soon` is no time"),
        ("2026-01-01T09:00", "has passed"),
        ("2027-01-01T09:00", "over 90 days ahead"),
    ],
)
def test_what_cannot_be_a_start_is_told(said: str, words: str) -> None:
    """No time, one that has passed, one too far ahead: an error of the option; without one it is at once."""
    with pytest.raises(UsageError, match=words) as caught:
        starting(said, NOW, LONDON, "Write: …")
    assert (caught.value.field, bool(caught.value.hint)) == ("at", True)
    assert starting("09:30", NOW, LONDON, "") == NOW + timedelta(minutes=30)
    assert starting(None, NOW, LONDON, "") is None


@pytest.mark.parametrize("text", ["soon", "25:00", "2026-13-01"])
def test_what_is_no_time_is_refused(text: str) -> None:
    """With the error that any value raises."""
    with pytest.raises(ValueError, match=r"."):
        time_ahead(text, NOW, LONDON)
