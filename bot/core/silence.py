"""Whether it is unlikely that nobody has bought a ticket for so long, at this point of the year."""

from collections.abc import Iterable
from datetime import date, datetime
from math import exp, floor
from zoneinfo import ZoneInfo

from bot.core.tickets import Curve

UNLIKELY = 0.01
GROUP = 2.0  # tickets that are bought together: half as many orders come as tickets
LATELY = 28  # days by which our own pace is told


def before(at: datetime, first_day: date, zone: ZoneInfo, waking: tuple[int, int]) -> float:
    """Return how many days are left at a moment; a day passes in its *waking* hours, when people buy."""
    local, (begins, ends) = at.astimezone(zone), waking
    passed = (local.hour + local.minute / 60 - begins) / (ends - begins)
    return (first_day - local.date()).days + 1 - min(max(passed, 0.0), 1.0)


def chance(now: Curve, past: Iterable[Curve], last: float, until: float) -> float:
    """Return how likely it is that nobody bought between *last* and *until*, in days before the first.

    What past years sold in between, at our size, and our own pace of late say
    how many were to be expected; the least of them counts, so that a step that
    only some years had raises no alarm.
    """
    sold = now.at(floor(last))
    found = [
        sold * (_level(each, until) - level) / level for each in past if (level := _level(each, last)) > 0
    ]
    pace = (sold - now.at(floor(last) + LATELY)) / LATELY
    return exp(-max(min([*found, pace * (last - until)]), 0.0) / GROUP)


def _level(curve: Curve, before: float) -> float:
    """Return how many were sold at a moment, each day's evenly over it."""
    day = floor(before)
    return curve.at(day) + (before - day) * (curve.at(day + 1) - curve.at(day))
