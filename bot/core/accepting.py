"""Whoever has yet to accept something: who they are to us, and when they are asked again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.duration import weekday
from bot.core.people import Person
from bot.core.policy import Policy
from bot.core.status import Reminder, Status

ASKED_AFTER = {"day 2": timedelta(days=2), "day 5": timedelta(days=5)}
APART = timedelta(days=1)  # also when the bot was away on the day


def asked(status: Status) -> Reminder | None:
    """Return when whoever must accept now was asked last; what waited before does not count."""
    theirs = (each for each in reversed(status.reminders) if each.stage in ASKED_AFTER)
    return next((each for each in theirs if status.awaited and each.at >= _since(status)), None)


def next_asking(status: Status, policy: Policy, zone: ZoneInfo, now: datetime) -> tuple[str, datetime] | None:
    """Return when whoever must accept is asked next, and which time that is; of missed ones the latest.

    None when nobody must, when all was asked, or when it would come too late.
    """
    if not status.awaited:
        return None
    since, last = _since(status), asked(status)
    told = ASKED_AFTER[last.stage] if last else timedelta(0)
    left = {stage: since + after for stage, after in ASKED_AFTER.items() if after > told}
    if not left:
        return None
    missed = [stage for stage, at in left.items() if at <= now]
    stage = missed[-1] if missed else next(iter(left))
    at = policy.awake(max(left[stage], now, last.at + APART if last else now), zone)
    return (stage, at) if at < _end(status) else None


def outlook(status: Status, policy: Policy, zone: ZoneInfo, now: datetime) -> str:
    """Return what happens next while somebody must accept: "asked again Wed 17 Jun", or nothing."""
    if not status.awaited:
        return ""
    asking = next_asking(status, policy, zone, now)
    return f"asked again {weekday(asking[1], zone)}" if asking else f"runs out {weekday(_end(status), zone)}"


def _since(status: Status) -> datetime:
    return min(awaited.since for awaited in status.awaited)


def _end(status: Status) -> datetime:
    return min(awaited.until for awaited in status.awaited)


def in_slack(account: str, people: Iterable[Person]) -> Person | None:
    """Return whom of our people, with an account in Slack, a vendor's account belongs to."""
    logins = ((person.github, person) for person in people if person.github and person.slack)
    return next((person for login, person in logins if login.casefold() == account.casefold()), None)
