"""What a vendor is to the bot: a client, reads in our words, and resources that can change."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import BaseModel

from bot.core.baseline import Brought, Live
from bot.core.change import Change, Sought
from bot.core.costs import Told
from bot.core.deploying import Deployer
from bot.core.errors import VendorError
from bot.core.people import Person
from bot.core.prices import Exchange
from bot.core.runbook import Runbook
from bot.core.takeover import Pointing
from bot.core.tickets import Ticketing
from bot.core.values import Value

C = TypeVar("C")
S = TypeVar("S", bound=Value)
R = TypeVar("R")
Settings = TypeVar("Settings", bound=BaseModel)


class Reach(StrEnum):
    """How far the live state is from what was asked; what *failed* or is *unclear* stays so."""

    YES = "yes"
    UNDER_WAY = "under_way"
    NO = "no"
    FAILED = "failed"
    UNCLEAR = "unclear"


class Concerns(Value):
    """What the guards must know of one change.

    *protected* says why two owners are needed, *refused* why it must not
    happen. *holders* are those who hold ownership through this resource now,
    *keeps* whether the target still holds it afterwards (None: it is not about
    ownership). *existing* counts the targets of this kind that exist. *asks*
    says that an owner must approve although it is our own data, *counts* that it
    adds to a mass change. *frees* are the full names that we hold at the
    vendor no longer, so that whoever claims one there has it; *unpoints* are those that
    stop pointing where they did, *points* those that begin to, at a service where names are claimed.
    """

    protected: str | None = None
    refused: str | None = None
    holders: frozenset[str] = frozenset()
    keeps: bool | None = None
    existing: int | None = None
    asks: bool = False
    counts: bool = True
    frees: frozenset[str] = frozenset()
    unpoints: frozenset[str] = frozenset()
    points: tuple[Pointing, ...] = ()


class Look(Value):
    """What a look from outside found, as anybody on the internet sees it.

    *text* says what is not *good* yet; *lingers* is how long some people may go
    on seeing what was there before.
    """

    good: bool
    text: str = ""
    lingers: timedelta = timedelta(0)


def _equal(live: Value | None, after: Value | None) -> Reach:
    return Reach.YES if live == after else Reach.NO


async def _unconcerned(_client: Any, _change: Change) -> Concerns:
    return Concerns()


def _one_step(change: Change) -> tuple[Change, ...]:
    return (change,)


def _under_way(target: str, _live: Any, until: str) -> str:
    return f"{target} is under way, until {until} at the latest"


def _nothing(_target: str, _after: Any) -> tuple[Brought, ...]:
    return ()


def _nobody(_client: Any, _target: str) -> None:
    return None


@dataclass(frozen=True)
class Together(Generic[C, S]):
    """How several targets of one kind are read, and written, at once.

    *read* gives the live state of each. *write* makes each what is said of it, and says what went wrong,
    by target; a VendorError went wrong with all of them. It comes right after a *read* of the same targets,
    and may go by what that found. *about* names the thing that a target is about: what is about different
    things does not depend on each other.
    """

    read: Callable[[C, Sequence[str]], Awaitable[Mapping[str, S | None]]]
    write: Callable[[C, Mapping[str, S | None]], Awaitable[Mapping[str, VendorError]]]
    about: Callable[[str], str]


@dataclass(frozen=True)
class Resource(Generic[C, S]):
    """A kind of thing that can be read and written.

    *read* gives the live state of a target or None when absent. *write* makes
    it so with one vendor call; it may be called for a target that is already
    so. *words* says a change to a person. *reached* tells done from under way.
    *concerns* feeds the guards. *own* marks our own data, which needs no
    approval unless *concerns* protects it. *exclusive* kinds are applied one
    request at a time, since a guard counts them. *patience* is how long
    something under way may take; *waiting* says, for a target, what is live and a date,
    what it waits for; *awaits* names, for a target, the account that must act and the
    link where it does. *kept* kinds are in the baseline, so that it is noticed when
    somebody else changes them, and which guard it goes against when they are *loud* or
    *exclusive*; *brings* says what a target that becomes so brings about elsewhere. A
    state that somebody must still accept says ``pending``. *steps* are the changes, one
    call each, that one change takes. *stays* says why what was made is left there when
    its request is undone, where it is. *outside* looks from outside whether a change
    that was made works. *find* makes it a kind of run (`bot.core.run`): what has no
    state to read, and is found again once it was started. *together* is there where
    several targets are written at once.
    """

    name: str
    state: type[S]
    read: Callable[[C, str], Awaitable[S | None]]
    write: Callable[[C, str, S | None], Awaitable[str | None]]
    words: Callable[[str, S | None, S | None], str]
    reached: Callable[[S | None, S | None], Reach] = _equal
    concerns: Callable[[C, Change], Awaitable[Concerns]] = _unconcerned
    own: bool = False
    exclusive: bool = False
    patience: timedelta = timedelta(days=7)
    waiting: Callable[[str, S | None, str], str] = _under_way
    awaits: Callable[[C, str], tuple[str, str] | None] = _nobody
    kept: bool = False
    loud: bool = False
    brings: Callable[[str, S | None], tuple[Brought, ...]] = _nothing
    steps: Callable[[Change], tuple[Change, ...]] = _one_step
    outside: Callable[[C, Change], Awaitable[Look]] | None = None
    stays: str = ""
    find: Callable[[C, str, Sought], Awaitable[S | None]] | None = None
    together: Together[C, S] | None = None

    @property
    def invites(self) -> bool:
        """Return whether somebody must accept before a target is so."""
        return self.awaits is not _nobody


class Finding(Value):
    """One line of ``infra check`` or of a vendor's health: what was looked at, how it is, what to do.

    *service* is the one of ours that it concerns, where it does not concern all that use the vendor.
    """

    level: Literal["good", "warning", "bad"]
    text: str
    hint: str = ""
    service: str = ""

    @classmethod
    def good(cls, text: str) -> "Finding":
        """Return that something is as it should be."""
        return cls(level="good", text=text)

    @classmethod
    def warning(cls, text: str, hint: str) -> "Finding":
        """Return that something works, and what would be better."""
        return cls(level="warning", text=text, hint=hint)

    @classmethod
    def bad(cls, text: str, hint: str) -> "Finding":
        """Return that something does not work, and what to do."""
        return cls(level="bad", text=text, hint=hint)


class Closed(Value):
    """A vendor that is no more: since when, and in a line where to go instead."""

    title: str
    on: date
    why: str


class Right(Value):
    """A right that a token of the bot needs: whose it is, what the vendor calls it, what it is for."""

    of: str
    name: str
    why: str


class Hint(Value):
    """What a genuine webhook delivery makes the bot look at; nothing in it is believed.

    *key* is the vendor's own name of the delivery, the same when it is repeated.
    *about* are the names it concerns, casefolded, as they stand in targets; *by*
    is who did it, as the vendor says.
    """

    vendor: str
    key: str
    event: str
    about: frozenset[str]
    by: str = ""

    def concerns(self, change: Change) -> bool:
        """Return whether *change* is about one of the names."""
        names = change.target.casefold().split("/")
        return change.vendor == self.vendor and not self.about.isdisjoint(names)


class Dropped(Value):
    """A genuine webhook delivery that nothing follows from; *broken* when it could not be read."""

    why: str
    broken: bool = False


Reader: TypeAlias = Callable[[Mapping[str, str], bytes], Hint | Dropped | None]
"""Verifies and reads a webhook delivery, its headers and raw body; None when it is not the vendor's."""


