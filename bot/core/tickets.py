"""Ticket sales in aggregates: what any seller of tickets tells us, and what we keep of each year."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.core.money import Currency, Money
from bot.core.values import Value

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Year = Annotated[int, Field(ge=1990, le=2100)]
SHARES = (50, 90, 100)  # of a release, in per cent: each is told once


class Conference(Value):
    """One event as its seller of tickets knows it; *name* is what the seller calls it, such as "2026"."""

    name: str
    title: str
    currency: Currency
    first_day: date | None = None
    archived: bool = False


class Sale(StrEnum):
    """Whether a release can be bought."""

    ON = "on sale"
    OFF = "off sale"
    SOLD_OUT = "sold out"
    UPCOMING = "not yet on sale"
    ENDED = "ended"


class Release(Value):
    """One kind of ticket. No money is that of a person: all are sums.

    *capacity* None: as many as are wanted. *price* None: the buyer chooses.
    *net* is the price before VAT. *revenue* is what the tickets that are sold
    cost after discounts, *voided* the same of those that became *void*.
    *counted* says that its holders attend: a shirt or a donation does not.
    """

    name: str
    title: str
    state: Sale
    sold: Count
    void: Count = 0
    capacity: Count | None = None
    price: Money | None = None
    net: Money | None = None
    revenue: Money
    voided: Money
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    counted: bool = True
    archived: bool = False

    @property
    def share(self) -> int:
        """Return which of the shares that are told is reached; 0 below all of them."""
        if self.state is Sale.SOLD_OUT:
            return SHARES[-1]
        sold = self.sold * 100 // self.capacity if self.capacity else 0
        return max((share for share in SHARES if share <= sold), default=0)


class Sold(Value):
    """How many tickets of one kind, by its title, were sold on one day of ours."""

    day: date
    kind: str
    sold: int


class Orders(Value):
    """What was ordered: how often, what of it is paid, what not yet, what was given back."""

    number: Count
    paid: Money
    unpaid: Money
    refunded: Money


class Sales(Value):
    """How the tickets of one conference sell, as it was *at* a moment; *last_at* is the newest sale."""

    conference: Conference
    at: datetime
    releases: tuple[Release, ...]
    days: tuple[Sold, ...] = ()
    orders: Orders
    last_at: datetime | None = None

    @property
    def counted(self) -> tuple[Release, ...]:
        """Return the releases whose holders attend."""
        return tuple(release for release in self.releases if release.counted)

    @property
    def sold(self) -> int:
        """Return how many attend, so far."""
        return sum(release.sold for release in self.counted)

    @property
    def capacity(self) -> int | None:
        """Return how many can attend; None when a release that can be bought has no limit."""
        closed = {Sale.OFF, Sale.ENDED, Sale.SOLD_OUT}  # of which rooms may be full below their number
        bounds = [r.sold if r.state in closed else r.capacity for r in self.counted]
        known = [bound for bound in bounds if bound is not None]
        return sum(known) if known and len(known) == len(bounds) else None

    def launches(self, day: date, zone: ZoneInfo) -> tuple[tuple[datetime, Release], ...]:
        """Return the releases that begin to be sold on a day of *zone*, and when."""
        starts = [(each.starts_at, each) for each in self.releases if each.starts_at and not each.archived]
        return tuple((at, each) for at, each in starts if at.astimezone(zone).date() == day)

    def launched(self, now: datetime, zone: ZoneInfo) -> tuple[Release, ...]:
        """Return the releases that have begun to be sold today."""
        return tuple(each for at, each in self.launches(now.astimezone(zone).date(), zone) if at <= now)

    @property
    def revenue(self) -> Money:
        """Return what all that is sold costs, extras included."""
        return Money.total((release.revenue for release in self.releases), self.conference.currency)

    @property
    def season(self) -> "Season | None":
        """Return what is kept of this year; None while nobody knows which year it is."""
        if self.conference.first_day is None:
            return None
        kinds = (Kind(title=r.title, sold=r.sold, price=r.price, counted=r.counted) for r in self.releases)
        first_day = self.conference.first_day
        return Season(year=first_day.year, first_day=first_day, kinds=tuple(kinds), days=self.days)


class Kind(Value):
    """What was sold of one kind of ticket in a year; None is unknown, never zero."""

    title: str
    sold: Count | None = None
    price: Money | None = None
    counted: bool = True


class Season(Value):
    """The ticket sales of one year; without *first_day* and *days* only its totals are known."""

    year: Year
    first_day: date | None = None
    kinds: tuple[Kind, ...] = ()
    days: tuple[Sold, ...] = ()

    @property
    def total(self) -> int | None:
        """Return how many attended; None when that is not known of a kind."""
        known = [kind.sold for kind in self.kinds if kind.counted and kind.sold is not None]
        return sum(known) if known and len(known) == sum(kind.counted for kind in self.kinds) else None

    @property
    def beside(self) -> int:
        """Return how many tickets were sold beside those of the conference itself."""
        return sum(kind.sold or 0 for kind in self.kinds if not kind.counted)

    @property
    def curve(self) -> "Curve | None":
        """Return how sales went, by days before the first day; None when the days are not known."""
        if self.first_day is None:
            return None
        daily = {(each.day, each.kind): each.sold for each in self._attending}
        return Curve.of(self.first_day, daily) if daily else None

    def weeks(self) -> dict[str, Counter[date]]:
        """Return for each kind that attends how many were sold in each week, by its Monday."""
        found: dict[str, Counter[date]] = {}
        for each in self._attending:
            monday = each.day - timedelta(days=each.day.weekday())
            found.setdefault(each.kind, Counter())[monday] += each.sold
        return found

    @property
    def _attending(self) -> list[Sold]:
        beside = {kind.title for kind in self.kinds if not kind.counted}
        return [each for each in self.days if each.kind not in beside]


def larger(one: Season | None, other: Season) -> Season:
    """Return the larger of two seasons of a year: a seller may sell more than the conference in it."""
    return other if one is None or (one.total or 0) < (other.total or 0) else one


class Curve(Value):
    """How many were sold in all, from *opened* days before the first day on, a number a day.

    The last number stands for good; days before may be negative: during the conference.
    """

    opened: int
    sold: tuple[int, ...]

    @classmethod
    def of(cls, first_day: date, sold: Mapping[tuple[date, str], int]) -> "Curve":
        """Return the curve of what was sold on each day, of each kind."""
        daily = Counter[int]()
        for (day, _), number in sold.items():
            daily[(first_day - day).days] += number
        opened, closed = max(daily), min(daily)
        return cls(opened=opened, sold=tuple(accumulate(daily[d] for d in range(opened, closed - 1, -1))))

    @property
    def total(self) -> int:
        """Return how many were sold in the end."""
        return self.sold[-1]

    def at(self, before: int) -> int:
        """Return how many were sold at the end of the day *before* days before the first."""
        index = self.opened - before
        return 0 if index < 0 else self.sold[min(index, len(self.sold) - 1)]

    def until(self, before: int) -> "Curve":
        """Return what was known of it *before* days before the first."""
        kept = max(1, self.opened - before + 1)
        return Curve(opened=self.opened, sold=self.sold[:kept])


class Ticketing(Protocol):
    """Whoever sells our tickets."""

    @property
    def vendor(self) -> str:
        """Return the name of its integration."""

    @property
    def seller(self) -> str:
        """Return what people call it."""

    @property
    def where(self) -> str:
        """Return the link to where people make events there."""

    async def current(self) -> str:
        """Return the name of the event that figures are of unless another is asked for."""

    async def conferences(self, *, archived: bool = False) -> tuple[Conference, ...]:
        """Return the events there, newest first; *archived* ones only when asked."""

    async def sales(self, zone: ZoneInfo, name: str | None = None, *, fresh: bool = False) -> Sales:
        """Return how one event sells, by default this year's, its days as *zone* has them.

        *Fresh* ones are read now; others may be a minute old. UsageError when there is no such event.
        """
