"""When a request next needs attention: pure functions of its status and the clock."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.change import Request
from bot.core.policy import Policy
from bot.core.status import State, Status

FIRST_ASK = timedelta(hours=2)
LAST_CALL = timedelta(hours=3)
LOOK_AGAIN = timedelta(minutes=1)
LOOK_LATER = timedelta(minutes=30)
MORNING = 9
WARNINGS = (("three days", timedelta(days=3)), ("one day", timedelta(days=1)))


def reminders(request: Request, policy: Policy, zone: ZoneInfo) -> list[tuple[str, datetime]]:
    """Return when owners are asked again, and which: ``two`` by name, ``all``, ``last`` call."""
    first = policy.awake(request.at + FIRST_ASK, zone)
    morning = _morning_after(request.at + FIRST_ASK, zone)
    stages = [("two", first)] if first < morning else []
    stages += [("all", morning), ("last", request.expires_at - LAST_CALL)]
    return [(stage, at) for stage, at in stages if request.at < at < request.expires_at]


def due_reminder(
    request: Request, status: Status, policy: Policy, zone: ZoneInfo, now: datetime
) -> str | None:
    """Return the stage to remind of now; of several that are due only the latest."""
    told = {reminder.stage for reminder in status.reminders}
    due = [stage for stage, at in reminders(request, policy, zone) if at <= now]
    return due[-1] if due and due[-1] not in told else None


def next_due(
    request: Request, status: Status, policy: Policy, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """Return when the request must be looked at again by itself, if ever."""
    match status.state:
        case State.PENDING:
            ahead = [at for _, at in reminders(request, policy, zone) if at > now]
            if due_reminder(request, status, policy, zone, now):
                return now
            return min([*ahead, request.expires_at])
        case State.APPROVED:
            return status.start_at
        case State.APPLYING:
            return now + LOOK_AGAIN
        case State.WAITING:
            young = status.finished_at is None or now < status.finished_at + timedelta(hours=1)
            return now + (LOOK_AGAIN if young else LOOK_LATER)
        case _:
            return None


def next_warning(ends_at: datetime, began: datetime, now: datetime) -> tuple[str, datetime] | None:
    """Return the next warning before a grant's end that makes sense for its length."""
    ahead = [(stage, ends_at - before) for stage, before in WARNINGS if ends_at - before > max(began, now)]
    return ahead[0] if ahead else None


def as_long_again(
    began: datetime, ends_at: datetime, now: datetime, longest: timedelta, zone: ZoneInfo
) -> date:
    """Return the day until which a grant goes on for as long again, if that is not longer than may be."""
    first, last = began.astimezone(zone).date(), (ends_at - timedelta(seconds=1)).astimezone(zone).date()
    latest = (now + longest).astimezone(zone).date() - timedelta(days=1)
    return max(last, min(last + max(last - first, timedelta(days=1)), latest))


def _morning_after(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    day = local.date() if local.hour < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, time(MORNING), tzinfo=zone)
