"""Messages as people see them, in plain lines, and the request that the tests draw."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.approval import Situation
from bot.core.change import Awaited, Change, Plan, Request
from bot.core.event import Event, Kind
from bot.core.people import CLOCK, Actor, Person, Role
from bot.core.policy import Policy
from bot.core.status import fold
from bot.frontends.slack.kit import Message
from bot.frontends.slack.wording import Case

ZONE = ZoneInfo("Europe/London")
ASKED_AT = datetime(2026, 6, 15, 8, 5, tzinfo=UTC)
OWNERS = ("Charlie", "Cory", "George", "Kristian", "Owen", "Peter")
TITLES = {"github": "GitHub", "people": "our list"}


def person(name: str, role: Role = Role.OWNER) -> Person:
    return Person(name=name, role=role, slack=(f"U{name.upper().replace('-', '')}",))


PEOPLE = (*(person(name) for name in OWNERS), person("organiser-1", Role.ORGANISER))
PEOPLE = (*PEOPLE, person("organiser-2", Role.ORGANISER))

PLAN = Plan(
    title="Push access for organiser-1: website",
    reason="looks after the schedule page",
    changes=(
        Change(
            resource="github.team_member",
            target="core/organiser-1",
            before=None,
            after={"role": "member"},
            words="organiser-1 joins team *core* (now: not in it)",
        ),
        Change(
            resource="github.team_repo",
            target="core/2026.pyconuk.org",
            before={"level": "Read"},
            after={"level": "Write"},
            words="*2026.pyconuk.org* joins core with *Write* (now: Read)",
        ),
    ),
    gains=(
        "organiser-1: Write on *9 repositories*, this one included",
        "*23 people* in core: Write on this repository",
    ),
    notes=("GitHub: organiser-1, account since 2014.",),
    wide=True,
)


def by(name: str) -> Actor:
    found = next((p for p in PEOPLE if p.name == name), None)
    return Actor.of(found, "slack") if found else CLOCK


def request(plan: Plan = PLAN, asker: str = "organiser-2", **fields: Any) -> Request:
    return Request(
        id="0f3a",
        number=42,
        plan=plan,
        requested_by=by(asker),
        at=ASKED_AT,
        expires_at=ASKED_AT + timedelta(hours=72),
        **fields,
    )


def happened(kind: Kind, who: str = "clock", minutes: float = 36, **payload: Any) -> Event:
    """Return one journal line about the request."""
    return Event(
        n=1,
        subject="request:0f3a",
        seq=1,
        kind=kind,
        at=ASKED_AT + timedelta(minutes=minutes),
        actor=by(who),
        payload=payload,
        previous="",
        hash="",
    )


def approved(who: str = "Cory", minutes: float = 36, **payload: Any) -> Event:
    start = (ASKED_AT + timedelta(minutes=minutes)).isoformat()
    return happened(Kind.APPROVED, who, minutes, **({"start_at": start} | payload))


def outcome(index: int, what: str, detail: str = "", phase: str = "apply") -> Event:
    return happened(Kind.OUTCOME, step=f"{phase}:{index}", outcome=what, detail=detail)


def invited(index: int, account: str, detail: str = "", what: str = "waiting") -> Event:
    """Return the line that a step waits for somebody, for seven days, or *what* came of that."""
    since = ASKED_AT + timedelta(minutes=36)
    awaits = Awaited(
        account=account,
        link=f"https://vendor.example/{index}",
        since=since,
        until=since + timedelta(days=7),
    )
    said = awaits.model_dump(mode="json")
    return happened(Kind.OUTCOME, step=f"apply:{index}", outcome=what, detail=detail, awaits=said)


def finished(state: str) -> Event:
    return happened(Kind.FINISHED, state=state)


def case(*events: Event, of: Request | None = None, minutes: float = 40, **policy: Any) -> Case:
    """Return a request after *events*, looked at some minutes after it was asked."""
    now = ASKED_AT + timedelta(minutes=minutes)
    situation = Situation(PEOPLE, Policy(**policy), ZONE, now)
    return Case(of or request(), fold(events), situation, TITLES)


def drawn(message: Message) -> str:
    """Return what a message shows."""
    return "\n".join(_drawn(block) for block in message.blocks)


def _drawn(block: Any) -> str:
    match block["type"]:
        case "header":
            return f"# {block['text']['text']}"
        case "context":
            return " ".join(f"({element['text']})" for element in block["elements"])
        case "actions":
            return " ".join(f"[{element['text']['text']}]" for element in block["elements"])
        case _:
            text: str = block["text"]["text"]
            return text


def pressed(message: Message, label: str) -> Any:
    """Return the button called *label*."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    buttons: list[Any] = [button for row in rows for button in row["elements"]]  # type: ignore[union-attr] # JSON
    return next(button for button in buttons if button["text"]["text"] == label)
