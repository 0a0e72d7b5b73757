"""Who people are to the bot, and what each role may do."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from bot.core.values import Value


class Role(StrEnum):
    """What somebody may do: look, ask, decide."""

    READER = "reader"
    ORGANISER = "organiser"
    OWNER = "owner"

    def covers(self, other: "Role") -> bool:
        """Return whether this role may do what *other* may do."""
        order = list(Role)
        return order.index(self) >= order.index(other)


Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\s@<>&*`~]{1,40}$")]


def is_login(said: str) -> bool:
    """Return whether an account on GitHub could have this login."""
    return said.isascii() and said.replace("-", "").isalnum() and len(said) <= 39


def _github_login(login: str) -> str:
    if not is_login(login):
        raise ValueError(f"{login!r} is not a GitHub login: letters, digits and single dashes")
    return login


Login = Annotated[str, AfterValidator(_github_login)]


class Person(Value):
    """One person in our list; *name* identifies, accounts belong to it."""

    name: Name
    role: Role = Role.ORGANISER
    slack: tuple[str, ...] = ()
    github: Login | None = None
    away_until: date | None = None

    def is_away(self, today: date) -> bool:
        """Return whether the person asked not to be asked on *today*."""
        return self.away_until is not None and today <= self.away_until


Via = Literal["slack", "terminal", "schedule", "webhook", "clock"]


class Actor(Value):
    """Who does something: a person at one of our frontends, or the clock."""

    name: str
    role: Role = Role.READER
    via: Via = "clock"
    slack: str | None = None
    github: str | None = None

    @classmethod
    def of(cls, person: Person, via: Via) -> "Actor":
        """Return *person* acting at a frontend."""
        slack = person.slack[0] if person.slack else None
        return cls(name=person.name, role=person.role, via=via, slack=slack, github=person.github)


CLOCK = Actor(name="the clock")
SCHEDULE = Actor(name="the clock", via="schedule")


def owners(people: Iterable[Person]) -> tuple[Person, ...]:
    """Return the owners among *people*, by name."""
    return tuple(sorted((p for p in people if p.role is Role.OWNER), key=lambda p: p.name))


def listed(names: Iterable[str], joint: str = "or") -> str:
    """Return names as people write them: "Charlie, Cory or George"."""
    *most, last = list(names) or ["nobody"]
    return f"{', '.join(most)} {joint} {last}" if most else last
