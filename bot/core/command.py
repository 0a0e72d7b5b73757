"""A command answers or plans; everything people see of it derives from this value."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Generic, Protocol, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from bot.core.approval import Situation
from bot.core.board import Board, Seen, Service
from bot.core.change import Change, Plan, Request
from bot.core.costs import Costing
from bot.core.drift import Watched
from bot.core.errors import Refused
from bot.core.event import Event
from bot.core.leftover import Left
from bot.core.people import Actor, Person, Role
from bot.core.policy import Policy
from bot.core.reply import Progress, Reply
from bot.core.status import State, Status
from bot.core.takeover import Names
from bot.core.tickets import Ticketing
from bot.core.values import Value
from bot.core.vendor import Resource, Vendor

A = TypeVar("A", bound=BaseModel)
S = TypeVar("S", bound=Value)
R = TypeVar("R")


class Grant(Value):
    """A time-bound grant that runs: which request gave it, what its end undoes, and when."""

    request: str
    number: int
    ends_at: datetime
    ending: tuple[Change, ...]


class Requests(Protocol):
    """What a command may read of requests."""

    async def by_number(self, number: int) -> tuple[Request, Status] | None:
        """Return one request and its present status."""

    async def newest(self, states: Sequence[State] = (), limit: int = 20) -> list[tuple[Request, State]]:
        """Return the newest requests, newest first, in any of *states* (all when empty)."""

    async def grants(self, target: str | None = None) -> list[Grant]:
        """Return the running time-bound grants, on one target or on all."""


class Journal(Protocol):
    """What a command may read of the journal."""

    async def lines(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
    ) -> list[Event]:
        """Return the newest matching lines, oldest first: those from *since* on, and before *until*."""


class Watching(Protocol):
    """Whoever keeps the status board."""

    @property
    def year(self) -> int:
        """Return the year for which it is decided what is needed."""

    async def now(self) -> Board:
        """Look at every vendor, and return the board; one that is away hides no other."""

    async def kept(self) -> Board:
        """Return the board as it was looked at last."""

    async def past(self, vendor: str) -> tuple[Seen, ...]:
        """Return how a vendor did before, the newest first."""


@dataclass(frozen=True)
class Organisation:
    """Who we are: the facts of the settings that commands speak of."""

    name: str
    domain: str
    zone: ZoneInfo
    services: Mapping[str, Service]


async def nowhere() -> str | None:
    """Know no site that visitors are sent to."""
    return None


@dataclass(frozen=True)
class Context:
    """What a command may see: never a client, so it cannot write.

    *site* tells the full name of the site that visitors are sent to now; None when nobody knows.
    """

    actor: Actor
    now: datetime
    reason: str
    organisation: Organisation
    people: tuple[Person, ...]
    policy: Policy
    commands: "tuple[Command[Any], ...]"
    requests: Requests
    journal: Journal
    readers: Mapping[str, Any]
    planner: Callable[[str, Mapping[str, Value | None]], Awaitable[tuple[Change, ...]]]
    back: Callable[[Change], Awaitable[tuple[Change, bool]]]
    left: Callable[[], Awaitable[tuple[Left, ...]]]
    watched: Callable[[], Awaitable[tuple[Watched, ...]]]
    report: Callable[[Progress], Awaitable[None]]
    costs: Costing
    board: Watching
    ticketing: Ticketing | None = None
    names: Names = field(default_factory=Names)
    site: Callable[[], Awaitable[str | None]] = nowhere

    @property
    def seller(self) -> Ticketing:
        """Return who sells our tickets; Refused when nobody does."""
        if self.ticketing is None:
            raise Refused(
                "Nobody who sells our tickets is set up here.",
                "The maintainer adds `integrations.tito` to the configuration.",
            )
        return self.ticketing

    @property
    def situation(self) -> Situation:
        """Return what holds for decisions now."""
        return Situation(self.people, self.policy, self.organisation.zone, self.now)

    def has(self, vendor: Vendor[Any, Any, Any]) -> bool:
        """Return whether *vendor* is configured."""
        return vendor.name in self.readers

    def reads(self, vendor: Vendor[Any, Any, R]) -> R:
        """Return the reads of *vendor*; Refused when it is not configured."""
        if not self.has(vendor):
            raise Refused(
                f"{vendor.title} is not set up here.",
                f"The maintainer adds `integrations.{vendor.name}` to the configuration.",
            )
        reads: R = self.readers[vendor.name]
        return reads

    async def change(self, resource: Resource[Any, S], target: str, after: S | None) -> Change:
        """Return the change of *target* from what is live to *after*."""
        return (await self.changes(resource, {target: after}))[0]

    async def changes(self, resource: Resource[Any, S], afters: Mapping[str, S | None]) -> tuple[Change, ...]:
        """Return the change of each target from what is live to what is asked of it."""
        return await self.planner(resource.name, afters)


Run: TypeAlias = Callable[[A, Context], Awaitable[Reply | Plan]]


@dataclass(frozen=True)
class Command(Generic[A]):
    """One thing people can say: ``word`` or ``word verb``.

    The fields of *args* are the grammar: a field with `Arg(positional=True)` is
    a word of the line, every other one an option. Usage, help, forms, the
    manifest's hint and the docs derive from here. *changes* names the kinds of
    resources that it may plan to change, or patterns of them; none: it only answers.
    """

    path: str
    summary: str
    args: type[A]
    run: Run[A]
    examples: tuple[str, ...] = ()
    role: Role = Role.ORGANISER
    group: str = "More"
    changes: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """Return the first word."""
        return self.path.partition(" ")[0]

    @property
    def verb(self) -> str:
        """Return the verb, empty for a word of one verb."""
        return self.path.partition(" ")[2]

    def may_change(self, resource: str) -> bool:
        """Return whether this may plan to change resources of a kind, given by its name."""
        return any(fnmatchcase(resource, pattern) for pattern in self.changes)


@dataclass(frozen=True)
class Arg:
    """How a field of *args* is written: ``Annotated[str, Arg("USER", positional=True)]``.

    *metavar* is its name in usage, *label* the one in a form, *completes* what
    a form offers: people, repositories, teams, requests.
    """

    metavar: str = ""
    positional: bool = False
    completes: str = ""
    label: str = ""


class NoArgs(Value):
    """A command without arguments."""
