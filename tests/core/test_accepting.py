"""When whoever must accept something is asked again: waking hours, missed days, never two at once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.accepting import in_slack, next_asking, outlook
from bot.core.change import Awaited, Outcome
from bot.core.people import Person
from bot.core.policy import Policy
from bot.core.status import Reminder, State, Status, Step

LONDON = ZoneInfo("Europe/London")
POLICY = Policy()


def local(text: str) -> datetime:
    """Return the moment of June that a clock in London shows so, such as 15T11:30."""
    return datetime.fromisoformat(f"2026-06-{text}").replace(tzinfo=LONDON).astimezone(UTC)


def waiting(since: str, *asked: tuple[str, str], outcome: Outcome = Outcome.WAITING) -> Status:
    """Return a request that waits since a local time, and what was asked when."""
    at = local(since)
    awaits = Awaited(
        account="helper-1", link="https://vendor.example", since=at, until=at + timedelta(days=7)
    )
    reminders = tuple(Reminder(stage=stage, names=("helper-1",), at=local(when)) for stage, when in asked)
    steps = {"apply:0": Step(outcome=outcome, awaits=awaits)}
    return Status(state=State.WAITING, steps=steps, reminders=reminders)


TWO = ("day 2", "17T11:30")
FIVE = ("day 5", "20T11:30")


@pytest.mark.parametrize(
    ("status", "now", "asked"),
    [
        (waiting("15T11:30"), "15T11:30", "day 2 17T11:30"),
        (waiting("15T11:30"), "17T11:30", "day 2 17T11:30"),
        (waiting("15T23:30"), "15T23:30", "day 2 18T09:00"),
        (waiting("15T04:00"), "15T04:00", "day 2 17T09:00"),
        (waiting("15T11:30"), "17T22:00", "day 2 18T09:00"),
        (waiting("15T11:30", TWO), "17T11:30", "day 5 20T11:30"),
        (waiting("15T11:30", ("two", "15T11:35")), "16T11:30", "day 2 17T11:30"),
        (waiting("15T11:30"), "21T10:00", "day 5 21T10:00"),
        (waiting("15T11:30", ("day 2", "20T11:00")), "20T12:00", "day 5 21T11:00"),
        (waiting("15T11:30", ("day 2", "20T20:59")), "20T22:00", "day 5 21T20:59"),
        (waiting("18T11:30", TWO), "18T11:30", "day 2 20T11:30"),
        (waiting("15T11:30", TWO, FIVE), "20T11:30", None),
        (waiting("15T11:30"), "22T11:30", None),
        (waiting("15T09:00"), "21T22:00", None),
        (waiting("15T11:30", outcome=Outcome.DONE), "15T11:30", None),
    ],
    ids=[
        "in two days",
        "now",
        "in the evening",
        "before dawn",
        "missed until night",
        "a second time",
        "owners were asked, not they",
        "missed twice, asked once",
        "never two on one day",
        "never two at once across a night",
        "asked for what waited before",
        "twice is enough",
        "too late",
        "too late when people wake",
        "nobody must accept",
    ],
)
def test_when_they_are_asked(status: Status, now: str, asked: str | None) -> None:
    """On days two and five while people are awake; what was missed once, a day after what came before."""
    found = next_asking(status, POLICY, LONDON, local(now))
    assert (found and f"{found[0]} {found[1].astimezone(LONDON):%dT%H:%M}") == asked


def test_what_happens_next_is_said() -> None:
    """While something waits there is a next time it is asked for, or the day it runs out."""
    now = local("15T11:30")
    assert outlook(waiting("15T11:30"), POLICY, LONDON, now) == "asked again Wed 17 Jun"
    assert outlook(waiting("15T11:30", TWO, FIVE), POLICY, LONDON, now) == "runs out Mon 22 Jun"
    assert outlook(waiting("15T11:30", outcome=Outcome.DONE), POLICY, LONDON, now) == ""


def test_whose_account_it_is() -> None:
    """An account belongs to whom our list says, in any case, if the bot can write to them."""
    mute, heard = (
        Person(name="mute", github="helper-1"),
        Person(name="heard", github="Helper-2", slack=("U1",)),
    )
    assert in_slack("helper-2", (mute, heard)) == heard
    assert in_slack("helper-1", (mute, heard)) is None
    assert in_slack("", (Person(name="nobody", slack=("U2",)), heard)) is None
