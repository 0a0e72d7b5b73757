"""Small values that the tests of the core share."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.core.approval import Situation
from bot.core.change import Change, Plan, Request
from bot.core.event import GENESIS, Event, Kind
from bot.core.people import Actor, Person, Role
from bot.core.policy import Policy
from bot.core.status import Decision, State, Status
from bot.core.values import Json

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
OWNERS = tuple(
    Person(name=name, role=Role.OWNER, slack=(f"U0{name.upper()}",), github=name.lower())
    for name in ("Charlie", "Cory", "George", "Kristian", "Owen", "Peter")
)
ORGANISER = Person(name="organiser-1", slack=("U0ORG1",), github="organiser-1")
PEOPLE = (*OWNERS, ORGANISER, Person(name="organiser-2", slack=("U0ORG2",)))
JOIN = Change(
    resource="github.team_member",
    target="core/organiser-1",
    before=None,
    after={"role": "member"},
    words="organiser-1 joins team *core* (now: not in it)",
)


def plan(**given: Any) -> Plan:
    """Return a plan of one change."""
    return Plan(**({"title": "Push access for organiser-1: website", "changes": (JOIN,)} | given))


def request(by: Person = ORGANISER, **given: Any) -> Request:
    """Return request 42, asked by *by*."""
    fields = {
        "id": "r42",
        "number": 42,
        "plan": plan(),
        "requested_by": Actor.of(by, "slack"),
        "at": NOW,
        "expires_at": NOW + timedelta(hours=72),
        "line": "grant-push organiser-1 website",
    }
    return Request(**(fields | given))


def situation(people: tuple[Person, ...] = PEOPLE, now: datetime = NOW, **policy: Any) -> Situation:
    """Return what holds while somebody decides."""
    return Situation(people, Policy(**policy), LONDON, now)


def approved(*by: Person, at: datetime = NOW, state: State = State.PENDING) -> Status:
    """Return a status with the approvals of *by*."""
    decisions = tuple(Decision(by=Actor.of(person, "slack"), at=at) for person in by)
    return Status(state=state, approvals=decisions)


def event(kind: Kind, payload: Json | None = None, by: Person = ORGANISER, seq: int = 1) -> Event:
    """Return one journal line."""
    return Event.following(
        (0, GENESIS),
        subject="request:r42",
        seq=seq,
        kind=kind,
        at=NOW,
        actor=Actor.of(by, "slack"),
        payload=payload or {},
    )


def lines(*kinds: tuple[Kind, Json], by: Person = ORGANISER) -> list[Event]:
    """Return the lines of one request, in order."""
    return [event(kind, payload, by, seq) for seq, (kind, payload) in enumerate(kinds, start=1)]


names = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
words = st.text(max_size=20)
json_states = st.none() | st.dictionaries(
    names, words | st.integers() | st.booleans() | st.none(), max_size=3
)
changes = st.builds(
    Change,
    resource=names.map("github.{}".format),
    target=names,
    before=json_states,
    after=json_states,
    words=words,
)
