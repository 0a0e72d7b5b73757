"""Silence: how likely it is that nobody buys for so long."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.silence import UNLIKELY, before, chance
from bot.core.tickets import Curve

LONDON, WAKING = ZoneInfo("Europe/London"), (9, 21)
STEADY = Curve(opened=100, sold=tuple(range(4, 404, 4)))  # four a day
NOTHING = Curve(opened=10, sold=(5,) * 10)  # not yet opened, or at rest


@pytest.mark.parametrize(("hour", "left"), [(0, 11.0), (9, 11.0), (15, 10.5), (21, 10.0), (23, 10.0)])
def test_a_day_passes_while_people_are_awake(hour: int, left: float) -> None:
    """A night between two sales is no silence."""
    at = datetime(2026, 9, 8, hour, tzinfo=LONDON)
    assert before(at, date(2026, 9, 18), LONDON, WAKING) == left


@pytest.mark.parametrize(
    ("past", "days", "unlikely"),
    [
        ((STEADY,), 0.5, False),
        ((STEADY,), 2.0, False),
        ((STEADY,), 4.0, True),
        ((), 4.0, True),
        ((STEADY, NOTHING), 4.0, True),  # it had not begun by then
        ((STEADY, Curve(opened=60, sold=(9,))), 4.0, False),  # a year that rested here too
    ],
)
def test_a_gap_is_unlikely_when_all_that_is_known_says_so(
    past: tuple[Curve, ...], days: float, unlikely: bool
) -> None:
    """Past years at our size and our own pace: the least of them counts."""
    assert (chance(STEADY.until(50), past, 50.0, 50.0 - days) < UNLIKELY) is unlikely
