"""The status board: how each vendor does, since when, and what that means for our services."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from bot.core.people import listed
from bot.core.values import Value
from bot.core.vendor import Closed, Finding


class Health(StrEnum):
    """How something does."""

    FINE = "fine"
    LOOK = "to look at"
    AWAY = "no answer"
    TROUBLE = "trouble"
    OFF = "not set up"
    CLOSED = "closed"
    UNDECIDED = "not decided"
    NOT_NEEDED = "not needed"

    def __str__(self) -> str:
        return f"{_SIGNS.get(self, '▫️')} {self.value}"


_SIGNS = {
    Health.FINE: "✅",
    Health.LOOK: "⚠️",
    Health.AWAY: "⏳",
    Health.TROUBLE: "❌",
    Health.UNDECIDED: "❔",
}
WORSE = (Health.FINE, Health.LOOK, Health.AWAY, Health.TROUBLE)  # each than the one before
_LEVELS = {"good": Health.FINE, "warning": Health.LOOK, "bad": Health.TROUBLE}


class Seen(Value):
    """A vendor as it was when it was looked at last.

    *findings* are what it said at *heard_at*, None when it never said anything;
    *away* is why it does not answer now. It does as it does *since* then.
    """

    vendor: str
    findings: tuple[Finding, ...] = ()
    heard_at: datetime | None = None
    away: str = ""
    since: datetime
    looked_at: datetime

    @property
    def said(self) -> Health:
        """Return how it did when it answered last."""
        return max((_LEVELS[each.level] for each in self.findings), key=WORSE.index, default=Health.FINE)

    @property
    def health(self) -> Health:
        """Return how it does now."""
        return Health.AWAY if self.away else self.said

    @property
    def why(self) -> str:
        """Return in a line why: the first of the worst findings."""
        found = [each.text for each in self.findings if _LEVELS[each.level] is self.said]
        more = f" And {len(found) - 1} more." if found[1:] and self.said is not Health.FINE else ""
        return self.away or (f"{found[0]}{more}" if found else "It answers.")

    def of(self, service: str) -> "Seen":
        """Return what of this concerns a service: what was said of others is left out."""
        findings = tuple(each for each in self.findings if each.service in {"", service})
        return self.model_copy(update={"findings": findings})


def seen(last: Seen | None, vendor: str, found: tuple[Finding, ...] | str, now: datetime) -> Seen:
    """Return a vendor as it is after *last*: it said *found*, or that is why it did not answer."""
    new = Seen(vendor=vendor, since=now, looked_at=now)
    if isinstance(found, tuple):
        new = new.model_copy(update={"findings": found, "heard_at": now})
    elif last:
        new = new.model_copy(update={"findings": last.findings, "heard_at": last.heard_at, "away": found})
    else:
        new = new.model_copy(update={"away": found})
    same = last is not None and last.health is new.health
    return new.model_copy(update={"since": last.since}) if last and same else new


YEAR = "{year}"


class Service(Value):
    """One of our services, and what it stands on."""

    repository: str = Field(
        "", description="Its repository; `{year}` is the year whose site visitors are sent to."
    )
    template: str = Field("", description="The repository that `new-year` copies, instead of last year's.")
    uses: Mapping[str, str] = Field(
        default_factory=dict, description="The vendors it stands on, and what for: `{github: code}`."
    )
    deploys: Mapping[str, str] = Field(
        default_factory=dict,
        description="What `deploy NAME` builds, and who does: `{website: github}`; `vendor:name` where the "
        "vendor calls it otherwise than its repository.",
    )
    yearly: bool = Field(False, description="Whether owners decide anew each year that it is needed.")
    title: str = Field("", description="What people call it, where its name with a capital is not enough.")
    locally: str = Field("", description="The command that builds and deploys it on somebody's own machine.")

    def called(self, name: str) -> str:
        """Return what is built as *name* is called there: what the settings say, else the repository."""
        return self.deploys[name].partition(":")[2] or self.repository

    def titled(self, name: str) -> str:
        """Return what people call the service that the settings call *name*."""
        return self.title or name.replace("-", " ").capitalize()


class Roster(Value):
    """Who is on the board: vendors by name with their titles, and our services.

    *looked_at* are the vendors that are set up, *closed* those that are no more.
    """

    titles: Mapping[str, str] = {}
    looked_at: frozenset[str] = frozenset()
    closed: tuple[Closed, ...] = ()
    services: Mapping[str, Service] = {}


class Line(Value):
    """One line of the board; *seen* is the vendor that it rests on, where one was looked at."""

    name: str
    title: str
    health: Health
    why: str
    seen: Seen | None = None
    on: date | None = None

    @property
    def attention(self) -> bool:
        """Return whether somebody should do something."""
        return self.health in {*WORSE[1:], Health.UNDECIDED}


class Board(Value):
    """All services and vendors, a line each."""

    services: tuple[Line, ...] = ()
    vendors: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return everything."""
        return (*self.services, *self.vendors)

    def named(self, said: str) -> Line | None:
        """Return the service or vendor that is called so; a service before a vendor."""
        word = said.casefold()
        return next(
            (each for each in self.lines if word in {each.name.casefold(), each.title.casefold()}), None
        )