@dataclass(frozen=True)
class Unsigned:
    """A reader of deliveries that nobody signs: only the vendor knows the *secret* that ends the address."""

    secret: str
    read: Reader


@dataclass(frozen=True)
class Ask:
    """What `infra init` asks for one *key* of a section of the settings.

    *why* stands below the question, *how* says on ``?`` how to get it.
    *default* may use ``{domain}`` and ``{short}``, the domain's first word.
    *begins* is what a secret of this kind begins with; with *file* it is the
    whole content of a file. Where there are several ways to go, *way* names the
    one it belongs to. A *spare* one has a default that mostly fits: it is asked
    when the check finds fault. *offers* is the kind of the vendor's names that
    can be chosen from.
    """

    key: str
    title: str
    why: str
    how: str = ""
    default: str = ""
    begins: tuple[str, ...] = ()
    file: bool = False
    way: str = ""
    spare: bool = False
    offers: str = ""


@dataclass(frozen=True)
class Entries:
    """What `infra init` asks about what is live: the answers stand under *key*, by the keys of *asks*."""

    key: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Vendor(Generic[Settings, C, R]):
    """A vendor's whole face.

    *connect* makes a client from its settings and the HTTP session handed in;
    *reads* wraps it for commands; *check* is the cheapest look that proves the
    token and its rights. *standing* says whether somebody who is an owner to us
    is one there too; None when nobody answered or the vendor cannot know.
    *webhooks* gives the reader of deliveries; None while no secret is set.
    *names* are what it calls things now, by kind (people, repositories, teams),
    offered while somebody fills in a form. *live* lists in few calls all that its
    *kept* resources hold now. *rights* are those its tokens need, and no others.
    *pointing* are the names of ours that point at a service, *claims* the names that
    we hold there as such a service. *ticketing* is its reads as a seller of tickets,
    where it is one, *follows* its client about the event that our own record has in the place of the
    settings'. *costs* is what it says itself of what it costs, *exchange* its
    reads as a publisher of exchange rates, *site* the full name of the site that it
    sends visitors to. *deployer* is its reads as who builds and deploys our services.
    *account* names the account that our token was made in; None when it cannot tell.
    *health* is how it does now, for the status board: as `Finding`s, the
    worst of which is its state; *closed* are vendors in whose place it came.
    *asks* is what `infra init` needs to know, *entries* what it can then ask about
    what is live; *by_hand* says in a few lines, with links, how to do the bot's work without it, *runbook*
    for each of its resources.
    """

    name: str
    title: str
    settings: type[Settings]
    connect: Callable[[Settings, Any], C]
    reads: Callable[[C], R]
    resources: tuple[Resource[C, Any], ...] = ()
    check: Callable[[C], Awaitable[tuple[Finding, ...]]] | None = None
    standing: Callable[[C, Person], Awaitable[bool | None]] | None = None
    webhooks: Callable[[Settings], Reader | Unsigned | None] | None = None
    names: Mapping[str, Callable[[R], Awaitable[Sequence[str]]]] = field(default_factory=dict)
    live: Callable[[C], Awaitable[Live]] | None = None
    rights: tuple[Right, ...] = ()
    pointing: Callable[[R], Awaitable[Sequence[Pointing]]] | None = None
    claims: Callable[[R], Awaitable[Collection[str]]] | None = None
    ticketing: Callable[[R], Ticketing] | None = None
    follows: Callable[[C, Callable[[], Awaitable[str | None]]], C] | None = None
    costs: Callable[[R], Awaitable[Told]] | None = None
    exchange: Callable[[R], Exchange] | None = None
    site: Callable[[R], Awaitable[str | None]] | None = None
    deployer: Callable[[R], Deployer] | None = None
    health: Callable[[R], Awaitable[tuple[Finding, ...]]] | None = None
    account: Callable[[C], Awaitable[str | None]] | None = None
    closed: tuple[Closed, ...] = ()
    asks: tuple[Ask, ...] = ()
    entries: Callable[[R], Awaitable[tuple[Entries, ...]]] | None = None
    by_hand: Callable[[Settings], tuple[str, ...]] | None = None
    runbook: Callable[[Settings], Runbook] | None = None


class NoSettings(Value):
    """What our own records need to be set up: nothing."""


def handed_in(_settings: NoSettings, client: C) -> C:
    """Connect to our own record: it comes where a vendor gets the network."""
    return client
