"""When owners are asked, and when a request is looked at again: across nights, weekends and clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.change import Plan, Request
from bot.core.people import Actor
from bot.core.policy import Policy
from bot.core.status import Reminder, State, Status
from bot.workflow.moments import due_reminder, next_due, next_warning, reminders

LONDON = ZoneInfo("Europe/London")
POLICY = Policy()
DAY = timedelta(days=1)


def local(text: str) -> datetime:
    """Return the moment that a clock in London shows so."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def request(at: str, open_for: timedelta = timedelta(hours=72)) -> Request:
    """Return a request filed at a local time."""
    return Request(
        id="r1",
        number=1,
        plan=Plan(title="Push access", changes=()),
        requested_by=Actor(name="organiser-1"),
        at=local(at),
        expires_at=local(at) + open_for,
    )


@pytest.mark.parametrize(
    ("filed", "asked"),
    [
        ("2026-06-15T09:00", ["two 2026-06-15T11:00", "all 2026-06-16T09:00", "last 2026-06-18T06:00"]),
        ("2026-06-15T18:59", ["two 2026-06-15T20:59", "all 2026-06-16T09:00", "last 2026-06-18T15:59"]),
        ("2026-06-15T19:00", ["all 2026-06-16T09:00", "last 2026-06-18T16:00"]),
        ("2026-06-15T23:30", ["all 2026-06-16T09:00", "last 2026-06-18T20:30"]),
        ("2026-06-16T04:00", ["all 2026-06-16T09:00", "last 2026-06-19T01:00"]),
        ("2026-06-16T07:00", ["two 2026-06-16T09:00", "all 2026-06-17T09:00", "last 2026-06-19T04:00"]),
        ("2026-06-19T16:00", ["two 2026-06-19T18:00", "all 2026-06-20T09:00", "last 2026-06-22T13:00"]),
        ("2026-03-28T18:00", ["two 2026-03-28T20:00", "all 2026-03-29T09:00", "last 2026-03-31T16:00"]),
        ("2026-10-24T20:00", ["all 2026-10-25T09:00", "last 2026-10-27T16:00"]),
    ],
    ids=[
        "by day",
        "last waking minute",
        "evening",
        "night",
        "before dawn",
        "morning",
        "friday",
        "clocks go forward",
        "clocks go back",
    ],
)
def test_owners_are_asked_when_they_are_awake(filed: str, asked: list[str]) -> None:
    """Two owners after two waking hours, all next morning at nine, a last call three hours before the end."""
    found = reminders(request(filed), POLICY, LONDON)
    assert [f"{stage} {at.astimezone(LONDON):%Y-%m-%dT%H:%M}" for stage, at in found] == asked


def test_short_request_has_only_what_fits() -> None:
    """A request that is open for four hours gets a last call, but no question after its end."""
    found = reminders(request("2026-06-15T09:00", timedelta(hours=4)), POLICY, LONDON)
    assert [stage for stage, _ in found] == ["two", "last"]


def test_only_the_latest_of_several_is_asked() -> None:
    """After the bot was down for days, owners are asked once, not once for each time that was missed."""
    asked, late = request("2026-06-15T09:00"), local("2026-06-18T07:00")
    assert due_reminder(asked, Status(), POLICY, LONDON, late) == "last"
    told = Status(reminders=(Reminder(stage="last", names=("Cory",), at=late),))
    assert due_reminder(asked, told, POLICY, LONDON, late) is None
    assert next_due(asked, told, POLICY, LONDON, late) == asked.expires_at


def test_nothing_is_due_before_its_time() -> None:
    """A moment before the first question none is due; at that moment it is."""
    asked, first = request("2026-06-15T09:00"), local("2026-06-15T11:00")
    before = first - timedelta(microseconds=1)
    assert due_reminder(asked, Status(), POLICY, LONDON, before) is None
    assert due_reminder(asked, Status(), POLICY, LONDON, first) == "two"
    assert next_due(asked, Status(), POLICY, LONDON, before) == first
    assert next_due(asked, Status(), POLICY, LONDON, first) == first


NOON = local("2026-06-15T12:00")


@pytest.mark.parametrize(
    ("status", "due"),
    [
        (Status(state=State.APPROVED, start_at=NOON + DAY), NOON + DAY),
        (Status(state=State.APPLYING), NOON + timedelta(minutes=1)),
        (Status(state=State.WAITING), NOON + timedelta(minutes=1)),
        (Status(state=State.WAITING, finished_at=NOON - timedelta(minutes=59)), NOON + timedelta(minutes=1)),
        (Status(state=State.WAITING, finished_at=NOON - timedelta(hours=1)), NOON + timedelta(minutes=30)),
        (Status(state=State.APPLIED), None),
        (Status(state=State.UNKNOWN), None),
        (Status(state=State.DENIED), None),
    ],
)
def test_when_a_request_is_looked_at_again(status: Status, due: datetime | None) -> None:
    """What is under way is looked at each minute, after an hour less often; what is over, never."""
    assert next_due(request("2026-06-15T09:00"), status, POLICY, LONDON, NOON) == due


@pytest.mark.parametrize(
    ("began", "now", "warning"),
    [
        (-14, -14, ("three days", -3)),
        (-14, -3, ("one day", -1)),
        (-2, -2, ("one day", -1)),
        (-14, -1, None),
        (-1, -1, None),
    ],
)
def test_warnings_that_make_sense(began: int, now: int, warning: tuple[str, int] | None) -> None:
    """A grant is warned of three days and one day before its end, if it is that long and there is time."""
    ends = NOON
    found = next_warning(ends, ends + began * DAY, ends + now * DAY)
    assert found == (warning and (warning[0], ends + warning[1] * DAY))