def board(roster: Roster, known: Mapping[str, Seen], decided: Mapping[str, bool], year: int) -> Board:
    """Return the board from what is *known* of vendors, and which services were *decided* on for *year*."""
    vendors = {name: _vendor(name, roster, known.get(name)) for name in roster.titles}
    closed = [
        Line(name=each.title.casefold(), title=each.title, health=Health.CLOSED, why=each.why, on=each.on)
        for each in roster.closed
    ]
    ordered = sorted((*vendors.values(), *closed), key=lambda line: line.title.casefold())
    return Board(
        services=tuple(
            _service(
                name, service, [_used(each, vendors, name) for each in service.uses], decided.get(name), year
            )
            for name, service in roster.services.items()
        ),
        vendors=tuple(ordered),
    )


def _vendor(name: str, roster: Roster, known: Seen | None) -> Line:
    title = roster.titles[name]
    if name not in roster.looked_at:
        why = f"The maintainer adds `integrations.{name}` to the configuration."
        return Line(name=name, title=title, health=Health.OFF, why=why)
    if known is None:
        return Line(name=name, title=title, health=Health.AWAY, why="It was not looked at yet.")
    return Line(name=name, title=title, health=known.health, why=known.why, seen=known)


def _used(name: str, vendors: Mapping[str, Line], service: str) -> Line:
    """Return a vendor's line as it concerns a service that uses it."""
    nobody = Line(name=name, title=name, health=Health.OFF, why="No vendor of ours is called so.")
    line = vendors.get(name, nobody)
    if line.seen is None:
        return line
    concerned = line.seen.of(service)
    return line.model_copy(update={"health": concerned.health, "why": concerned.why, "seen": concerned})


def _service(name: str, service: Service, uses: Iterable[Line], decided: bool | None, year: int) -> Line:
    """Return a service's line: as good as the worst vendor that it stands on."""
    line = Line(name=name, title=name, health=Health.OFF, why="None of its vendors is set up here.")
    if decided is False:
        why = f"The owners decided that it is not needed in {year}."
        return line.model_copy(update={"health": Health.NOT_NEEDED, "why": why})
    if service.yearly and decided is None:
        why = f"Whether it is needed in {year} waits for an owner: `status decide {name} yes`, or `no`."
        return line.model_copy(update={"health": Health.UNDECIDED, "why": why})
    vendors = [each for each in uses if each.health in WORSE]
    if not vendors:
        return line
    worst = max(vendors, key=lambda each: WORSE.index(each.health))
    off = [each.title for each in uses if each.health is Health.OFF]
    unknown = f" Not looked at: {listed(off, 'and')}." if off else ""
    names = listed((each.title for each in vendors), "and")
    why = f"{names}." if worst.health is Health.FINE else f"{worst.title}: {worst.why}"
    return line.model_copy(update={"health": worst.health, "why": why + unknown, "seen": worst.seen})
