"""A small organisation on the stand-in GitHub, our people and requests in memory, and people who ask."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp.test_utils import TestServer

from bot.core.board import Board, Roster, Seen, Service, board
from bot.core.bound import Bound
from bot.core.change import Outcome, Plan, Request
from bot.core.command import Context, Grant, Organisation, nowhere
from bot.core.costs import Bill, Book, Charge, Told, bill
from bot.core.drift import Watched
from bot.core.event import GENESIS, Event, Kind
from bot.core.grammar import understand
from bot.core.keys import Proof, Vault
from bot.core.leftover import Left
from bot.core.people import Actor, Person, Role
from bot.core.policy import Policy
from bot.core.prices import Rates
from bot.core.reply import Chart, Choices, Fields, File, Notice, Progress, Reply, Table, Text
from bot.core.review import Terms
from bot.core.secret import Made, Secret
from bot.core.status import State, Status, Step
from bot.core.takeover import Names
from bot.core.tickets import Sales, Season, Ticketing
from bot.core.values import Json
from bot.http import Network
from commands import COMMANDS
from config.costs import shipped
from integrations.board import BOARD
from integrations.costs import COSTS
from integrations.github import GITHUB, GithubSettings
from integrations.github.standin import StandIn
from integrations.keys import KEYS
from integrations.people import PEOPLE
from integrations.sales import SALES

NOW = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
SERVICES = {
    "website": Service(repository="{year}.pyconuk.org", uses={"github": "code", "dnsimple": "DNS"}),
    "voting-app": Service(yearly=True, uses={"github": "code"}),
    "chat": Service(),
}
OWNERS = ("Charlie", "Cory", "George")
SEED: dict[str, Any] = {
    "org": "PyconUK",
    "token": "ghp_example",
    "bot_login": "pyconuk-infra",
    "users": [
        {"login": "organiser-1", "created_at": "2014-05-01"},
        {"login": "organiser-2", "name": "Organiser Two", "created_at": "2015-05-01"},
        {"login": "helper-1", "created_at": "2019-05-01"},
        {"login": "ge0rge", "created_at": "2026-06-10"},
        {"login": "another-org", "type": "Organization"},
    ],
    "owners": ["charlie", "cory", "george"],
    "members": ["organiser-1", "organiser-2", "organiser-3"],
    "repos": [
        {"name": "2016.pyconuk.org", "archived": True},
        {"name": "2025.pyconuk.org"},
        {"name": "2026.pyconuk.org"},
        {"name": "2027.pyconuk.org"},
        {"name": "ironcage"},
        {"name": "accounts", "private": True},
    ],
    "teams": [
        {
            "name": "core",
            "description": "Basically everyone",
            "maintainers": ["cory"],
            "members": ["organiser-2", "organiser-3"],
            "repos": {"2026.pyconuk.org": "pull", "2025.pyconuk.org": "push", "2016.pyconuk.org": "push"},
        },
        {"name": "pydata", "members": ["organiser-2"], "repos": {"ironcage": "admin"}},
    ],
}
PEOPLE_LIST = (
    *(
        Person(name=name, role=Role.OWNER, slack=(f"U0{name.upper()}",), github=name.lower())
        for name in OWNERS
    ),
    Person(name="organiser-1", slack=("U0ORG1",), github="organiser-1"),
    Person(name="organiser-2", slack=("U0ORG2",), github="organiser-2"),
    Person(name="organiser-4", slack=("U0ORG4",)),
    Person(name="reader-1", role=Role.READER, slack=("U0READ",)),
)


@dataclass
class PeopleInMemory:
    """Our list of people."""

    people: dict[str, Person]
    terms: Terms | None = None

    async def everyone(self) -> tuple[Person, ...]:
        return tuple(self.people.values())

    async def by_name(self, name: str) -> Person | None:
        return next((p for p in self.people.values() if p.name.casefold() == name.casefold()), None)

    async def put(self, person: Person) -> None:
        self.people[person.name] = person

    async def remove(self, name: str) -> None:
        del self.people[name]

    async def review(self) -> Terms | None:
        return self.terms

    async def begin_review(self, terms: Terms) -> None:
        self.terms = terms

    async def stop_review(self) -> None:
        self.terms = None


@dataclass
class RequestsInMemory:
    """Requests and running grants."""

    filed: list[tuple[Request, Status]] = field(default_factory=list)
    running: list[Grant] = field(default_factory=list)

    async def by_number(self, number: int) -> tuple[Request, Status] | None:
        return next((pair for pair in self.filed if pair[0].number == number), None)

    async def newest(self, states: Sequence[State] = (), limit: int = 20) -> list[tuple[Request, State]]:
        found = [(request, status.state) for request, status in reversed(self.filed)]
        return [pair for pair in found if not states or pair[1] in states][:limit]

    async def grants(self, target: str | None = None) -> list[Grant]:
        return [g for g in self.running if target is None or target in {c.target for c in g.ending}]


@dataclass
class RecordInMemory:
    """Our record of ticket sales."""

    kept: dict[int, Season] = field(default_factory=dict)
    snapped: list[Sales] = field(default_factory=list)
    events: dict[str, str] = field(default_factory=dict)

    async def seasons(self) -> tuple[Season, ...]:
        return tuple(self.kept[year] for year in sorted(self.kept))

    async def season(self, year: int) -> Season | None:
        return self.kept.get(year)

    async def put(self, season: Season) -> None:
        self.kept[season.year] = season

    async def remove(self, year: int) -> None:
        del self.kept[year]

    async def newest(self) -> Sales | None:
        return self.snapped[-1] if self.snapped else None

    async def snapshots(self, conference: str, since: date) -> tuple[Sales, ...]:
        return tuple(each for each in self.snapped if each.conference.name == conference)

    async def followed(self, seller: str) -> str | None:
        return self.events.get(seller)

    async def follow(self, seller: str, event: str | None) -> None:
        self.events = {seller: event} if event else {}


@dataclass
class JournalInMemory:
    """Journal lines."""

    kept: list[Event] = field(default_factory=list)

    def add(self, subject: str, kind: Kind, payload: Json, by: Person, at: datetime) -> None:
        """Append a line."""
        head = (self.kept[-1].n, self.kept[-1].hash) if self.kept else (0, GENESIS)
        seq = sum(line.subject == subject for line in self.kept) + 1
        actor = Actor.of(by, "slack")
        self.kept.append(
            Event.following(head, subject=subject, seq=seq, kind=kind, at=at, actor=actor, payload=payload)
        )

    async def lines(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
    ) -> list[Event]:
        found = [
            line
            for line in self.kept
            if subject in {None, line.subject}
            and who in {None, line.actor.name}
            and (not since or line.at >= since)
            and (not until or line.at < until)
        ]
        return found[-limit:]


@dataclass
class CostsInMemory:
    """What is known of costs, and our record of them."""

    book: Book = field(default_factory=shipped)
    recorded: dict[str, Charge] = field(default_factory=dict)
    told: dict[str, Told | None] = field(default_factory=dict)
    sales: Sales | None = None
    fresh: Rates | None = None
    bills: list[Bill] = field(default_factory=list)

    async def rates(self, on: date | None = None) -> Rates | None:
        return self.fresh or self.book.rates

    async def bill(self, tariff: str) -> Bill:
        return bill(
            self.book,
            self.book.tariff(tariff),
            NOW.date(),
            recorded=self.recorded,
            told=self.told,
            sales=self.sales,
            rates=await self.rates(),
        )

    async def kept(self, until: date) -> Bill | None:
        return next((each for each in reversed(self.bills) if each.today <= until), None)

    async def charge(self, vendor: str) -> Charge | None:
        return self.recorded.get(vendor)

    async def put(self, vendor: str, charge: Charge) -> None:
        self.recorded[vendor] = charge

    async def remove(self, vendor: str) -> None:
        del self.recorded[vendor]


@dataclass
class BoardInMemory:
    """How vendors do, and what was decided of services."""

    year: int = NOW.year
    roster: Roster = field(default_factory=lambda: Roster(services=SERVICES))
    seen: dict[str, Seen] = field(default_factory=dict)
    decided: dict[str, bool] = field(default_factory=dict)

    async def now(self) -> Board:
        return board(self.roster, self.seen, self.decided, self.year)

    async def kept(self) -> Board:
        return await self.now()

    async def past(self, vendor: str) -> tuple[Seen, ...]:
        return (self.seen[vendor],)

    async def needed(self, service: str, _year: int) -> bool | None:
        return self.decided.get(service)

    async def decide(self, service: str, _year: int, needed: bool | None) -> None:
        assert needed is not None
        self.decided[service] = needed


@dataclass
class KeysInMemory:
    """What people proved, and who can open vaults."""

    kept: dict[tuple[str, str], Proof] = field(default_factory=dict)
    opens: dict[str, Vault] = field(default_factory=dict)
    made: dict[str, Made | None] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    async def proofs(self) -> tuple[Proof, ...]:
        return tuple(self.kept.values())

    async def prove(self, proof: Proof) -> None:
        self.kept[proof.vendor, proof.person] = proof

    async def vaults(self) -> dict[str, Vault]:
        return self.opens

    async def forget(self, vendor: str, person: str) -> None:
        del self.kept[vendor, person]

    async def secrets(self) -> tuple[Secret, ...]:
        return tuple(Secret(key=key, made=made) for key, made in self.made.items())

    async def mark(self, key: str, made: Made | None) -> None:
        self.made[key] = made

    async def accounts(self) -> dict[str, str]:
        return self.told


class World:
    """Everything a command may meet; people say lines with `ask`."""

    def __init__(self, seed: dict[str, Any], network: Network) -> None:
        self.now = NOW
        self.github = StandIn(seed, lambda: self.now)
        self.server = TestServer(self.github.app)
        self.network = network
        self.people = PeopleInMemory({person.name: person for person in PEOPLE_LIST})
        self.requests = RequestsInMemory()
        self.journal = JournalInMemory()
        self.policy = Policy()
        self.configured = True
        self.ticketing: Ticketing | None = None
        self.record = RecordInMemory()
        self.keys = KeysInMemory()
        own = {"keys": self.keys, "onepassword": self.keys}
        self.readers: dict[str, Any] = {"sales": SALES.reads(self.record), **own}
        self.left: tuple[Left, ...] = ()
        self.watched: tuple[Watched, ...] = ()
        self.costs = CostsInMemory()
        self.names = Names()
        self.board = BoardInMemory()
        self.services = SERVICES

    async def start(self) -> None:
        """Serve the stand-in and connect to it."""
        await self.server.start_server()
        url = str(self.server.make_url("/")).rstrip("/")
        settings = GithubSettings.model_validate({"url": url, "org": "PyconUK", "token": "ghp_example"})
        self.client = GITHUB.connect(settings, self.network)
        self.bound = {r.name: Bound(r, self.client) for r in GITHUB.resources}
        self.bound |= {r.name: Bound(r, self.people) for r in PEOPLE.resources}
        self.bound |= {r.name: Bound(r, self.costs) for r in COSTS.resources}
        self.bound |= {r.name: Bound(r, self.board) for r in BOARD.resources}
        self.bound |= {r.name: Bound(r, self.keys) for r in KEYS.resources}
        self.bound |= {r.name: Bound(r, self.record) for r in SALES.resources}

    def person(self, name: str) -> Person:
        """Return one of our people."""
        return self.people.people[name]

    def context(self, by: str, reason: str) -> Context:
        """Return what a command asked by *by* may see."""
        return Context(
            actor=Actor.of(self.person(by), "slack"),
            now=self.now,
            reason=reason,
            organisation=Organisation("PyCon UK", "pyconuk.org", ZONE, self.services),
            people=tuple(self.people.people.values()),
            policy=self.policy,
            commands=COMMANDS,
            requests=self.requests,
            journal=self.journal,
            readers=self.readers | ({"github": GITHUB.reads(self.client)} if self.configured else {}),
            ticketing=self.ticketing,
            planner=lambda name, afters: self.bound[name].plan_all(afters),
            back=lambda change: self.bound[change.resource].back(change),
            left=self._left,
            watched=self._watched,
            report=_silent,
            costs=self.costs,
            board=self.board,
            names=self.names,
            site=self.readers["dnsimple"].current_year if "dnsimple" in self.readers else nowhere,
        )

    async def _watched(self) -> tuple[Watched, ...]:
        return self.watched

    async def _left(self) -> tuple[Left, ...]:
        return self.left

    async def ask(self, line: str, by: str = "organiser-1") -> Reply | Plan:
        """Say *line* as *by*."""
        said = understand(line, COMMANDS)
        answer: Reply | Plan = await said.command.run(said.args, self.context(by, said.reason))
        kinds = {change.resource for change in answer.changes} if isinstance(answer, Plan) else set()
        assert all(map(said.command.may_change, kinds)), (said.command.path, kinds)
        return answer

    async def plan(self, line: str, by: str = "organiser-1") -> Plan:
        """Say *line* and expect a plan."""
        answer = await self.ask(line, by)
        assert isinstance(answer, Plan), words(answer)
        return answer

    async def reply(self, line: str, by: str = "organiser-1") -> Reply:
        """Say *line* and expect an answer, nothing filed."""
        answer = await self.ask(line, by)
        assert isinstance(answer, Reply), answer
        return answer

    async def apply(self, plan: Plan, by: str = "organiser-1", number: int = 42) -> Request:
        """Carry *plan* out as an approved request, and keep it."""
        for change in plan.changes:
            await self.bound[change.resource].write(change.target, change.after)
        return self.keep(plan, by, number)

    def keep(
        self,
        plan: Plan,
        by: str = "organiser-1",
        number: int = 42,
        state: State = State.APPLIED,
        outcome: Outcome | None = Outcome.DONE,
    ) -> Request:
        """Keep *plan* as a request in some state, with its journal line."""
        asker = self.person(by)
        request = Request(
            id=f"r{number}",
            number=number,
            plan=plan,
            requested_by=Actor.of(asker, "slack"),
            at=self.now,
            expires_at=self.now + timedelta(hours=72),
        )
        awaits = [
            self.bound[change.resource].awaited(change.target, self.now)
            if outcome is Outcome.WAITING
            else None
            for change in plan.changes
        ]
        steps = {f"apply:{i}": Step(outcome=outcome, awaits=each) for i, each in enumerate(awaits) if outcome}
        finished = None if state.open else self.now
        self.requests.filed.append((request, Status(state=state, steps=steps, finished_at=finished)))
        payload: Json = {"request": request.model_dump(mode="json")}
        self.journal.add(f"request:{request.id}", Kind.FILED, payload, asker, self.now)
        return request

    def grant(self, request: Request, ends_at: datetime) -> None:
        """Let the grant of *request* run until *ends_at*."""
        ending = request.plan.ending
        self.requests.running.append(
            Grant(request=request.id, number=request.number, ends_at=ends_at, ending=ending)
        )

    def rename(self, name: str, **new: Any) -> None:
        """Change what our list says of somebody."""
        self.people.people[name] = replace_person(self.person(name), **new)


def replace_person(person: Person, **new: Any) -> Person:
    """Return *person* with something new."""
    return person.model_copy(update=new)


async def _silent(_progress: Progress) -> None:
    """Report to nobody."""


def words(answer: Reply | Plan) -> str:
    """Return everything that *answer* says, as text."""
    if isinstance(answer, Plan):
        said = [
            answer.title,
            *(change.words for change in answer.changes),
            *answer.gains,
            *answer.losses,
            *answer.notes,
        ]
        return "\n".join([*said, *(change.words for change in answer.ending)])
    return "\n".join([answer.title, *(_block(block) for block in answer.blocks)])


def _block(block: Any) -> str:
    match block:
        case Text(text=text) | Notice(text=text) | Progress(text=text):
            return str(text)
        case Fields(pairs=pairs):
            return "\n".join(f"{name}: {value}" for name, value in pairs)
        case Table(columns=columns, rows=rows):
            return "\n".join(" | ".join(row) for row in (columns, *rows))
        case Choices(text=text, choices=choices):
            return "\n".join([text, *(f"[{choice.label}] {choice.line}" for choice in choices)])
        case Chart(words=text) | File(text=text):
            return str(text)
        case _:
            raise AssertionError(block)


def rows(reply: Reply) -> list[tuple[str, ...]]:
    """Return the rows of the first table."""
    return list(next(block for block in reply.blocks if isinstance(block, Table)).rows)


def choices(reply: Reply) -> list[str]:
    """Return the lines that the reply's buttons ask."""
    return [choice.line for block in reply.blocks if isinstance(block, Choices) for choice in block.choices]


def targets(plan: Plan) -> list[tuple[str, str]]:
    """Return the resource and target of each change, in order."""
    return [(change.resource, change.target) for change in plan.changes]
