"""Durations and moments as people write and read them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.errors import UsageError

FURTHEST = timedelta(days=90)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PART = re.compile(r"(\d{1,6})([mhdw])")


def duration(text: object) -> timedelta:
    """Return the timedelta that "14d", "72h", "2w" or "1d12h" says."""
    if isinstance(text, timedelta):
        return text
    said = str(text).strip().lower()
    if not re.fullmatch(rf"({_PART.pattern})+", said):
        raise ValueError(f"{text!r} is not a duration: write for example 14d, 72h or 2w")
    return sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in _PART.findall(said)), timedelta(0))


def time_ahead(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that "2026-12-01T09:00" says on the clocks of *zone*, or the next "09:00"; in UTC."""
    said, local = text.strip(), now.astimezone(zone)
    if re.fullmatch(r"\d{1,2}:\d{2}", said):
        at = datetime.combine(local, time.fromisoformat(said.zfill(5)), tzinfo=zone)
        return (at if at > local else at + timedelta(days=1)).astimezone(UTC)
    at = datetime.fromisoformat(said)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def starting(said: str | None, now: datetime, zone: ZoneInfo, usage: str) -> datetime | None:
    """Return when something is to start (``--at``), None for at once.

    UsageError for what is no time (with *usage*), has passed, or is too far ahead to be remembered.
    """
    if said is None:
        return None
    try:
        at = time_ahead(said, now, zone)
    except ValueError:
        raise UsageError(f"--at: `{said[:40]}` is no time.", usage, "at") from None
    if at <= now:
        raise UsageError(f"--at: {moment(at, zone)} has passed.", "Say a later time.", "at")
    if at > now + FURTHEST:
        raise UsageError(f"--at: That is over {FURTHEST.days} days ahead.", "Say an earlier time.", "at")
    return at


def spell(span: timedelta) -> str:
    """Return a duration in words: "14 days", "3 hours"."""
    minutes = round(span.total_seconds() / 60)
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes and (minutes % size == 0 or minutes >= 2 * size):
            return _counted(round(minutes / size), unit)
    return _counted(minutes, "minute")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as people read it: "Thu 18 Jun, 09:05"."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def weekday(at: datetime, zone: ZoneInfo) -> str:
    """Return a day of these weeks: "Thu 18 Jun"."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}"


def hour(at: datetime, zone: ZoneInfo) -> str:
    """Return the time of day: "09:05"."""
    return f"{at.astimezone(zone):%H:%M}"


def day(on: date) -> str:
    """Return a date as people read it: "18 Jun 2026"."""
    return f"{on.day} {on:%b %Y}"


def end_of(on: date, zone: ZoneInfo) -> datetime:
    """Return the last moment of a local day, in UTC."""
    following = datetime(on.year, on.month, on.day, tzinfo=zone) + timedelta(days=1)
    return following.astimezone(UTC)
