"""The bot's home in Slack: what waits for somebody, what they asked for, what ends; for others who we are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.core.approval import Situation
from bot.core.board import Board, Health, Line
from bot.core.duration import day, moment
from bot.core.errors import BotError
from bot.core.people import Person, Role, listed
from bot.core.status import State
from bot.core.values import Json, sha256
from bot.frontends.slack import card, kit, note, wording
from bot.frontends.slack.text import unmarked
from bot.frontends.slack.wording import Case

T = TypeVar("T")
JOIN = "join"
MOST = 8  # of each list, since Slack takes 100 blocks: four lists of three blocks each at the most
MOST_PARTS = 2  # paragraphs of one request; what is longer is read, and decided, on its card
ABOUT = (
    "I am the bot with which the volunteers who organise this conference run its infrastructure. "
    "An organiser asks for a change with `/infra`; I show exactly what would change; an owner presses "
    "*Approve*; then I do it, check it, and write it down."
)


@dataclass(frozen=True)
class Home:
    """What a home shows; *drawn* says when that was."""

    blocks: tuple[Json, ...]
    drawn: str = ""

    @classmethod
    def of(cls, blocks: Iterable[Json | None], drawn: str = "") -> "Home":
        """Return a home of *blocks*, leaving out those that are None."""
        return cls(tuple(block for block in blocks if block is not None), drawn)

    @property
    def fingerprint(self) -> str:
        """Return what tells this home from one that shows something else."""
        return sha256({"blocks": list(self.blocks)})

    @property
    def view(self) -> Json:
        """Return the home as Slack takes it."""
        return kit.home([*self.blocks, *([kit.context(self.drawn)] if self.drawn else [])])


@dataclass(frozen=True)
class Facts:
    """What homes are drawn from.

    *cases* are the open requests, newest first, *links* lead to the cards of
    those that wait; *grants* are the requests whose grants run, each with its
    end, first to end first; *asked* are the Slack ids of those who asked to be
    added. *board* is how all services and vendors do.
    """

    situation: Situation
    cases: Sequence[Case]
    links: Mapping[str, str]
    grants: Sequence[tuple[Case, datetime]]
    asked: frozenset[str]
    board: Board = field(default_factory=Board)


def home(slack_id: str, facts: Facts) -> Home:
    """Return the home of a Slack account: of somebody in our list, or of somebody new."""
    people = facts.situation.people
    person = next((person for person in people if slack_id in person.slack), None)
    blocks = _ours(person, facts) if person else _newcomers(slack_id, facts)
    now, zone = facts.situation.now, facts.situation.zone
    return Home.of(blocks, f"Drawn {moment(now, zone)}. Say `/infra help` anywhere, or write in *Messages*.")


def closed(error: BotError) -> Home:
    """Return the home of somebody who may not speak to the bot."""
    return Home.of([kit.section(f"*{error.message}*\n{error.hint}"), kit.section(ABOUT)])


def away() -> Home:
    """Return what a home shows while the database is away."""
    said = "*I cannot look just now: my database is away.* Nothing is lost; open this page again in a minute."
    return Home.of([kit.section(said)])


def ask_to_be_added() -> Json:
    """Return the button with which somebody new has the owners asked."""
    return kit.button("Ask to be added", JOIN, JOIN)


def _newcomers(slack_id: str, facts: Facts) -> list[Json | None]:
    owners = listed(owner.name for owner in facts.situation.owners)
    said = f"*I do not know you yet, <@{slack_id}>.* {owners} can add you."
    if slack_id in facts.asked:
        return [kit.section(ABOUT), kit.section(f"{said} I asked them to.")]
    return [kit.section(ABOUT), kit.section(said), kit.actions(ask_to_be_added())]


def _ours(person: Person, facts: Facts) -> list[Json | None]:
    """Return the home of one of our people; owners see everybody's grants, and the people."""
    name, owner = person.name, person.role is Role.OWNER
    waiting = [c for c in facts.cases if c.status.state is State.PENDING and name in c.deciders]
    asked = [case for case in facts.cases if case.request.requested_by.name == name]
    mine = [grant for grant in facts.grants if grant[0].request.requested_by.name == name]
    others = [g for g in facts.grants if g[0].request.requested_by.name != name] if owner else []
    return [
        kit.header("What waits for you"),
        *_each(waiting, lambda case: _to_decide(case, facts.links.get(case.request.id)), "Nothing."),
        kit.header("What you asked for"),
        *_each(asked, _asked, "Nothing is open."),
        *([kit.header("What you were granted for a time")] if mine else []),
        *_each(mine, _own_grant),
        *([kit.header("What else ends")] if others else []),
        *_each(others, _other_grant),
        *_board(facts),
        *(_people(facts.situation) if owner else []),
    ]


