"""Appointments: what is asked every day at a time of day; its answer is a digest."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.values import Value

LATEST = timedelta(hours=12)  # after its slot, when its day is over too, a digest is left out


class Appointment(Value):
    """*line* is asked every day *at* a time of day, and what is answered is posted to *channel*.

    With *skips* an answer that tells nothing new is not posted. With *launches* it
    is there from the moment on at which tickets begin to be sold, and kept up to date.
    """

    line: str
    at: time
    channel: str
    skips: bool = False
    launches: bool = False

    @property
    def key(self) -> str:
        """Return what tells it from others: a channel has each digest once a day, whatever its hour."""
        return f"digest:{self.line.removeprefix('digest ')}:{self.channel}"

    def slot(self, day: date, zone: ZoneInfo) -> datetime:
        """Return when it is on *day*, in UTC.

        A time that does not exist as the clocks go forward is the same span after
        midnight; one that exists twice is the first.
        """
        return datetime.combine(day, self.at, tzinfo=zone).astimezone(UTC)

    def newest(self, now: datetime, zone: ZoneInfo) -> date:
        """Return the day whose slot came last."""
        today = now.astimezone(zone).date()
        return today if self.slot(today, zone) <= now else today - timedelta(days=1)

    def missed(self, day: date, now: datetime, zone: ZoneInfo) -> bool:
        """Return whether it is too late for the digest of *day*: that day is over, and its slot long ago."""
        return day < now.astimezone(zone).date() and self.slot(day, zone) + LATEST <= now
