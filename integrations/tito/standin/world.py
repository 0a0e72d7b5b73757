"""What the imitated ti.to holds: events, releases, orders and tickets, each visible from its time on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass
class Release:
    """A kind of ticket."""

    id: int
    slug: str
    title: str
    price: Decimal
    quantity: int | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    off_sale: bool = False
    archived: bool = False
    not_a_ticket: bool = False
    donation: bool = False
    secret: bool = False
    position: int = 0


@dataclass
class Ticket:
    """An issued ticket."""

    id: int
    slug: str
    number: int
    release: Release
    order: "Order"
    state: str
    price: Decimal
    created_at: datetime
    voided_at: datetime | None = None

    def void(self, now: datetime) -> bool:
        """Return whether it is void by *now*."""
        return self.voided_at is not None and self.voided_at <= now

    def updated_at(self, now: datetime) -> datetime:
        """Return when it last changed, by *now*."""
        return self.voided_at if self.voided_at and self.voided_at <= now else self.created_at


@dataclass
class Order:
    """A registration; *canary* is the word that all its personal data carry."""

    id: int
    slug: str
    reference: str
    created_at: datetime
    canary: str
    paid: bool = True
    manual: bool = False
    test_mode: bool = False
    cancelled_at: datetime | None = None
    refunds: list[tuple[datetime, Decimal]] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """Return what was ordered."""
        return sum((ticket.price for ticket in self.tickets), Decimal(0))

    def refunded(self, now: datetime) -> Decimal:
        """Return what was given back by *now*."""
        return sum((amount for at, amount in self.refunds if at <= now), Decimal(0))


@dataclass
class Event:
    """An event and all that is sold for it."""

    id: int
    slug: str
    title: str
    currency: str
    start_date: date
    end_date: date
    security_token: str
    timezone: str = "London"
    archived: bool = False
    releases: list[Release] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)


@dataclass
class World:
    """One account; *mode* is what its token is for. With *see_tests* live tokens see test orders too."""

    clock: Callable[[], datetime]
    account: str
    token: str
    mode: str
    forbidden: bool
    events: list[Event] = field(default_factory=list)
    last: int = 1000
    see_tests: bool = False

    def next_id(self) -> int:
        """Return a new number."""
        self.last += 1
        return self.last

    def event(self, slug: str) -> Event | None:
        """Return one event."""
        return next((event for event in self.events if event.slug == slug), None)

    def orders(self, event: Event) -> list[Order]:
        """Return the orders there are by now that our token may see: those of its own mode."""
        now, test = self.clock(), self.mode == "test"
        there = (each for each in event.orders if each.created_at <= now)
        return [each for each in there if each.test_mode is test or self.see_tests]

    def tickets(self, event: Event) -> Iterator[Ticket]:
        """Yield the tickets there are by now, void ones too."""
        for order in self.orders(event):
            yield from order.tickets

    def count(self, event: Event, release: Release) -> int:
        """Return how many of a release are not void."""
        now = self.clock()
        return sum(t.release is release and not t.void(now) for t in self.tickets(event))

    def place(
        self,
        event: Event,
        releases: Iterable[Release],
        at: datetime | None = None,
        *,
        manual: bool = False,
        test_mode: bool = False,
    ) -> Order:
        """Let somebody order one ticket of each of *releases*."""
        number, at = self.next_id(), at or self.clock()
        order = Order(number, f"reg_{number}", f"R{number}", at, f"canary-{number}")
        order.manual, order.test_mode = manual, test_mode
        for release in releases:
            id_ = self.next_id()
            state = ("complete", "complete", "incomplete", "unassigned")[id_ % 4]
            order.tickets.append(Ticket(id_, f"ti_{id_}", id_, release, order, state, release.price, at))
        event.orders.append(order)
        return order

    def sell(self, event: str, release: str, number: int = 1) -> Order:
        """Sell some tickets of one release now, in one order."""
        there = self._event(event)
        found = next(each for each in there.releases if each.slug == release)
        return self.place(there, [found] * number)

    def refund(self, order: Order, *, void: bool = True) -> None:
        """Give all that was paid for an order back now, and make its tickets void."""
        now = self.clock()
        order.refunds.append((now, order.total - order.refunded(now)))
        for ticket in order.tickets:
            ticket.voided_at = now if void else ticket.voided_at

    def _event(self, slug: str) -> Event:
        found = self.event(slug)
        if found is None:
            raise LookupError(slug)
        return found