def _board(facts: Facts) -> list[Json | None]:
    """Return how each service and vendor does, in one line each."""
    zone = facts.situation.zone
    lines = [_state(line, zone) for line in facts.board.lines]
    if not lines:
        return []
    more = "`/infra status` looks anew, `/infra status NAME` says all about one."
    return [kit.header("How everything does"), *kit.sections([*lines, more])]


def _state(line: Line, zone: ZoneInfo) -> str:
    since = f", since {moment(line.seen.since, zone)}" if line.seen else ""
    why = f": {line.why}" if line.attention or line.health is Health.CLOSED else ""
    return f"{line.health}: *{line.title}*{since}{why}"


def _each(
    found: Sequence[T], drawn: Callable[[T], Sequence[Json | None]], none: str = ""
) -> list[Json | None]:
    """Return as many of *found* as there is room for, drawn; what is left out is said."""
    left = len(found) - MOST
    more = kit.context(f"… and {left} more: `/infra requests` lists them.") if left > 0 else None
    return [*(block for each in found[:MOST] for block in drawn(each)), more if found else kit.section(none)]


def _to_decide(case: Case, link: str | None) -> list[Json | None]:
    """Return a request with its buttons; one that is too long to be read here is decided on its card."""
    until = f"Open until {moment(case.request.expires_at, case.situation.zone)}."
    lines = [_title(case), *(line for part in card.shown(case) for line in part), until]
    parts, opens = kit.sections(lines), [kit.link("Open the card", link)] if link else []
    if len(parts) > MOST_PARTS:
        long = "This is long: read it, and decide, on its card."
        return [kit.section(f"{_title(case)}\n{long}"), kit.actions(*opens)]
    return [*parts, kit.actions(*card.buttons(case), *opens)]


def _asked(case: Case) -> list[Json | None]:
    state = case.status.state
    if state is State.WAITING:
        waits = " ".join(["waiting.", *wording.details(case), *wording.prospect(case)])
        return [kit.section(f"{_title(case)}: {waits}")]
    if state is not State.PENDING:
        return [kit.section(f"{_title(case)}: {state.value}")]
    until = moment(case.request.expires_at, case.situation.zone)
    return [kit.section(f"{_title(case)}: pending, open until {until}"), kit.actions(note.withdraw(case))]


def _own_grant(grant: tuple[Case, datetime]) -> list[Json | None]:
    case, _ = grant
    return [kit.section(_ends(*grant)), kit.actions(note.extend(case), note.end_now(case))]


def _other_grant(grant: tuple[Case, datetime]) -> list[Json | None]:
    case, _ = grant
    asked = f" Asked by {case.request.requested_by.name}."
    return [kit.section(_ends(*grant) + asked), kit.actions(note.end_now(case))]


def _ends(case: Case, at: datetime) -> str:
    return f"{_title(case)}: ends {moment(at, case.situation.zone)}."


def _title(case: Case) -> str:
    return f"*{case.number}* {unmarked(case.request.plan.title)}"


def _people(situation: Situation) -> list[Json | None]:
    """Return who is in our list, by role, and who is away."""
    today = situation.now.astimezone(situation.zone).date()
    lines = []
    for role in reversed(Role):
        names = [_who(person, today) for person in situation.people if person.role is role]
        lines += [f"*{role.value.capitalize()}s:* {listed(names, 'and')}"] if names else []
    return [kit.header("Our people"), *kit.sections([*lines, "`/infra people` shows their accounts."])]


def _who(person: Person, today: date) -> str:
    away = person.away_until if person.is_away(today) else None
    return f"{person.name} (away until {day(away)})" if away else person.name
