"""Appointments: each local day has one slot, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.appointment import LATEST, Appointment

LONDON = ZoneInfo("Europe/London")
FORWARD, BACK, LEAP = date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)


def appointment(at: time) -> Appointment:
    """Return an appointment."""
    return Appointment(line="digest tickets", at=at, channel="C0DIGESTS")


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (FORWARD, time(9), "08:00"),
        (FORWARD, time(1, 30), "01:30"),  # does not exist: 02:30 on the clocks
        (BACK, time(1, 30), "00:30"),  # exists twice: the first
        (BACK, time(9), "09:00"),
        (LEAP, time(9), "09:00"),
    ],
)
def test_the_slot_of_a_day(day: date, at: time, utc: str) -> None:
    """It is on the wall clock, and there is one also where the clocks skip it or show it twice."""
    assert f"{appointment(at).slot(day, LONDON):%Y-%m-%d %H:%M}" == f"{day} {utc}"


@given(st.integers(0, 4 * 366 * 1440), st.times())
def test_the_newest_slot_has_come_and_the_next_one_has_not(minutes: int, at: time) -> None:
    """At any moment exactly one day is the newest."""
    found, now = appointment(at), datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    day = found.newest(now, LONDON)
    assert found.slot(day, LONDON) <= now < found.slot(day + timedelta(days=1), LONDON)


def test_it_is_too_late_when_the_day_is_over_and_the_slot_long_ago() -> None:
    """Late on the same day is better than never; what was due just before midnight is still made."""
    morning, night = appointment(time(9)), appointment(time(23, 50))
    day, midnight = date(2026, 6, 15), datetime(2026, 6, 16, tzinfo=LONDON)
    assert not morning.missed(day, midnight - timedelta(minutes=1), LONDON)
    assert morning.missed(day, midnight, LONDON)
    assert not night.missed(day, midnight + timedelta(hours=2), LONDON)
    assert night.missed(day, night.slot(day, LONDON) + LATEST, LONDON)


def test_a_channel_has_each_digest_once_a_day() -> None:
    """The hour does not tell two of them apart; another channel does."""
    first, later = appointment(time(9)), appointment(time(10))
    assert first.key == later.key == "digest:tickets:C0DIGESTS"
    assert first.key != first.model_copy(update={"channel": "C0OTHER"}).key
